"""Signals: every reviewed expression fires its kind, ordinary sentences fire nothing, disguised writing is read."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from rasa.shared.utils.io import read_yaml_file

from bot.nlu.signals import SafetyError, SafetySignals

ROOT = Path(__file__).parents[3]
SENTENCES = read_yaml_file(ROOT / "tests" / "sentences" / "safety.yml")
DANGER = [(kind, text) for kind, texts in SENTENCES["danger"].items() for text in texts]


def kind_of(signals: SafetySignals, text: str) -> str | None:
    return signals.spelled_out(text) or signals.find(text)


@pytest.fixture(scope="module")
def signals() -> SafetySignals:
    return SafetySignals.from_file(ROOT / "data" / "safety" / "signals.yml")


@pytest.mark.parametrize(("kind", "text"), DANGER)
def test_danger_fires_its_kind(signals: SafetySignals, kind: str, text: str) -> None:
    assert kind_of(signals, text) == kind


@pytest.mark.parametrize("text", SENTENCES["ordinary"])
def test_ordinary_sentences_are_quiet(signals: SafetySignals, text: str) -> None:
    assert kind_of(signals, text) is None


def test_every_kind_has_enough_sentences(signals: SafetySignals) -> None:
    assert set(SENTENCES["danger"]) == set(signals.kinds)
    assert all(len(texts) >= 15 for texts in SENTENCES["danger"].values())
    assert len(SENTENCES["ordinary"]) >= 120


@pytest.mark.parametrize(
    "text",
    [
        "I WANT TO KILL MYSELF!!!",
        "i want to kill\u2019 myself",
        "kill-my-self",
        "k.i.l.l m.y.s.e.l.f",
        "k i l l m y s e l f",
        "kiiiill myseeelf",
        "i w a n t to d i e",
        "\u00ed want to d\u00ede",
        "k1ll mys3lf",
        "When is my bin day? SK4 3AA. " * 20 + "I want to die",
    ],
)
def test_disguised_writing_is_read(signals: SafetySignals, text: str) -> None:
    assert kind_of(signals, text) == "suicide_selfharm"


def test_an_idiom_does_not_hide_a_real_cry_beside_it(signals: SafetySignals) -> None:
    assert kind_of(signals, "how do I kill weeds, and my gas bill is high") is None
    assert kind_of(signals, "my gas bill is high and there is a smell of gas") == "gas_or_co"
    assert kind_of(signals, "no food waste collection, and we have no food") == "destitution"
    assert kind_of(signals, "a torched car is on fire") == "fire_crime_now"


def test_an_idiom_ends_with_its_sentence(signals: SafetySignals) -> None:
    assert kind_of(signals, "I can't go on the website") is None
    assert kind_of(signals, "I can't go on. The website says I owe rent") == "suicide_selfharm"
    assert kind_of(signals, "who pays my council tax?\nThe ceiling is coming down") == "dangerous_structure"


def test_the_most_urgent_kind_is_told_first(signals: SafetySignals) -> None:
    assert kind_of(signals, "I have no food and I want to die") == "suicide_selfharm"


@pytest.mark.parametrize("text", ["", "   ", "???", "\U0001f525\U0001f525", "\u0645\u0631\u062d\u0628\u0627"])
def test_empty_and_foreign_texts_are_quiet(signals: SafetySignals, text: str) -> None:
    assert kind_of(signals, text) is None


@pytest.mark.parametrize(
    "text", ["a " * 500, "my " * 330, "he she they my husband " * 45, "x" * 1000, "i im want " * 100]
)
def test_a_hostile_text_is_quick(signals: SafetySignals, text: str) -> None:
    before = time.process_time()
    kind_of(signals, text)
    assert time.process_time() - before < 0.5


def test_signals_survive_json(signals: SafetySignals) -> None:
    again = SafetySignals.from_dict(signals.to_dict())
    assert again.kinds == signals.kinds
    assert kind_of(again, "I can smell gas") == "gas_or_co"


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [("un(closed", "not a regular expression"), ("{nobody} hits me", "{nobody}"), ("(?:help)?", "no words")],
)
def test_a_bad_pattern_is_refused_in_plain_words(tmp_path: Path, pattern: str, complaint: str) -> None:
    file = tmp_path / "signals.yml"
    file.write_text(f"signals:\n  gas_or_co:\n    order: 1\n    patterns: ['{pattern}']\n")
    with pytest.raises(SafetyError, match=re.escape(complaint)) as caught:
        SafetySignals.from_file(file)
    assert str(file) in str(caught.value)


def test_a_file_without_signals_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "signals.yml"
    file.write_text("words: {a: b}\n")
    with pytest.raises(SafetyError, match="signals:"):
        SafetySignals.from_file(file)
