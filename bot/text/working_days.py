"""Counting working days: Monday to Friday without bank holidays. Pure: the caller says what a bank holiday is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

Holiday = Callable[[date], object]


def is_working_day(day: date, holiday: Holiday) -> bool:
    """Whether people work on ``day``; ``holiday`` says something truthy for a bank holiday."""
    return day.weekday() < 5 and not holiday(day)


def add_working_days(day: date, count: int, holiday: Holiday) -> date:
    """The working day that lies ``count`` working days after ``day``, which itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, holiday)
    return day
