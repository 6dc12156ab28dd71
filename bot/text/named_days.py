"""Days that have a name: Boxing Day, Good Friday, the bank holiday Monday. Pure: the caller knows the bank holidays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.text.working_days import Holiday

# Each a regular expression, with month and day.
FIXED = {
    r"(?:christmas|chrismas|xmas|crimbo) eve": (12, 24),
    r"(?:christmas|chrismas|xmas|crimbo) day": (12, 25),
    r"boxing day": (12, 26),
    r"new year'?s eve|nye": (12, 31),
    r"new year'?s day": (1, 1),
    r"hallowe'?en": (10, 31),
    r"bonfire night|guy fawkes(?: night)?": (11, 5),
}
# Days from Good Friday.
MOVING = {
    r"(?:pancake|shrove) tuesday|pancake day": -45,
    r"ash wednesday": -44,
    r"palm sunday": -5,
    r"good friday": 0,
    r"easter saturday": 1,
    r"easter sunday": 2,
    r"easter monday": 3,
}
BANK_MONDAY = r"bank holiday monday"
_WITHIN = 400  # days in which every one of them comes


def fixed(month: int, day: int, today: date, past: bool) -> date:
    """The day of this month nearest to today, not before it, or with ``past`` not after it."""
    return next(each for each in _from(today, past) if (each.month, each.day) == (month, day))


def moving(after_good_friday: int, today: date, past: bool, holiday: Holiday) -> date | None:
    """The day so many days from Good Friday; None when it is not known which day that is."""
    apart = timedelta(after_good_friday)
    return _first(today, past, lambda day: holiday(day - apart) == "Good Friday")


def bank_monday(today: date, past: bool, holiday: Holiday) -> date | None:
    """The Monday that is a bank holiday; None when it is not known which one is."""
    return _first(today, past, lambda day: day.weekday() == 0 and bool(holiday(day)))


def _first(today: date, past: bool, fits: Callable[[date], bool]) -> date | None:
    return next((day for day in _from(today, past) if fits(day)), None)


def _from(today: date, past: bool) -> Iterator[date]:
    return (today + timedelta(-days if past else days) for days in range(_WITHIN))
