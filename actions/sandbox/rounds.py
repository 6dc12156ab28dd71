"""When bins are collected: a pure calculation from a plan and the time now, so that it is right on any day.

An ordinary plan is a weekday and a week ("tu-a"): fixed to the calendar, and moved by bank holidays. A story is a
plan whose one collection, the anchor, is pinned to now ("missed": the last working day, nothing on record), with
the others a fortnight apart around it; that is how each hard case of the README holds whenever the sandbox runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import holidays

from actions.sandbox.seed import Home, Service
from bot.clock import LONDON

WEEKDAYS = ("mo", "tu", "we", "th", "fr")
NO_PLAN = "none"
STORIES = (
    "moved",
    "emptied",
    "today",
    "not_due",
    "missed",
    "contaminated",
    "no_access",
    "report_open",
    "too_late",
)
CONTAMINATED_SERVICE = "mixed"
_BANK_HOLIDAY = "Bank holiday"
_EPOCH = date(2024, 1, 1)  # a Monday: the first day of a week "a"
_DAY = timedelta(days=1)
_STORY_STEP = timedelta(days=14)
_FIRST_LORRY = time(7, 0)
_LAST_MINUTES = 400  # the last house is emptied that long after the first


@dataclass(frozen=True)
class Due:
    """One collection: its ordinary day, its day, why they differ, and when the crew emptied the bin."""

    scheduled: date
    date: date
    reason: str = ""
    collected_at: datetime | None = None


@dataclass(frozen=True)
class Event:
    """Something a crew recorded, about a property or about its whole street."""

    type: str
    at: datetime
    whole_street: bool
    service: str


@lru_cache(maxsize=1)
def _bank_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="ENG")


def is_working_day(day: date) -> bool:
    """Monday to Friday and no bank holiday."""
    return day.weekday() < 5 and day not in _bank_holidays()


def working_days_from(day: date, days: int) -> date:
    """The working day that many working days after (or, below zero, before) a day."""
    step = _DAY if days > 0 else -_DAY
    for _ in range(abs(days)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def moved(day: date) -> date:
    """The day on which a collection happens: a day later for each bank holiday so far in its week."""
    monday = day - day.weekday() * _DAY
    actual = day
    while True:
        passed = (actual - monday).days + 1
        shift = sum(monday + offset * _DAY in _bank_holidays() for offset in range(passed))
        if day + shift * _DAY == actual:
            return actual
        actual = day + shift * _DAY


def dues(home: Home, service: Service, start: date, end: date, now: datetime) -> list[Due]:
    """A service's collections at a home from start to end, both included, in order."""
    if home.plan in STORIES:
        found = _story_dues(home, service, start, end, now)
    else:
        days = plan_days(home.plan, service, start - 7 * _DAY, end)
        found = (_ordinary(home, day, now) for day in days)
    return [due for due in found if start <= due.date <= end]


def plan_days(plan: str, service: Service, start: date, end: date) -> Iterator[date]:
    """The ordinary days of a round from start to end, before any bank holiday moves them."""
    weekday, _, flip = plan.partition("-")
    week = (service.week + (flip == "b")) % service.weeks
    first = _EPOCH + (WEEKDAYS.index(weekday) + 7 * week) * _DAY
    every = 7 * service.weeks
    day = first + -((first - start).days // every) * every * _DAY
    while day <= end:
        yield day
        day += every * _DAY


def events(home: Home, now: datetime) -> list[Event]:
    """What the crews recorded in a home's story."""
    at = datetime.combine(working_days_from(now.date(), -1), time(9, 40), LONDON)
    if home.plan == "contaminated":
        return [Event("Contaminated", at, False, CONTAMINATED_SERVICE)]
    if home.plan == "no_access":
        return [Event("Inaccessible road", at, True, "")]
    return []


def _story_dues(home: Home, service: Service, start: date, end: date, now: datetime) -> Iterator[Due]:
    anchor = _anchor(home, service, now)
    first = -(-(start - anchor.scheduled).days // _STORY_STEP.days) - 1
    last = (end - anchor.scheduled).days // _STORY_STEP.days
    for step in range(first, last + 1):
        yield anchor if step == 0 else _ordinary(home, anchor.scheduled + step * _STORY_STEP, now)


def _anchor(home: Home, service: Service, now: datetime) -> Due:
    """The collection that a story is about."""
    today = now.date()
    if home.plan == "emptied":
        moment = (now.astimezone(UTC) - timedelta(hours=1)).astimezone(LONDON)
        return Due(moment.date(), moment.date(), collected_at=moment)
    if home.plan == "today":
        return Due(today, today)
    if home.plan == "moved":
        day = today + _DAY
        while day.weekday() > 3:  # Monday to Thursday, so that the day after it is one to collect on
            day += _DAY
        return Due(day, day + _DAY, _BANK_HOLIDAY)
    if home.plan == "not_due":
        day = working_days_from(today - 7 * _DAY, -1)
        return Due(day, day, collected_at=_emptied(home, day))
    day = working_days_from(today, -6 if home.plan == "too_late" else -1)
    emptied = home.plan == "contaminated" and service.id != CONTAMINATED_SERVICE
    return Due(day, day, collected_at=_emptied(home, day) if emptied else None)


def _ordinary(home: Home, scheduled: date, now: datetime) -> Due:
    """A collection that goes as it should: moved by bank holidays, and on record once the lorry has been."""
    day = moved(scheduled)
    emptied = _emptied(home, day)
    reason = _BANK_HOLIDAY if day != scheduled else ""
    return Due(scheduled, day, reason, emptied if emptied <= now else None)


def _emptied(home: Home, day: date) -> datetime:
    """The minute at which the lorry comes by: its own for each home, the same each time."""
    first = datetime.combine(day, _FIRST_LORRY, LONDON)
    return first + timedelta(minutes=int(home.uprn) * 7 % _LAST_MINUTES)
