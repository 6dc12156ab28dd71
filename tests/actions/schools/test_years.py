"""School years as a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions.schools.years import breaks_of, day_of, next_break, running_year, terms_of
from bot.council import load_council
from tests.conftest import ROOT

STOCKPORT = load_council(ROOT / "data" / "councils" / "stockport")
YEARS = STOCKPORT.school_years


def test_a_break_follows_each_half_of_a_term() -> None:
    breaks = breaks_of(YEARS)
    assert len(breaks) == 2 * len(terms_of(YEARS))
    assert [each.is_half_term for each in breaks[:4]] == [True, False, True, False]
    assert breaks[-1].back is None
    assert all(each.back and each.last < each.back for each in breaks[:-1])
    assert breaks_of(()) == []


def test_every_day_of_the_calendar_is_something_and_pupils_come_on_school_days_only() -> None:
    day, end = YEARS[0].terms[0].begins, YEARS[-1].terms[-1].ends
    while day <= end:
        found = day_of(YEARS, day, STOCKPORT.bank_holiday)
        assert found is not None
        if found.kind == "in":
            assert day.weekday() < 5 and not STOCKPORT.bank_holiday(day)
        day += timedelta(days=1)
    assert day_of(YEARS, day, STOCKPORT.bank_holiday) is None
    assert day_of((), date(2026, 11, 24), STOCKPORT.bank_holiday) is None


@pytest.mark.parametrize("edge", ["begins", "breaks_up", "goes_back", "ends"])
def test_the_edges_of_a_term_are_school_days(edge: str) -> None:
    for term in terms_of(YEARS):
        found = day_of(YEARS, getattr(term, edge), STOCKPORT.bank_holiday)
        assert found is not None and found.kind == "in", (term.name, edge)


def test_the_next_break_is_the_running_one_until_its_end() -> None:
    breaks = breaks_of(YEARS)
    october = breaks[0]
    for day, expected in ((date(2026, 10, 23), october), (date(2026, 10, 30), october), (date(2026, 11, 2), breaks[1])):
        assert next_break(breaks, day) is expected


def test_the_running_year_is_the_one_to_come_in_august() -> None:
    assert running_year(YEARS, date(2027, 7, 22)) is YEARS[0]
    assert running_year(YEARS, date(2027, 8, 1)) is YEARS[1]
    assert running_year(YEARS, date(2029, 1, 1)) is None
