"""Dates as people say them, told on Wednesday 25 November 2026."""

from __future__ import annotations

import time
from datetime import date

import pytest

from bot.text.dates import find_dates, parse_date

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("today", "2026-11-25"), ("tomorrow", "2026-11-26"), ("tommorow please", "2026-11-26"),
        ("yesterday", "2026-11-24"),
        ("the day after tomorrow", "2026-11-27"), ("day before yesterday", "2026-11-23"), ("last night", "2026-11-24"),
        ("tues", "2026-12-01"), ("wensday", "2026-11-25"), ("on sat", "2026-11-28"), ("sun", "2026-11-29"),
        ("next tuesday", "2026-12-01"), ("next friday", "2026-12-04"), ("this friday", "2026-11-27"),
        ("last monday", "2026-11-23"), ("last wednesday", "2026-11-18"), ("a week on friday", "2026-12-04"),
        ("friday week", "2026-12-04"), ("week on friday", "2026-12-04"), ("a fortnight on monday", "2026-12-14"),
        ("two weeks on friday", "2026-12-11"), ("a week today", "2026-12-02"), ("in 2 weeks", "2026-12-09"),
        ("in a fortnight", "2026-12-09"), ("in 3 days time", "2026-11-28"), ("2 days ago", "2026-11-23"),
        ("a week ago", "2026-11-18"), ("3rd", "2026-12-03"), ("the 31st", "2026-12-31"), ("3rd of march", "2027-03-03"),
        ("3 mar", "2027-03-03"), ("March 3rd, 2027", "2027-03-03"), ("tuesday 1st december", "2026-12-01"),
        ("thursday the 26th", "2026-11-26"), ("29 feb", "2028-02-29"), ("03/04/27", "2027-04-03"),
        ("3/4", "2027-04-03"),
        ("1.12.26", "2026-12-01"), ("2026-12-01", "2026-12-01"), ("boxing day", "2026-12-26"),
    ],
)  # fmt: skip
def test_an_answer_that_is_a_date(text: str, value: str) -> None:
    assert parse_date(text, TODAY) == date.fromisoformat(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("tuesday", "2026-11-24"), ("the 26th", "2026-10-26"), ("3 march", "2026-03-03"), ("today", "2026-11-25"),
     ("last tuesday", "2026-11-24"), ("wednesday", "2026-11-25"), ("christmas day", "2025-12-25")],
)  # fmt: skip
def test_looking_back(text: str, value: str) -> None:
    assert parse_date(text, TODAY, past=True) == date.fromisoformat(value)


@pytest.mark.parametrize(
    "text",
    ["", "bins", "31st of february", "29 feb 2027", "25/13/2026", "31/11", "tuesday 3 december", "friday or saturday",
     "between 3 march and 4 march", "every friday", "next week", "it may be 3 bins", "the 3rd time", "12.30",
     "07700 900123", "SK1 3XE", "0/0", "5"],
)  # fmt: skip
def test_ambiguous_impossible_or_no_date(text: str) -> None:
    assert parse_date(text, TODAY) is None


@pytest.mark.parametrize(
    "text",
    ["they sat on my bin", "in the sun all day", "number 3", "the 2nd bin", "24/7 helpline", "it is 3/4 full",
     "collected every tuesday", "mondays are bad", "marching on", "may i have 2 bins", "I asked for the 3rd one"],
)  # fmt: skip
def test_a_sentence_without_a_date(text: str) -> None:
    assert find_dates(text, TODAY) == []


def test_found_where_it_stands() -> None:
    text = "sofa out tomorrow, fridge on 3rd of march please"
    found = [(match.value, text[match.start : match.end]) for match in find_dates(text, TODAY)]
    assert found == [(date(2026, 11, 26), "tomorrow"), (date(2027, 3, 3), "3rd of march")]


def test_same_words_on_other_days() -> None:
    assert parse_date("next monday", date(2026, 11, 29)) == date(2026, 11, 30)  # on a Sunday
    assert parse_date("the 31st", date(2026, 2, 1)) == date(2026, 3, 31)
    assert parse_date("29 feb", date(2096, 3, 1)) == date(2104, 2, 29)


@pytest.mark.parametrize("text", ["on the 3rd " * 500, "1/" * 2000, "a week on " * 500, "9" * 5000, " " * 5000])
def test_no_text_takes_long(text: str) -> None:
    start = time.perf_counter()
    find_dates(text, TODAY)
    assert time.perf_counter() - start < 2
