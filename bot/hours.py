"""Opening hours with several intervals a day, past midnight, dated exceptions and bank holidays; for every caller.

Pure: the moment and the bank holidays are handed in. Hours are London wall-clock time; moments are compared in
UTC, so both clock changes come out right. Apart from the words for them, which are in ``bot.text.say``.

The text of a week is clauses between semicolons, each a selector and its hours::

    mo-fr 08:00-12:00,13:00-18:00; sa,su 09:00-17:00; bank closed; 2026-12-24 09:00-12:00; 2026-12-25 closed

Days not named are closed. Without a ``bank`` clause a bank holiday is a day like any other. A date beats ``bank``,
which beats the weekday. An end at or before its start is on the next day: ``20:00-02:00``, ``00:00-24:00``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
LOOK_AHEAD_DAYS = 366
ONE_DAY = timedelta(days=1)

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_INTERVAL = re.compile(r"(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)")

# The dates that are bank holidays, or a function that is true (or the holiday's name) for them.
Holidays = Container[date] | Callable[[date], object]


class HoursError(ValueError):
    """The text cannot be read as opening hours, or a moment has no time zone; the message is in plain words."""


@dataclass(frozen=True)
class Interval:
    """From ``start`` to ``end`` on a day; an end at or before the start is on the next day."""

    start: time
    end: time


Intervals = tuple[Interval, ...]


@dataclass(frozen=True)
class Week:
    """``days`` from Monday to Sunday; ``bank`` is None where bank holidays make no difference."""

    days: tuple[Intervals, ...]
    bank: Intervals | None = None
    dated: dict[date, Intervals] = field(default_factory=dict, hash=False)

    def groups(self) -> list[tuple[list[int], Intervals]]:
        """Days in a row with the same hours, for writing a week down: ``[([0, 1], (...)), ...]``."""
        found: list[tuple[list[int], Intervals]] = []
        for number, hours in enumerate(self.days):
            if found and found[-1][1] == hours:
                found[-1][0].append(number)
            else:
                found.append(([number], hours))
        return found


def parse_week(text: str) -> Week:
    """Read the text of a week (see the module). Raises HoursError."""
    days: dict[int, Intervals] = {}
    dated: dict[date, Intervals] = {}
    bank: Intervals | None = None
    for clause in filter(None, (part.strip().lower() for part in text.split(";"))):
        selector, _, words = clause.partition(" ")
        hours = _parse_intervals(words.strip(), clause)
        if selector == "bank":
            if bank is not None:
                raise HoursError("Bank holidays are given twice.")
            bank = hours
        elif _DATE.fullmatch(selector):
            day = _parse_date(selector)
            if day in dated:
                raise HoursError(f"'{selector}' is given twice.")
            dated[day] = hours
        else:
            for number in _parse_days(selector):
                if number in days:
                    raise HoursError(f"The hours for '{WEEKDAYS[number]}' are given twice.")
                days[number] = hours
    if not days and not dated:
        raise HoursError("There are no opening hours in the text.")
    return Week(tuple(days.get(number, ()) for number in range(7)), bank, dated)


def _parse_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise HoursError(f"'{text}' is not a date.") from None


def _parse_days(selector: str) -> list[int]:
    """ "mo-we,fr" -> [0, 1, 2, 4]; a range may run over the end of the week."""
    numbers: list[int] = []
    for part in selector.split(","):
        first, _, last = part.partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            raise HoursError(f"'{part}' is not a day; days are {', '.join(WEEKDAYS)}, 'bank' or a date.")
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last or first) - start) % 7 + 1
        numbers += [(start + step) % 7 for step in range(length)]
    return numbers


def _parse_intervals(text: str, clause: str) -> Intervals:
    """ "08:00-12:00,13:00-18:00" in order of time, or "closed"."""
    if text == "closed":
        return ()
    found: list[Interval] = []
    for part in text.split(","):
        match = _INTERVAL.fullmatch(part.strip())
        if not match:
            raise HoursError(f"'{clause}' must give hours like 09:00-17:00, or 'closed'.")
        hour, minute, end_hour, end_minute = (int(number) for number in match.groups())
        start, end = _parse_time(hour, minute, clause), _parse_time(end_hour, end_minute, clause, last=True)
        found.append(Interval(start, end))
    for earlier, later in zip(found, found[1:], strict=False):
        if earlier.end <= earlier.start or later.start < earlier.end:
            raise HoursError(f"In '{clause}' one interval must end before the next one starts.")
    return tuple(found)


def _parse_time(hour: int, minute: int, clause: str, last: bool = False) -> time:
    if last and (hour, minute) == (24, 0):
        return time(0)
    if hour > 23 or minute > 59:
        raise HoursError(f"'{hour:02d}:{minute:02d}' in '{clause}' is not a time of day.")
    return time(hour, minute)


def intervals(week: Week, day: date, is_bank_holiday: bool) -> Intervals:
    """When it is open on that day; what began the evening before is not among them."""
    if day in week.dated:
        return week.dated[day]
    if is_bank_holiday and week.bank is not None:
        return week.bank
    return week.days[day.weekday()]


def opening_today(week: Week, moment: datetime, holidays: Holidays) -> Intervals:
    """When it is open on the moment's day in London."""
    day = _london(moment).date()
    return intervals(week, day, _is_holiday(day, holidays))


def is_open(week: Week, moment: datetime, holidays: Holidays) -> bool:
    """Whether it is open at that moment; at the very end of an interval it is closed."""
    return closes_at(week, moment, holidays) is not None


def closes_at(week: Week, moment: datetime, holidays: Holidays) -> datetime | None:
    """When the interval that the moment is in ends, in London time; None when it is closed."""
    local = _london(moment)
    for day in (local.date() - ONE_DAY, local.date()):
        for start, end in _spans(week, day, holidays):
            if start <= moment < end:
                return end.astimezone(LONDON)
    return None


def next_opening(week: Week, moment: datetime, holidays: Holidays) -> datetime | None:
    """The next time after ``moment`` that it opens, in London time; None if it does not within a year."""
    first = _london(moment).date()
    for ahead in range(LOOK_AHEAD_DAYS + 1):
        for start, _ in _spans(week, first + ahead * ONE_DAY, holidays):
            # A start that another interval runs into ("00:00-24:00" every day) opens nothing.
            if start > moment and not is_open(week, start - timedelta(microseconds=1), holidays):
                return start.astimezone(LONDON)
    return None


def seconds_open(week: Week, start: datetime, end: datetime, holidays: Holidays) -> float:
    """For how many seconds it is open between two moments; where two intervals overlap, once. 0 if they are swapped."""
    first, last = _london(start).date() - ONE_DAY, _london(end).date()
    days = (first + ahead * ONE_DAY for ahead in range((last - first).days + 1))
    reached, until = start.astimezone(UTC), end.astimezone(UTC)
    total = 0.0
    for opens, closes in sorted(span for day in days for span in _spans(week, day, holidays)):
        begins, ends = max(opens, reached), min(closes, until)
        if ends > begins:
            total += (ends - begins).total_seconds()
            reached = ends
    return total


def _spans(week: Week, day: date, holidays: Holidays) -> list[tuple[datetime, datetime]]:
    """The day's intervals in UTC: two times with the same zone would be compared by the clock on the wall."""
    spans = []
    for interval in intervals(week, day, _is_holiday(day, holidays)):
        last = day if interval.end > interval.start else day + ONE_DAY
        spans.append((_utc(day, interval.start), _utc(last, interval.end)))
    return spans


def _utc(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


def _is_holiday(day: date, holidays: Holidays) -> bool:
    return bool(holidays(day)) if callable(holidays) else day in holidays


def _london(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise HoursError("Opening hours need a moment with a time zone.")
    return moment.astimezone(LONDON)
