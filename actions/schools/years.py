"""School years as a calendar: the breaks between the days with pupils, and what a day is. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.profile import SchoolYear, Term

IN, WEEKEND, OFF, HOLIDAY, INSET = "in", "weekend", "off", "holiday", "inset"


@dataclass(frozen=True)
class Break:
    """Days without school: the last day before and the first day after, None while that is not known."""

    name: str
    year: SchoolYear
    term: Term
    is_half_term: bool
    last: date
    back: date | None

    def holds(self, day: date) -> bool:
        return self.last < day and (self.back is None or day < self.back)

    def is_over(self, day: date) -> bool:
        return self.back is not None and self.back <= day


@dataclass(frozen=True)
class Day:
    """What a day is for schools: ``kind`` is one of the above, ``rest`` the break that it is in or that comes next."""

    kind: str
    rest: Break | None
    holiday: str = ""


def terms_of(years: Sequence[SchoolYear]) -> list[Term]:
    """All terms, in order."""
    return [term for year in years for term in year.terms]


def breaks_of(years: Sequence[SchoolYear]) -> list[Break]:
    """All breaks, in order: each term's half term and the holiday after it."""
    in_years = [(year, term) for year in years for term in year.terms]
    following: list[date | None] = [*(term.begins for _, term in in_years[1:]), None]
    found = []
    for (year, term), back in zip(in_years, following, strict=False):
        found.append(Break(term.half_term, year, term, True, term.breaks_up, term.goes_back))
        found.append(Break(term.holiday, year, term, False, term.ends, back))
    return found


def day_of(years: Sequence[SchoolYear], day: date, bank_holiday: Callable[[date], str | None]) -> Day | None:
    """What a day is; None where the calendar does not reach."""
    terms, breaks = terms_of(years), breaks_of(years)
    if not terms or not terms[0].begins <= day <= terms[-1].ends:
        return None
    rest = next_break(breaks, day)
    if any(day in year.inset for year in years):
        return Day(INSET, rest)
    if rest and rest.holds(day):
        return Day(OFF, rest)
    if bank_holiday(day):
        return Day(HOLIDAY, rest, bank_holiday(day) or "")
    return Day(WEEKEND if day.weekday() >= 5 else IN, rest)


def next_break(breaks: Sequence[Break], today: date) -> Break | None:
    """The first of the breaks that is not over."""
    return next((each for each in breaks if not each.is_over(today)), None)


def in_calendar_year(years: Sequence[SchoolYear], number: int) -> list[Term]:
    """The terms that begin in a year of the calendar."""
    return [term for term in terms_of(years) if term.begins.year == number]


def running_year(years: Sequence[SchoolYear], today: date) -> SchoolYear | None:
    """The school year that is not over yet: in August the one to come."""
    return next((year for year in years if year.terms[-1].ends + timedelta(days=1) > today), None)
