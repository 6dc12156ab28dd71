"""Term dates: what was asked for, from the profile's dates; the whole school year when nothing else was.

The question is not asked back: which break, year or day is meant is read from the resident's own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from actions.base import Ending, Facts, JourneyAction
from actions.content import word
from actions.schools.years import (
    Break,
    breaks_of,
    day_of,
    in_calendar_year,
    next_break,
    running_year,
    terms_of,
)
from bot.profile import SchoolYear, Term
from bot.text import say
from bot.text.dates import find_dates
from bot.text.picking import plain

_INSET = re.compile(r"\b(?:inset|insets|inservice|in service|training days?|teacher days?)\b")
_NOW = re.compile(
    r"\bterm ?time\b(?!.*\b(?:dates?|holidays?|fines?)\b)"
    r"|\bis it (?:still |already )?(?:the )?(?:school )?(?:half ?term|holidays?|hols|term)\b.*\b(?:now|this week|yet)\b"
    r"|\b(?:is|are) (?:the |all )?(?:schools?|kids|children|pupils) (?:in|off|on holiday|on half ?term|open)\b"
)
_SEASON = r"(?P<season>autumn|winter|spring|summer)"
_TERM = re.compile(rf"\b{_SEASON} term\b")
_HALF = re.compile(r"\bhalf ?terms?\b|\bmid ?term\b")
# What asks for the next break, whichever it is.
_COMING = re.compile(
    r"\b(?:go|goes|going|get|gets|come|start|starts|are|is) back\b|\bback (?:to|at|in) school\b|\breturn\w*\b"
    r"|\b(?:break|breaks|breaking|brake|brakes) ?up\b|\bfinish\w*\b|\bnext (?:school )?(?:break|hols?|holidays?)\b"
    r"|\blast day\b|\bend of (?:the )?term\b|\b(?:how long|days|weeks) (?:until|till|til|to|before)\b"
)
# What people call breaks besides the names that the profile gives them.
_SYNONYMS = (
    (re.compile(r"\b(?:xmas|chrimbo|crimbo|chrismas|new year)\b"), "christmas"),
    (re.compile(r"\b(?:whit|whitsun|whitsuntide)\b"), "may"),
    (re.compile(r"\b(?:six|6) weeks?\b|\b(?:big|long) holidays?\b|\bnew school year\b"), "summer"),
    (re.compile(r"\beastr?er\b|\bester\b"), "easter"),
)
_UNTELLING = frozenset("half term terms holiday holidays break".split())
_MONTHS = tuple(month.lower() for month in say.MONTHS)
# Two months are words of their own too: "when may they", "march".
_PLAIN_MONTHS = re.compile(rf"\b(?:in )?(?P<month>{'|'.join(m for m in _MONTHS if m not in ('march', 'may'))})\b")
_ODD_MONTHS = re.compile(r"\bin (?P<month>march|may)\b")
_ABBREVIATED = re.compile(r"\b(?:jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec)\b")
_TWO_YEARS = re.compile(r"\b(?:20)?(?P<first>\d\d) (?:to |and )?(?:20)?(?P<second>\d\d)\b")
_ONE_YEAR = re.compile(r"\b20(?P<year>\d\d)\b")
_NEXT_YEAR = re.compile(r"\bnext (?:school |academic )?year\b")


class TermDates(JourneyAction):
    """See the module's docstring."""

    journey: ClassVar[str] = "term_dates"

    async def finish(self, facts: Facts) -> Ending:
        said, today = _ABBREVIATED.sub(_in_full, plain(facts.first)), facts.now.date()
        years = facts.council.school_years
        if _INSET.search(said):
            return _inset(years, today)
        named = [found.value for found in find_dates(facts.first, today)]
        if named or _NOW.search(said):
            return _on_a_day(facts, named[0] if named else today)
        season = _TERM.search(said)
        if season and not _HALF.search(said):
            return _one_term(years, season["season"], said, today)
        wanted = _breaks_meant(breaks_of(years), said)
        if wanted is not None:
            return _one_break(next_break(_in_the_year(wanted, years, said, today), today), today)
        return _listed(years, said, today)


def _in_full(month: re.Match[str]) -> str:
    return next(name for name in _MONTHS if name.startswith(month[0][:3]))


def _inset(years: Sequence[SchoolYear], today: date) -> Ending:
    days = [say.day(day, today) for year in years for day in year.inset if day >= today]
    return Ending("inset", {"days": say.listed(days)}) if days else Ending("unknown")


def _on_a_day(facts: Facts, day: date) -> Ending:
    today = facts.now.date()
    found = day_of(facts.council.school_years, day, facts.council.bank_holiday)
    if found is None:
        return Ending("unknown")
    values = {"day": say.day(day, today), "holiday": found.holiday}
    return Ending(f"day_{found.kind}", {**values, **(_break_values(found.rest, today) if found.rest else {})})


def _one_term(years: Sequence[SchoolYear], season: str, said: str, today: date) -> Ending:
    number = _year_meant(said)
    for term in terms_of(years):
        is_meant = term.begins.year == number if number else term.ends >= today
        if is_meant and season in term.name.lower():
            return Ending("term", _term_values(term))
    return Ending("unknown")


def _breaks_meant(breaks: Sequence[Break], said: str) -> list[Break] | None:
    """The breaks that the words fit; None where no break was asked for."""
    words = set(said.split()) | {name for pattern, name in _SYNONYMS if pattern.search(said)}
    is_half = bool(_HALF.search(said))
    if words & {"may", "march"} and not (is_half or _ODD_MONTHS.search(said) or "whit" in said):
        words -= {"may", "march"}
    fitting = [each for each in breaks if not is_half or each.is_half_term]
    by_name = [each for each in fitting if words & _telling(each.name)]
    if is_half:  # "summer half term" is the summer term's; who says "easter half term" means the Easter holidays
        by_term = [each for each in fitting if words & _telling(each.term.name)]
        by_name = by_name or by_term or [each for each in breaks if words & _telling(each.name)]
    month = _PLAIN_MONTHS.search(said) or _ODD_MONTHS.search(said)
    by_month = [each for each in fitting if month and _is_in(each, _MONTHS.index(month["month"]) + 1)]
    if by_name or by_month:
        return by_name or by_month
    return fitting if is_half or _COMING.search(said) else None


def _telling(name: str) -> set[str]:
    return set(plain(name).split()) - _UNTELLING


def _is_in(rest: Break, month: int) -> bool:
    return month in (rest.last.month, rest.back.month if rest.back else 0)


def _in_the_year(breaks: list[Break], years: Sequence[SchoolYear], said: str, today: date) -> list[Break]:
    """Of the breaks those in the year that was named: of the calendar ("easter 2027") or of school ("2026/27")."""
    school_year = _school_year_meant(years, said, today)
    if school_year:
        return [each for each in breaks if each.year is school_year]
    number = _year_meant(said)
    return [each for each in breaks if number in (None, each.last.year)]


def _year_meant(said: str) -> int | None:
    found = _ONE_YEAR.search(said)
    return 2000 + int(found["year"]) if found else None


def _school_year_meant(years: Sequence[SchoolYear], said: str, today: date) -> SchoolYear | None:
    """ "2026/27", "26-27", "next year"."""
    if _NEXT_YEAR.search(said):
        now = running_year(years, today)
        return next((after for before, after in zip(years, years[1:], strict=False) if before is now), None)
    for found in _TWO_YEARS.finditer(said):
        for year in years:
            if year.terms[0].begins.year % 100 == int(found["first"]) == int(found["second"]) - 1:
                return year
    return None


def _one_break(rest: Break | None, today: date) -> Ending:
    return Ending("break", _break_values(rest, today)) if rest else Ending("unknown")


def _listed(years: Sequence[SchoolYear], said: str, today: date) -> Ending:
    number = _year_meant(said)
    school_year = _school_year_meant(years, said, today)
    if school_year is None and (number or _NEXT_YEAR.search(said)):
        terms, name = in_calendar_year(years, number) if number else [], str(number)
    else:
        school_year = school_year or running_year(years, today)
        terms, name = (list(school_year.terms), school_year.name) if school_year else ([], "")
    if not terms:
        return Ending("unknown")
    return Ending("year", {"year": name, "terms": [_term_values(term) for term in terms]})


def _term_values(term: Term) -> dict[str, str]:
    days = {name: say.day(getattr(term, name)) for name in ("begins", "breaks_up", "goes_back", "ends")}
    return {
        "name": f"{term.name} {term.begins.year}",
        "half_term": term.half_term,
        "row": "utter_term_dates_year_terms",
        **days,
    }


def _break_values(rest: Break, today: date) -> dict[str, str]:
    back = say.day(rest.back, today) if rest.back else word("unknown_date")
    return {"name": rest.name, "last": say.day(rest.last, today), "back": back}
