"""Buttons' words and queries' titles come from the content."""

from __future__ import annotations

import re

import pytest

from actions.content import query_titles, said_back, word
from bot.text.answers import Answer
from tests.conftest import ROOT


def test_every_word_that_the_code_asks_for_is_written() -> None:
    code = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "actions").rglob("*.py")))
    for name in {*re.findall(r'\bword\("(\w+)"\)', code), "yes", "no"}:
        assert word(name)


def test_an_unknown_word_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        word("no_such_word")


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        ("yes_no", Answer("yes", "yes"), "Yes"),
        ("photo", Answer("0f" * 16, ""), "Photo added"),
        ("document", Answer("0f" * 16, ""), "Document added"),
        ("place", Answer({"latitude": 53.4, "longitude": -2.1}, ""), "My location"),
        ("place", Answer("SK1 3XE", "SK1 3XE"), "SK1 3XE"),
        ("choice", Answer("blue_bin", "Blue bin"), "Blue bin"),
    ],
)
def test_an_answer_is_said_back_in_words(kind: str, answer: Answer, said: str) -> None:
    assert said_back(kind, answer) == said


def test_titles_by_query() -> None:
    assert query_titles()["bin_day"] == "Bin collection days"
