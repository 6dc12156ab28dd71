"""Working days: Monday to Friday without bank holidays."""

from __future__ import annotations

from datetime import date

import pytest

from bot.text.working_days import add_working_days, is_working_day

CHRISTMAS = {date(2026, 12, 25): "Christmas Day", date(2026, 12, 28): "Boxing Day"}


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),
        (date(2026, 12, 28), False),
        (date(2026, 12, 29), True),
    ],
)
def test_weekends_and_bank_holidays_do_not_count(day: date, works: bool) -> None:
    assert is_working_day(day, CHRISTMAS.get) is works


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 24), 2, date(2026, 11, 26)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 12, 24), 2, date(2026, 12, 30)),
        (date(2026, 12, 24), 0, date(2026, 12, 24)),
    ],
)
def test_counting_ahead(day: date, count: int, expected: date) -> None:
    assert add_working_days(day, count, CHRISTMAS.get) == expected
