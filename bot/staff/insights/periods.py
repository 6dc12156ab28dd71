"""The time that a report is about: whole days in London, named or from one date to another. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.clock import LONDON
from bot.text import say

LONGEST_DAYS = 366
CUSTOM, USUAL = "custom", "last_7_days"
_DAY = timedelta(days=1)


class PeriodError(ValueError):
    """These are no dates for a report; the message says why, in plain words."""


@dataclass(frozen=True)
class Period:
    """The days from ``first`` to ``last``, both included."""

    name: str
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first moment of the first day: a day that the clocks change on has 23 or 25 hours."""
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment that is no longer in it."""
        return _midnight(self.last + _DAY)

    @property
    def days(self) -> list[date]:
        return [self.first + ahead * _DAY for ahead in range((self.last - self.first).days + 1)]

    @property
    def words(self) -> str:
        """The days as they are said: Monday 3 March 2025, or from one to another."""
        first, last = (f"{say.day(day)} {day.year}" for day in (self.first, self.last))
        return first if first == last else f"{first} to {last}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON).astimezone(UTC)


def _last_month(today: date) -> tuple[date, date]:
    last = today.replace(day=1) - _DAY
    return last.replace(day=1), last


# What can be chosen by name: its title, and its first and last day.
NAMED: Mapping[str, tuple[str, Callable[[date], tuple[date, date]]]] = {
    "today": ("Today", lambda today: (today, today)),
    "yesterday": ("Yesterday", lambda today: (today - _DAY, today - _DAY)),
    "last_7_days": ("Last 7 days, to yesterday", lambda today: (today - 7 * _DAY, today - _DAY)),
    "last_30_days": ("Last 30 days, to yesterday", lambda today: (today - 30 * _DAY, today - _DAY)),
    "this_month": ("This month, to today", lambda today: (today.replace(day=1), today)),
    "last_month": ("Last month", _last_month),
}


def read_period(name: str, first: str, last: str, today: date) -> Period:
    """The period that was asked for; dates as ``2025-03-31``, for CUSTOM only. Raises PeriodError."""
    if name in NAMED:
        return Period(name, *NAMED[name][1](today))
    if name != CUSTOM:
        raise PeriodError("Choose one of the periods.")
    period = Period(CUSTOM, _date(first, "first"), _date(last, "last"))
    if period.last < period.first:
        raise PeriodError("The last day must not be before the first one.")
    if len(period.days) > LONGEST_DAYS:
        raise PeriodError(f"Choose {LONGEST_DAYS} days at the most.")
    return period


def _date(text: str, which: str) -> date:
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").date()
    except ValueError:
        raise PeriodError(f"Give the {which} day as a date, for example 2025-03-31.") from None
