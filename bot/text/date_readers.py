"""What the words of a date say, each a function from what a form of bot.text.dates matched to the day, or None."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.text import named_days
from bot.text.date_words import FORTNIGHT, MONTH_NUMBERS, ORDINAL_NUMBERS, TODAY, TOMORROW, WEEKDAY_NUMBERS
from bot.text.numbers import parse_number
from bot.text.working_days import Holiday


@dataclass(frozen=True)
class Now:
    """What dates are relative to: today, which way they look, and what a bank holiday is."""

    today: date
    past: bool
    holiday: Holiday

    def nearest(self, days: list[date | None]) -> date | None:
        """The soonest of the days not before today, or with past the latest not after it."""
        fitting = sorted(day for day in days if day and (day <= self.today if self.past else day >= self.today))
        return (fitting[-1] if self.past else fitting[0]) if fitting else None

    def month(self, apart: int) -> tuple[int, int]:
        """Year and month so many months from today's."""
        year, month = divmod(self.today.year * 12 + self.today.month - 1 + apart, 12)
        return year, month + 1


Reader = Callable[[re.Match[str], Now], date | None]
_MONTHS_APART = {"last": -1, "this": 0, "next": 1}
_WEEKS_APART = {"last": -1, "this": 0, "next": 1, "after next": 2}
_UNIT_DAYS = {"d": 1, "w": 7, "f": 14}
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1}
NTH = "|".join(_NTH)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(word: str) -> int:
    return WEEKDAY_NUMBERS[word.lower()]


def _day(word: str) -> int:
    """A day of the month, in figures or words."""
    typed = re.match(r"\d+", word)
    return int(typed[0]) if typed else ORDINAL_NUMBERS[word.lower().replace("-", " ")]


def _agreed(found: date | None, match: re.Match[str]) -> date | None:
    """The day, if the weekday given with it, if any, is its own."""
    weekday = match.groupdict().get("weekday")
    return None if found and weekday and found.weekday() != _weekday(weekday) else found


def of_week(match: re.Match[str], now: Now) -> date | None:
    """ "Tuesday", "next Tuesday", "last Tuesday", "Tuesday gone"."""
    number, which = _weekday(match["weekday"]), (match["which"] or "").lower()
    if which == "next":
        return now.today - timedelta(now.today.weekday()) + timedelta(7 + number)
    if which in ("last", "past", "gone") or (now.past and which not in ("this", "coming")):
        back = (now.today.weekday() - number) % 7
        return now.today - timedelta(back or 7 if which else back)
    return now.today + timedelta((number - now.today.weekday()) % 7)


def in_week(match: re.Match[str], now: Now) -> date | None:
    """ "Tuesday of next week", "last week on Tuesday", "Tuesday after next"."""
    weeks = _WEEKS_APART[match["week"].lower()]
    return now.today + timedelta(7 * weeks + _weekday(match["weekday"]) - now.today.weekday())


def weeks_after(match: re.Match[str], now: Now) -> date | None:
    """ "A week on Friday", "Friday week", "a fortnight tomorrow"; looking back, "it's a week today" is a week ago."""
    base, weeks = match["base"].lower(), _weeks(match["weeks"])
    if re.fullmatch(f"{TODAY}|now", base):
        return now.today + timedelta(-7 * weeks if now.past else 7 * weeks)
    is_tomorrow = re.fullmatch(TOMORROW, base)
    ahead = 1 if is_tomorrow else (_weekday(base) - now.today.weekday()) % 7
    return now.today + timedelta(ahead + 7 * weeks)


def weeks_before(match: re.Match[str], now: Now) -> date | None:
    """ "A week ago yesterday", "a week last Tuesday", "two weeks ago on Friday"."""
    base = match["base"].lower()
    if base in WEEKDAY_NUMBERS:
        back = (now.today.weekday() - _weekday(base)) % 7 or 7
    else:
        back = 0 if re.fullmatch(TODAY, base) else 1
    return now.today - timedelta(back + 7 * _weeks(match["weeks"]))


def _weeks(words: str) -> int:
    words = words.lower()
    if re.search(FORTNIGHT, words):
        return 2
    return parse_number(words.removesuffix("s").removesuffix(" week").strip()) or 1


def counted(match: re.Match[str], now: Now) -> date | None:
    """ "In 2 weeks", "three days ago"."""
    count = parse_number(match["count"])
    if count is None:
        return None
    days = count * _UNIT_DAYS[match["unit"][0].lower()]
    return now.today + timedelta(-days if match["ago"] else days)


def of_month(match: re.Match[str], now: Now) -> date | None:
    """ "3rd of March", "March 3 2027", "Tuesday 3 March"; the weekday, if given, must agree."""
    month, day, year = MONTH_NUMBERS[match["month"].lower()], _day(match["day"]), match.groupdict().get("year")
    if year:
        return _agreed(_make(int(year), month, day), match)
    # Eight years hold a 29 February, across a century too.
    return _agreed(now.nearest([_make(now.today.year + step, month, day) for step in range(-8, 9)]), match)


def of_this_month(match: re.Match[str], now: Now) -> date | None:
    """ "The 3rd": of this month or of the nearest that has such a day."""
    return _agreed(now.nearest([_make(*now.month(apart), _day(match["day"])) for apart in range(-2, 3)]), match)


def of_named_month(match: re.Match[str], now: Now) -> date | None:
    """ "The 5th of next month"."""
    return _make(*now.month(_MONTHS_APART[match["which"].lower()]), _day(match["day"]))


def last_day(match: re.Match[str], now: Now) -> date | None:
    """ "The last day of the month", "the last day of March"."""
    firsts = [_next_month(*month) for month in _months(match, now)]
    return now.nearest([first - timedelta(1) for first in firsts if first])


def nth_weekday(match: re.Match[str], now: Now) -> date | None:
    """ "The first Tuesday of March", "the last Friday of the month"."""
    number, nth = _weekday(match["weekday"]), _NTH[match["nth"].lower()]
    return now.nearest([_nth_of(*month, number, nth) for month in _months(match, now)])


def _months(match: re.Match[str], now: Now) -> list[tuple[int, int]]:
    """The months, with their years, that words may mean."""
    word = match["month"].lower()
    if word in MONTH_NUMBERS:
        return [(now.today.year + step, MONTH_NUMBERS[word]) for step in (-1, 0, 1)]
    which = word.split()[0]
    return [now.month(_MONTHS_APART[which])] if which in _MONTHS_APART else [now.month(apart) for apart in (-1, 0, 1)]


def _next_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


def _nth_of(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday of a month, -1 being the last."""
    start = date(year, month, 1) if nth > 0 else _next_month(year, month)
    return start + timedelta((weekday - start.weekday()) % 7 + 7 * (nth - 1 if nth > 0 else nth))


def figures(match: re.Match[str], now: Now) -> date | None:
    """03/04/27, day first."""
    day, month, year = int(match["day"]), int(match["month"]), match["year"]
    if not year:
        return now.nearest([_make(now.today.year + step, month, day) for step in range(-8, 9)])
    return _make(int(year) + (2000 if len(year) == 2 else 0), month, day)


def of_numbered_month(match: re.Match[str], now: Now) -> date | None:
    """ "The first of the twelfth"."""
    month, day = _day(match["month"]), _day(match["day"])
    return now.nearest([_make(now.today.year + step, month, day) for step in (-1, 0, 1)])


def days_after(days: int) -> Reader:
    return lambda match, now: now.today + timedelta(days)


def fixed(month: int, day: int) -> Reader:
    return lambda match, now: named_days.fixed(month, day, now.today, now.past)


def moving(days: int) -> Reader:
    return lambda match, now: named_days.moving(days, now.today, now.past, now.holiday)


def bank_monday(match: re.Match[str], now: Now) -> date | None:
    return named_days.bank_monday(now.today, now.past, now.holiday)


def no_day(match: re.Match[str], now: Now) -> date | None:
    """Words that hold the name of a day and mean none, or one of several."""
    return None
