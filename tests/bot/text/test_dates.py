"""Dates as people say them, told on Wednesday 25 November 2026."""

from __future__ import annotations

import time
from datetime import date

import pytest

from bot.text.dates import find_dates, parse_date

TODAY = date(2026, 11, 25)
HOLIDAYS = {
    date(2026, 4, 3): "Good Friday",
    date(2026, 8, 31): "Late Summer Bank Holiday",
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 28): "Boxing Day",
    date(2027, 3, 26): "Good Friday",
}


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
        ("the 3rd", "2026-12-03"), ("on the third", "2026-12-03"), ("the third", "2026-12-03"),
        ("third of may", "2027-05-03"), ("the third of may", "2027-05-03"), ("may the third", "2027-05-03"),
        ("twenty first of december", "2026-12-21"), ("the twenty-second", "2026-12-22"),
        ("december the twenty fifth", "2026-12-25"), ("a week on tuesday", "2026-12-08"),
        ("week on tuesday", "2026-12-08"), ("a week tuesday", "2026-12-08"), ("tuesday week", "2026-12-08"),
        ("a week on tues", "2026-12-08"), ("tuesday after next", "2026-12-08"),
        ("the tuesday after next", "2026-12-08"), ("a fortnight today", "2026-12-09"),
        ("fortnight today", "2026-12-09"), ("a fortnite on friday", "2026-12-11"), ("2 weeks today", "2026-12-09"),
        ("2 weeks tomorrow", "2026-12-10"), ("two weeks on monday", "2026-12-14"),
        ("two weeks from today", "2026-12-09"), ("two weeks from now", "2026-12-09"),
        ("a week from tomorrow", "2026-12-03"), ("the day b4 yesterday", "2026-11-23"),
        ("day after tomorrow", "2026-11-27"), ("day after tomoz", "2026-11-27"), ("in a weeks time", "2026-12-02"),
        ("in a week's time", "2026-12-02"), ("in two days", "2026-11-27"), ("in ten days", "2026-12-05"),
        ("in 10 days time", "2026-12-05"), ("a couple of days ago", "2026-11-23"), ("couple of days ago", "2026-11-23"),
        ("3 days back", "2026-11-22"), ("three weeks ago", "2026-11-04"), ("a week ago today", "2026-11-18"),
        ("a week ago tuesday", "2026-11-17"), ("a week last tuesday", "2026-11-17"),
        ("tuesday last week", "2026-11-17"), ("last week tuesday", "2026-11-17"), ("monday next week", "2026-11-30"),
        ("next week tuesday", "2026-12-01"), ("tuesday of next week", "2026-12-01"), ("friday this week", "2026-11-27"),
        ("thursday gone", "2026-11-19"), ("tuesday just gone", "2026-11-24"), ("last day of the month", "2026-11-30"),
        ("the last day of march", "2027-03-31"), ("1st of next month", "2026-12-01"),
        ("the 5th of next month", "2026-12-05"), ("the 12th of this month", "2026-11-12"),
        ("2nd of last month", "2026-10-02"), ("3/5", "2027-05-03"), ("3.5.27", "2027-05-03"),
        ("03-05-2027", "2027-05-03"), ("3/5/2027", "2027-05-03"), ("xmas eve", "2026-12-24"),
        ("chrismas eve", "2026-12-24"), ("xmas day", "2026-12-25"), ("new years eve", "2026-12-31"),
        ("nye", "2026-12-31"), ("new years day", "2027-01-01"), ("sat", "2026-11-28"), ("weds", "2026-11-25"),
        ("thurs", "2026-11-26"), ("wednsday", "2026-11-25"), ("thrusday", "2026-11-26"), ("tuseday", "2026-12-01"),
        ("satarday", "2026-11-28"), ("munday", "2026-11-30"), ("firday", "2026-11-27"), ("wendsday", "2026-11-25"),
        ("thirsday", "2026-11-26"), ("saterday", "2026-11-28"), ("3rd febuary", "2027-02-03"),
        ("5 decemeber", "2026-12-05"), ("5th septemeber", "2027-09-05"), ("12 janurary", "2027-01-12"),
        ("2nd of agust", "2027-08-02"), ("10th novemeber", "2027-11-10"), ("3 ocotber", "2027-10-03"),
        ("tomorow", "2026-11-26"), ("2morrow", "2026-11-26"), ("tomorrrow", "2026-11-26"),
        ("tommorrow morning", "2026-11-26"), ("yesteday", "2026-11-24"), ("yday", "2026-11-24"),
        ("tonite", "2026-11-25"), ("2day", "2026-11-25"), ("2nite", "2026-11-25"), ("this mornin", "2026-11-25"),
        ("last nite", "2026-11-24"), ("next wensday", "2026-12-02"), ("a week on satday", "2026-12-05"),
        ("tuesday the 1st of december", "2026-12-01"), ("tuesday first december", "2026-12-01"),
        ("the first of the twelfth", "2026-12-01"), ("3rd of the 5th", "2027-05-03"), ("1st", "2026-12-01"),
        ("first tuesday of march", "2027-03-02"), ("the last friday in may", "2027-05-28"),
        ("the second monday of the month", "2026-12-14"), ("the third of next month", "2026-12-03"),
        ("the 1st of the month", "2026-12-01"), ("a week ago yesterday", "2026-11-17"),
        ("this friday coming", "2026-11-27"), ("coming friday", "2026-11-27"), ("twelve weeks ago", "2026-09-02"),
        ("the last day of february", "2027-02-28"), ("november the 28th", "2026-11-28"),
    ],
)  # fmt: skip
def test_an_answer_that_is_a_date(text: str, value: str) -> None:
    assert parse_date(text, TODAY) == date.fromisoformat(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("tuesday", "2026-11-24"), ("the 26th", "2026-10-26"), ("3 march", "2026-03-03"), ("today", "2026-11-25"),
     ("last tuesday", "2026-11-24"), ("wednesday", "2026-11-25"), ("christmas day", "2025-12-25"),
     ("a week today", "2026-11-18"), ("the third", "2026-11-03"), ("the last day of the month", "2026-10-31"),
     ("the first monday of the month", "2026-11-02"), ("bonfire night", "2026-11-05")],
)  # fmt: skip
def test_looking_back(text: str, value: str) -> None:
    assert parse_date(text, TODAY, past=True) == date.fromisoformat(value)


@pytest.mark.parametrize(
    "text",
    ["", "bins", "31st of february", "29 feb 2027", "25/13/2026", "31/11", "tuesday 3 december", "friday or saturday",
     "between 3 march and 4 march", "every friday", "next week", "it may be 3 bins", "the 3rd time", "12.30",
     "07700 900123", "SK1 3XE", "0/0", "5", "the first tuesday", "the 1st of every month", "easter monday",
     "week next tuesday", "end of the month", "first week of march", "beginning of may", "mid december", "next month",
     "black friday", "the other day", "sometime next week", "weekend", "monday or tuesday", "first", "second"],
)  # fmt: skip
def test_ambiguous_impossible_or_no_date(text: str) -> None:
    assert parse_date(text, TODAY) is None


@pytest.mark.parametrize(
    "text",
    ["they sat on my bin", "in the sun all day", "number 3", "the 2nd bin", "24/7 helpline", "it is 3/4 full",
     "collected every tuesday", "mondays are bad", "marching on", "may i have 2 bins", "I asked for the 3rd one",
     "bank holiday mondays", "the third time", "first come first served", "every second tuesday", "second hand sofa",
     "the first one", "third party insurance", "black friday deals", "one third full", "a week or two", "the third bin",
     "may third party", "they may first call", "pancake tuesday menu", "first week of march", "end of the month",
     "in march", "for a second", "the second floor", "on the first floor", "on the second page", "sun rise road",
     "sat on it first"],
)  # fmt: skip
def test_a_sentence_without_a_date(text: str) -> None:
    assert find_dates(text, TODAY) == []


def test_found_where_it_stands() -> None:
    text = "sofa out tomorrow, fridge on 3rd of march please"
    found = [(match.value, text[match.start : match.end]) for match in find_dates(text, TODAY)]
    assert found == [(date(2026, 11, 26), "tomorrow"), (date(2027, 3, 3), "3rd of march")]


@pytest.mark.parametrize(
    ("text", "past", "value"),
    [("good friday", False, "2027-03-26"), ("easter monday", False, "2027-03-29"),
     ("easter sunday", True, "2026-04-05"), ("pancake day", False, "2027-02-09"),
     ("are you open bank holiday monday", False, "2026-12-28"),
     ("bank holiday monday", True, "2026-08-31")],
)  # fmt: skip
def test_days_that_the_bank_holidays_tell(text: str, past: bool, value: str) -> None:
    (found,) = find_dates(text, TODAY, past, HOLIDAYS.get)
    assert found.value == date.fromisoformat(value)
    assert find_dates(text, TODAY, past) == []


def test_same_words_on_other_days() -> None:
    assert parse_date("next monday", date(2026, 11, 29)) == date(2026, 11, 30)  # on a Sunday
    assert parse_date("the 31st", date(2026, 2, 1)) == date(2026, 3, 31)
    assert parse_date("29 feb", date(2096, 3, 1)) == date(2104, 2, 29)


@pytest.mark.parametrize("text", ["on the 3rd " * 500, "1/" * 2000, "a week on " * 500, "9" * 5000, " " * 5000])
def test_no_text_takes_long(text: str) -> None:
    start = time.perf_counter()
    find_dates(text, TODAY)
    assert time.perf_counter() - start < 2
