"""Closed schools: what schools have said, for the one that is named, or all of them.

A school is known by the telling words of its name ("mersey vale" of "Mersey Vale High School"), misspelt too. Where
several share them all are told, for a parent of one infant must not be told of the juniors alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from rapidfuzz import fuzz

from actions.backends.errors import BackendError
from actions.backends.notices import CLOSED, OPEN, PARTLY, Listing, SchoolNotice
from actions.base import Ending, Facts, JourneyAction
from bot.dialogue.journeys import Ask
from bot.finding import words_of
from bot.text import say
from bot.text.picking import Offered, plain

CLOSE = 85  # RapidFuzz's ratio at which a misspelt word is taken
_ROWS = {
    CLOSED: "utter_school_closed_row_closed",
    PARTLY: "utter_school_closed_row_partly",
    OPEN: "utter_school_closed_row_open",
}
QUIET = "utter_school_closed_row_quiet"  # a school that has said nothing
# What kinds of school are called: it tells a school from the town that it is named after, and two of a name apart.
_KINDS = frozenset("primary secondary high infant junior nursery academy college community catholic church".split())
_UNTELLING = _KINDS | frozenset("school the of and england ce rc st saint aided voluntary for at in".split())
_ALL = frozenset("all any list schools closures closings every everything which".split())


def schools_named(text: str, names: Iterable[str], towns: Iterable[str]) -> list[str]:
    """The schools whose telling words all stand in the text; of several those that share most of its other words.

    A school that is called after a town is meant only where its kind is named too ("cheadle primary").
    """
    said = set(words_of(text))
    places = {word for town in towns for word in words_of(town)}
    fitting: list[tuple[tuple[int, int], str]] = []
    for name in dict.fromkeys(names):
        words = set(words_of(name))
        telling = words - _UNTELLING
        if telling and all(_is_said(word, said) for word in telling):
            is_school = words & said & _KINDS or plain(name) in plain(text)
            if is_school or telling - places:
                fitting.append(((len(telling), len(words & said)), name))
    best = max((score for score, _ in fitting), default=None)
    return [name for score, name in fitting if score == best]


def _is_said(word: str, said: set[str]) -> bool:
    return word in said or (len(word) > 3 and any(fuzz.ratio(word, other) >= CLOSE for other in said))


def wants_all(text: str) -> bool:
    """Whether somebody asks after schools, and not after one."""
    return bool(_ALL & set(plain(text).split()))


class SchoolClosed(JourneyAction):
    """See the module's docstring."""

    journey: ClassVar[str] = "school_closed"

    async def check(self, name: str, facts: Facts) -> Ending | None:
        """Nothing is asked when there is nothing to tell."""
        listing = await facts.backends.notices.schools()
        closed = _current(listing.items, facts.now.date())
        return None if closed else Ending("none", {"updated": say.moment(listing.updated, facts.now.date())})

    async def volunteered(self, ask: Ask, text: str, offered: Sequence[Offered], facts: Facts) -> dict[str, Any] | None:
        """Most parents name the school at once."""
        found = await _named(facts, text, await facts.backends.notices.schools())
        if found:
            return {"value": text, "said": say.listed(found)}
        return {"value": "", "said": ""} if wants_all(text) else None

    async def finish(self, facts: Facts) -> Ending:
        listing, today = await facts.backends.notices.schools(), facts.now.date()
        closed = _current(listing.items, today)
        values: dict[str, Any] = {"updated": say.moment(listing.updated, today)}
        if not closed:
            return Ending("none", values)
        asked = facts.value("school") or ""
        named = await _named(facts, asked, listing) if asked else []
        if not named and (not asked or wants_all(asked)):
            return Ending("all", {**values, "notices": [_row(notice, today) for notice in closed]})
        if named:
            rows = [row for name in named for row in _rows_of(name, listing.items, today)]
            return Ending("school", {**values, "notices": rows})
        told = {"school": say.inert(facts.said("school")), "notices": [_row(notice, today) for notice in closed]}
        return Ending("unknown", {**values, **told})


async def _named(facts: Facts, text: str, listing: Listing[SchoolNotice]) -> list[str]:
    """The schools that a text names: of the notices, and of the directory as far as it answers."""
    try:
        known = [place.name for place in await facts.backends.directory.places("school")]
    except BackendError:
        known = []
    towns = {facts.council.identity.short, *(street.town for street in facts.council.streets)}
    return schools_named(text, [*(notice.school for notice in listing.items), *known], towns)


def _is_over(notice: SchoolNotice, today: date) -> bool:
    return notice.end is not None and notice.end < today


def _current(notices: Sequence[SchoolNotice], today: date) -> list[SchoolNotice]:
    """Closures of today and of the days to come, by the school's name."""
    found = [notice for notice in notices if notice.status != OPEN and not _is_over(notice, today)]
    return sorted(found, key=lambda notice: (notice.school, notice.start))


def _rows_of(school: str, notices: Sequence[SchoolNotice], today: date) -> list[dict[str, str]]:
    """What a school has said; a row of its own when that is nothing."""
    said = [notice for notice in notices if notice.school == school and not _is_over(notice, today)]
    return [_row(notice, today) for notice in said] or [{"school": school, "row": QUIET}]


def _row(notice: SchoolNotice, today: date) -> dict[str, str]:
    return {
        "school": say.inert(notice.school),
        "days": say.days(notice.start, notice.end, today),
        "reason": say.inert(notice.reason),
        "row": _ROWS[notice.status],
    }
