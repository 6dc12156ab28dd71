"""Where a message may be cut, and what only tells more of what was said before."""

from __future__ import annotations

import pytest

from bot.nlu.clauses import MOST, clauses, points_back


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("my bin was missed and I need a caddy", ["my bin was missed", "I need a caddy"]),
        ("when's bin day? how much is a sofa?", ["when's bin day?", "how much is a sofa?"]),
        ("bin day please, and can I bring a van", ["bin day please", "can I bring a van"]),
        ("no liners left plus my bin is gone", ["no liners left", "my bin is gone"]),
        ("renew my garden bin, then tell me the day", ["renew my garden bin", "tell me the day"]),
        ("need a bin n when is it collected", ["need a bin", "when is it collected"]),
        ("what's a tag & when are you coming", ["what's a tag", "when are you coming"]),
        ("Hello. So basically nobody came", ["Hello", "nobody came"]),
        ("I need a bin. I also want a caddy", ["I need a bin", "I also want a caddy"]),
        ("Also my bin is broken", ["my bin is broken"]),
    ],
)
def test_cut_where_another_request_begins(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "I need a new black and blue bin",
        "sofa and a mattress collected",
        "missed my brown and blue bins",
        "tables, chairs and an old fridge",
        "paper and card in the blue bin",
        "SK1 3XE",
        "",
    ],
)
def test_nouns_are_not_cut_apart(text: str) -> None:
    assert clauses(text) == ([text] if text else [])


def test_a_flood_of_sentences_is_bounded() -> None:
    assert len(clauses("When is it? " * 80)) == MOST


@pytest.mark.parametrize(
    ("clause", "is_detail"),
    [
        ("it's still full", True),
        ("they left a tag on it", True),
        ("that was a week ago", True),
        ("when is it collected", False),
        ("add it to my calendar", False),
        ("my lid is broken", False),
    ],
)
def test_points_back(clause: str, is_detail: bool) -> None:
    assert points_back(clause) is is_detail
