"""Periods: named and from one date to another, over both changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.staff.insights.periods import CUSTOM, NAMED, Period, PeriodError, read_period

TODAY = date(2025, 3, 3)


def days(name: str, today: date = TODAY) -> tuple[str, str]:
    period = read_period(name, "", "", today)
    return period.first.isoformat(), period.last.isoformat()


def test_named_periods() -> None:
    assert {name: days(name) for name in NAMED} == {
        "today": ("2025-03-03", "2025-03-03"),
        "yesterday": ("2025-03-02", "2025-03-02"),
        "last_7_days": ("2025-02-24", "2025-03-02"),
        "last_30_days": ("2025-02-01", "2025-03-02"),
        "this_month": ("2025-03-01", "2025-03-03"),
        "last_month": ("2025-02-01", "2025-02-28"),
    }
    assert days("last_month", date(2025, 1, 31)) == ("2024-12-01", "2024-12-31")
    assert days("yesterday", date(2024, 3, 1)) == ("2024-02-29", "2024-02-29")


def test_from_one_day_to_another_both_included() -> None:
    period = read_period(CUSTOM, "2025-02-27", " 2025-03-01 ", TODAY)
    assert [day.isoformat() for day in period.days] == ["2025-02-27", "2025-02-28", "2025-03-01"]
    assert period.words == "Thursday 27 February 2025 to Saturday 1 March 2025"
    assert read_period(CUSTOM, "2025-02-27", "2025-02-27", TODAY).words == "Thursday 27 February 2025"


@pytest.mark.parametrize(
    ("name", "first", "last", "says"),
    [
        ("ever", "", "", "one of the periods"),
        (CUSTOM, "", "2025-03-01", "first day"),
        (CUSTOM, "2025-03-01", "31/03/2025", "last day"),
        (CUSTOM, "2025-03-02", "2025-03-01", "before"),
        (CUSTOM, "2024-01-01", "2025-01-01", "366 days"),
    ],
)
def test_what_is_no_period_is_said_in_words(name: str, first: str, last: str, says: str) -> None:
    with pytest.raises(PeriodError, match=says):
        read_period(name, first, last, TODAY)


def test_a_whole_leap_year_can_be_asked_for() -> None:
    assert len(read_period(CUSTOM, "2024-01-01", "2024-12-31", TODAY).days) == 366


@pytest.mark.parametrize(
    ("day", "start", "length"),
    [
        (date(2025, 3, 3), datetime(2025, 3, 3, 0, tzinfo=UTC), 24),
        (date(2025, 3, 30), datetime(2025, 3, 30, 0, tzinfo=UTC), 23),
        (date(2025, 7, 1), datetime(2025, 6, 30, 23, tzinfo=UTC), 24),
        (date(2025, 10, 26), datetime(2025, 10, 25, 23, tzinfo=UTC), 25),
    ],
)
def test_a_day_is_from_midnight_to_midnight_in_london(day: date, start: datetime, length: int) -> None:
    period = Period(CUSTOM, day, day)
    assert (period.start, period.end - period.start) == (start, timedelta(hours=length))
