"""Messages about danger are short enough for somebody in danger, and name the numbers that our answers name."""

from __future__ import annotations

import re

import pytest
from rasa.shared.utils.io import read_yaml_file

from bot.council import load_council
from bot.safety_numbers import load_numbers
from tests.conftest import ROOT

DATA = ROOT / "data"
MESSAGES = {
    name: variation["text"]
    for name, variations in read_yaml_file(DATA / "safety" / "messages.yml")["responses"].items()
    for variation in variations
}
MOST_WORDS = 100  # of a message; a number is none
MOST_WORDS_OF_A_SENTENCE = 20
NAMED = {
    "power_line": ("number.repairs", "number.out_of_hours"),
    "dangerous_structure": ("number.repairs",),
    "flood_now": ("number.power",),
    "hate_crime": ("https://www.report-it.org.uk",),
    "homeless_tonight": ("https://thestreetlink.org.uk",),
}


def words(text: str) -> list[str]:
    shown = re.sub(r"\]\([^)]*\)|\{[^}]*\}", " ", text)
    return re.findall(r"[A-Za-z']+", shown)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_short(name: str) -> None:
    assert len(words(MESSAGES[name])) <= MOST_WORDS
    sentences = re.split(r"[.?]\s|\n", MESSAGES[name])
    assert [sentence for sentence in sentences if len(words(sentence)) > MOST_WORDS_OF_A_SENTENCE] == []


@pytest.mark.parametrize("kind", NAMED)
def test_what_our_answers_name_is_named_here_too(kind: str) -> None:
    assert [named for named in NAMED[kind] if named not in MESSAGES[f"utter_safety_{kind}"]] == []


def test_the_repairs_number_is_the_one_of_the_answers() -> None:
    (repairs,) = (number for number in load_numbers(DATA / "safety" / "numbers.yml") if number.id == "repairs")
    facts = load_council(DATA / "councils" / "stockport").placeholders()
    assert repairs.number == facts["fact.repairs_phone"]
