"""Days with a name, and that a name is no day where nobody knows the bank holidays."""

from __future__ import annotations

from datetime import date

import pytest

from bot.text.named_days import bank_monday, fixed, moving

TODAY = date(2026, 11, 25)
HOLIDAYS = {
    date(2026, 4, 3): "Good Friday",
    date(2026, 8, 31): "Late Summer Bank Holiday",
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 28): "Boxing Day",
    date(2027, 3, 26): "Good Friday",
}


@pytest.mark.parametrize(("past", "year"), [(False, 2026), (True, 2025)])
def test_a_day_that_is_always_the_same(past: bool, year: int) -> None:
    assert fixed(12, 24, TODAY, past) == date(year, 12, 24)


@pytest.mark.parametrize(
    ("after", "past", "day"),
    [(0, False, date(2027, 3, 26)), (3, False, date(2027, 3, 29)), (-45, False, date(2027, 2, 9)),
     (0, True, date(2026, 4, 3)), (3, True, date(2026, 4, 6))],
)  # fmt: skip
def test_a_day_about_easter(after: int, past: bool, day: date) -> None:
    assert moving(after, TODAY, past, HOLIDAYS.get) == day


@pytest.mark.parametrize(("past", "day"), [(False, date(2026, 12, 28)), (True, date(2026, 8, 31))])
def test_the_bank_holiday_that_is_a_monday(past: bool, day: date) -> None:
    assert bank_monday(TODAY, past, HOLIDAYS.get) == day


def test_without_bank_holidays() -> None:
    assert bank_monday(TODAY, False, lambda day: None) is None
    assert moving(0, TODAY, False, lambda day: None) is None
