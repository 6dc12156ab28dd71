"""Planning: what protects a place, and the register of applications.

``Constraints`` come by the interface of planning.data.gov.uk, which is not complete: nothing found there means only
that nothing is in it. ``Applications`` come by the interface of PlanIt, which gathers the registers of all councils;
an application's name there is its council's name, a slash and its reference. Texts and links are other people's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from urllib.parse import quote

from actions.backends.errors import BackendNonsense, NotFound
from actions.backends.http import Http
from actions.backends.reading import Record, read_day
from bot.text.links import https_link

CONSERVATION_AREA = "conservation-area"
LISTED_BUILDING = "listed-building"
LISTED_OUTLINE = "listed-building-outline"
ARTICLE_4 = "article-4-direction-area"
TREE_ZONE = "tree-preservation-zone"
TREE = "tree"

_POINTS = frozenset((LISTED_BUILDING, TREE))  # kept as points: no address ever lies exactly on one
_NEAR_LATITUDE, _NEAR_LONGITUDE = 0.00015, 0.00025  # degrees: about 17 metres each way
_PAGE = 100
_MOST_PAGES = 6


@dataclass(frozen=True)
class Constraint:
    """Something that protects a place; ``kind`` is the data set. Nothing in it is sure to be there but its entity."""

    kind: str
    entity: int
    name: str
    reference: str
    start: date | None
    end: date | None
    entered: date | None
    link: str

    def holds_on(self, day: date) -> bool:
        """Whether it has begun and has not ended."""
        return (self.start is None or self.start <= day) and (self.end is None or self.end > day)


@dataclass(frozen=True)
class Application:
    """An application: ``state`` is PlanIt's word (Undecided, Permitted, Conditions, Rejected, Withdrawn, ...)."""

    authority: str
    reference: str
    address: str
    description: str
    state: str
    started: date | None
    decided: date | None
    comment_by: date | None
    target: date | None
    appealed: date | None
    appeal_result: str
    officer: str
    link: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Found:
    """Applications near a place, and how many there are in all: more than those when the register has too many."""

    total: int
    applications: tuple[Application, ...]


class Constraints(Protocol):
    """What protects a place, as far as the national data knows."""

    async def at(self, latitude: float, longitude: float, kinds: Sequence[str]) -> list[Constraint]:
        """What holds a point, or stands beside it: current and ended, in the order of the kinds."""


class Applications(Protocol):
    """The registers of applications."""

    async def near(self, where: str | tuple[float, float], kilometres: float, days: int) -> Found:
        """Applications of the last days around a postcode, or around latitude and longitude."""

    async def by_reference(self, authority: str, reference: str) -> Application | None:
        """A council's application, or None when its register has no such reference."""


class PlanningData:
    """Constraints by planning.data.gov.uk."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def at(self, latitude: float, longitude: float, kinds: Sequence[str]) -> list[Constraint]:
        """All kinds at the same time, each by itself: a parameter that is not understood there is left out silently."""
        point = {"longitude": f"{longitude:.6f}", "latitude": f"{latitude:.6f}"}
        box = {"geometry": _box(latitude, longitude), "geometry_relation": "intersects"}
        async with self._http.call():
            lists = await asyncio.gather(*(self._of_kind(kind, box if kind in _POINTS else point) for kind in kinds))
        return [found for each in lists for found in each]

    async def _of_kind(self, kind: str, where: Mapping[str, str]) -> list[Constraint]:
        found: list[Constraint] = []
        for page in range(_MOST_PAGES):
            params = {"dataset": kind, **where, "limit": str(_PAGE), "offset": str(page * _PAGE)}
            answer = Record(self._http.name, await self._http.get("/entity.json", params))
            entries = answer.parts("entities")
            found += [self._constraint(entry, kind) for entry in entries]
            if not entries or len(found) >= answer.whole("count"):
                return found
        raise BackendNonsense(self._http.name, "count")

    def _constraint(self, entry: Record, kind: str) -> Constraint:
        if entry.text("dataset") != kind:
            raise entry.nonsense("dataset")
        return Constraint(
            kind=kind,
            entity=entry.whole("entity"),
            name=entry.text("name", ""),
            reference=entry.label("reference", ""),
            start=_day(entry, "start-date"),
            end=_day(entry, "end-date"),
            entered=_day(entry, "entry-date"),
            link=https_link(entry.text("documentation-url", "")),
        )


class PlanIt:
    """Applications by PlanIt."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def near(self, where: str | tuple[float, float], kilometres: float, days: int) -> Found:
        """The first page says how many there are; the others come at the same time."""
        place = {"pcode": where} if isinstance(where, str) else {"lat": f"{where[0]:.6f}", "lng": f"{where[1]:.6f}"}
        params = {**place, "krad": f"{kilometres:g}", "recent": str(days), "pg_sz": str(_PAGE)}
        async with self._http.call():
            first = await self._page(params, 1)
            total = first.whole("total")
            pages = range(2, min(_MOST_PAGES, -(-total // _PAGE)) + 1)
            rest = await asyncio.gather(*(self._page(params, number) for number in pages))
        found = {
            (each.authority, each.reference): each
            for page in (first, *rest)
            for each in map(_application, page.parts("records"))
        }
        return Found(max(total, len(found)), tuple(found.values()))

    async def by_reference(self, authority: str, reference: str) -> Application | None:
        """A council's application, or None when its register has no such reference."""
        name = quote(f"{authority}/{reference}")
        try:
            async with self._http.call():
                return _application(Record(self._http.name, await self._http.get(f"/planapplic/{name}/json")))
        except NotFound:
            return None

    async def _page(self, params: Mapping[str, str], number: int) -> Record:
        answer = await self._http.get("/api/applics/json", {**params, "page": str(number)})
        return Record(self._http.name, answer)


def _application(entry: Record) -> Application:
    """What a council's website has beyond the usual stands in ``other_fields``, if PlanIt could read it at all."""
    more = entry.part("other_fields") if entry.has("other_fields") else entry
    return Application(
        authority=entry.text("area_name", "") or entry.text("name").partition("/")[0],
        reference=entry.label("uid"),
        address=entry.text("address", ""),
        description=entry.text("description", ""),
        state=entry.text("app_state", ""),
        started=_day(entry, "start_date"),
        decided=_day(entry, "decided_date"),
        comment_by=_day(more, "consultation_end_date") or _day(entry, "consulted_date"),
        target=_day(more, "target_decision_date"),
        appealed=_day(more, "appeal_date"),
        appeal_result=more.text("appeal_result", ""),
        officer=more.text("case_officer", ""),
        link=https_link(entry.text("url", "")) or https_link(entry.text("link", "")),
        latitude=entry.number("location_y") if entry.has("location_y") else None,
        longitude=entry.number("location_x") if entry.has("location_x") else None,
    )


def _box(latitude: float, longitude: float) -> str:
    """A small square around a point, as well-known text."""
    south, north = latitude - _NEAR_LATITUDE, latitude + _NEAR_LATITUDE
    west, east = longitude - _NEAR_LONGITUDE, longitude + _NEAR_LONGITUDE
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return "POLYGON((" + ",".join(f"{x:.6f} {y:.6f}" for x, y in corners) + "))"


def _day(entry: Record, field: str) -> date | None:
    """A date; missing, null and empty are none."""
    text = entry.text(field, "")
    if not text:
        return None
    try:
        return read_day(text)
    except ValueError:
        raise entry.nonsense(field) from None
