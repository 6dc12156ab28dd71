"""Term dates: what was asked is told, and the whole year when nothing else was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from actions.base import Ending
from actions.schools.terms import TermDates
from tests.actions.conftest import Desk

OCTOBER, FEBRUARY, CHRISTMAS = "October half term", "February half term", "Christmas holidays"
EASTER, MAY, SUMMER = "Easter holidays", "May half term", "summer holidays"


async def asked(desk: Desk, text: str) -> Ending:
    facts = await desk.facts("term_dates")
    first = {"first": {"text": text, "entities": {}}}
    return await TermDates().finish(replace(facts, slots={**facts.slots, **first}))


@pytest.mark.parametrize(
    ("text", "name", "back"),
    [
        ("when is half term", FEBRUARY, "Monday 22 February"),
        ("half term", FEBRUARY, "Monday 22 February"),
        ("next school holiday", CHRISTMAS, "Tuesday 5 January"),
        ("when do they go back", CHRISTMAS, "Tuesday 5 January"),
        ("when do the kids break up for xmas", CHRISTMAS, "Tuesday 5 January"),
        ("christmas holidays 2027", CHRISTMAS, "Wednesday 5 January 2028"),
        ("easter holidays 2027", EASTER, "Monday 12 April"),
        ("when do they go back after easter", EASTER, "Monday 12 April"),
        ("easter half term", EASTER, "Monday 12 April"),
        ("feb half term", FEBRUARY, "Monday 22 February"),
        ("october half term dates", OCTOBER, "Monday 1 November 2027"),
        ("summer half term", MAY, "Monday 7 June 2027"),
        ("when is whit week", MAY, "Monday 7 June 2027"),
        ("may half term 2028", MAY, "Monday 5 June 2028"),
        ("half term in may", MAY, "Monday 7 June 2027"),
        ("six weeks holidays", SUMMER, "Thursday 2 September 2027"),
        ("when do they start back in september", SUMMER, "Thursday 2 September 2027"),
        ("easter hols next year", EASTER, "Tuesday 18 April 2028"),
        ("february half term 2027/28", FEBRUARY, "Monday 28 February 2028"),
    ],
)
async def test_a_break(desk: Desk, text: str, name: str, back: str) -> None:
    ending = await asked(desk, text)
    assert (ending.name, ending.values.get("name"), ending.values.get("back")) == ("break", name, back)


@pytest.mark.parametrize(
    ("at", "text", "name"),
    [
        ("2026-10-27T10:00", "when is half term", OCTOBER),
        ("2026-11-02T10:00", "when is half term", FEBRUARY),
        ("2026-12-26T10:00", "when do they go back", CHRISTMAS),
        ("2027-08-10T10:00", "when does school go back", SUMMER),
    ],
)
async def test_the_break_that_it_is_now_comes_first(
    desk: Desk, set_settings: Callable[..., None], at: str, text: str, name: str
) -> None:
    set_settings(assistant_now=at)
    assert (await asked(desk, text)).values["name"] == name


async def test_where_the_dates_end_the_day_back_is_not_known(desk: Desk, set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="2028-08-01T10:00")
    assert (await asked(desk, "when do they go back")).values["back"] == "not known yet"
    assert (await asked(desk, "term dates")).name == "unknown"


@pytest.mark.parametrize(
    ("text", "year", "names"),
    [
        ("term dates", "2026 to 2027", ["Autumn term 2026", "Spring term 2027", "Summer term 2027"]),
        ("", "2026 to 2027", ["Autumn term 2026", "Spring term 2027", "Summer term 2027"]),
        ("when may they be off", "2026 to 2027", ["Autumn term 2026", "Spring term 2027", "Summer term 2027"]),
        ("term dates 2027/28", "2027 to 2028", ["Autumn term 2027", "Spring term 2028", "Summer term 2028"]),
        ("school terms for next year", "2027 to 2028", ["Autumn term 2027", "Spring term 2028", "Summer term 2028"]),
        ("school dates 2027", "2027", ["Spring term 2027", "Summer term 2027", "Autumn term 2027"]),
    ],
)
async def test_a_year(desk: Desk, text: str, year: str, names: list[str]) -> None:
    ending = await asked(desk, text)
    assert (ending.name, ending.values["year"]) == ("year", year)
    assert [row["name"] for row in ending.values["terms"]] == names


async def test_a_row_has_the_days_of_its_term(desk: Desk) -> None:
    first = (await asked(desk, "term dates")).values["terms"][0]
    assert (first["begins"], first["ends"]) == ("Wednesday 2 September", "Friday 18 December")
    assert (first["half_term"], first["breaks_up"], first["goes_back"]) == (
        OCTOBER,
        "Friday 23 October",
        "Monday 2 November",
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [("when does the spring term start", "Spring term 2027"), ("autumn term 2027", "Autumn term 2027")],
)
async def test_a_term(desk: Desk, text: str, name: str) -> None:
    ending = await asked(desk, text)
    assert (ending.name, ending.values["name"]) == ("term", name)


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        ("is it term time now", "day_in", "Tuesday 24 November"),
        ("is it half term this week", "day_in", "Tuesday 24 November"),
        ("are schools in tomorrow", "day_in", "Wednesday 25 November"),
        ("is saturday a school day", "day_weekend", "Saturday 28 November"),
        ("are the schools open on boxing day", "day_off", "Saturday 26 December"),
        ("is there school on 3 may 2027", "day_holiday", "Monday 3 May"),
        ("do they go in on 4 january", "day_inset", "Monday 4 January"),
    ],
)
async def test_a_day(desk: Desk, text: str, name: str, day: str) -> None:
    ending = await asked(desk, text)
    assert (ending.name, ending.values["day"]) == (name, day)


async def test_a_day_off_says_which_break_it_is_in(desk: Desk) -> None:
    values = (await asked(desk, "is school shut on boxing day")).values
    assert (values["name"], values["last"], values["back"]) == (CHRISTMAS, "Friday 18 December", "Tuesday 5 January")


async def test_training_days_to_come(desk: Desk, set_settings: Callable[..., None]) -> None:
    ending = await asked(desk, "inset days")
    assert ending.values == {"days": "Monday 4 January, Wednesday 1 September 2027 and Tuesday 4 January 2028"}
    set_settings(assistant_now="2028-06-01T10:00")
    assert (await asked(desk, "inset days")).name == "unknown"


@pytest.mark.parametrize(
    "text", ["easter 2031", "is there school on 4 july 2031", "spring term 2031", "term dates 2031"]
)
async def test_what_the_dates_do_not_reach(desk: Desk, text: str) -> None:
    assert (await asked(desk, text)).name == "unknown"


async def test_a_council_without_schools(desk: Desk) -> None:
    facts = await desk.facts("term_dates")
    bare = replace(facts, council=replace(facts.council, school_years=()))
    for text in ("", "half term", "is it term time now", "inset days", "spring term"):
        first = {"first": {"text": text, "entities": {}}}
        assert (await TermDates().finish(replace(bare, slots=first))).name == "unknown"
