"""The council's notices: closed schools, alerts, works on roads. Each is a JSON file that a website publishes.

There is no published standard for them; the shape is the smallest that a content system or a plain file can give:
``{"updated": moment, "items": [...]}`` at ``/schools``, ``/alerts`` and ``/roadworks``. Days are from and until, both
included; without ``until`` a notice holds until it is taken away. An alert's severity is the Common Alerting
Protocol's. What the list of schools says is the schools' own word: one that is not on it has given no notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from actions.backends.http import Http
from actions.backends.reading import Record

CLOSED, PARTLY, OPEN = "closed", "partly", "open"
STATUSES = (CLOSED, PARTLY, OPEN)
SEVERITIES = ("extreme", "severe", "moderate", "minor")  # the worst first

T = TypeVar("T")


@dataclass(frozen=True)
class SchoolNotice:
    """What a school has said of its days: closed, partly (to some pupils) or open (again)."""

    id: str
    school: str
    status: str
    reason: str
    start: date
    end: date | None
    updated: datetime


@dataclass(frozen=True)
class Alert:
    """Something that residents should know now; no areas means the whole council's."""

    id: str
    title: str
    text: str
    severity: str
    start: datetime
    end: datetime | None
    areas: tuple[str, ...]


@dataclass(frozen=True)
class Roadwork:
    """Works on a street. ``traffic`` is how the traffic is led past ("two-way signals")."""

    id: str
    street: str
    what: str
    start: date
    end: date
    traffic: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Listing(Generic[T]):
    """A list and when somebody last looked after it, which says how much an empty one is worth."""

    updated: datetime
    items: tuple[T, ...]


class Notices(Protocol):
    """What the council has published."""

    async def schools(self) -> Listing[SchoolNotice]:
        """What schools have said, in the order published."""

    async def alerts(self) -> Listing[Alert]:
        """All alerts, in the order published."""

    async def roadworks(self) -> Listing[Roadwork]:
        """All works, in the order published."""


class NoticeFeed:
    """Notices from JSON files."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def schools(self) -> Listing[SchoolNotice]:
        """What schools have said."""
        updated, items = await self._read("/schools")
        return Listing(updated, tuple(map(_school, items)))

    async def alerts(self) -> Listing[Alert]:
        """All alerts."""
        updated, items = await self._read("/alerts")
        return Listing(updated, tuple(map(_alert, items)))

    async def roadworks(self) -> Listing[Roadwork]:
        """All works."""
        updated, items = await self._read("/roadworks")
        return Listing(updated, tuple(map(_roadwork, items)))

    async def _read(self, path: str) -> tuple[datetime, list[Record]]:
        async with self._http.call():
            answer = Record(self._http.name, await self._http.get(path))
        if not answer.has("items"):
            raise answer.nonsense("items")
        return answer.moment("updated"), answer.parts("items")


def _school(entry: Record) -> SchoolNotice:
    start, end = entry.day("from"), entry.day_or_none("until")
    status = entry.text("status")
    if status not in STATUSES:
        raise entry.nonsense("status")
    if end and end < start:
        raise entry.nonsense("until")
    return SchoolNotice(
        id=entry.label("id"),
        school=entry.text("school"),
        status=status,
        reason=entry.text("reason", ""),
        start=start,
        end=end,
        updated=entry.moment("updated"),
    )


def _alert(entry: Record) -> Alert:
    start = entry.moment("from")
    end = entry.moment("until") if entry.has("until") else None
    severity = entry.text("severity").lower()
    if severity not in SEVERITIES:
        raise entry.nonsense("severity")
    if end and end < start:
        raise entry.nonsense("until")
    return Alert(
        id=entry.label("id"),
        title=entry.text("title"),
        text=entry.text("text", ""),
        severity=severity,
        start=start,
        end=end,
        areas=tuple(entry.texts("areas")),
    )


def _roadwork(entry: Record) -> Roadwork:
    start, end = entry.day("from"), entry.day("until")
    if end < start:
        raise entry.nonsense("until")
    return Roadwork(
        id=entry.label("id"),
        street=entry.text("street"),
        what=entry.text("what"),
        start=start,
        end=end,
        traffic=entry.text("traffic_management", ""),
        latitude=entry.number("latitude"),
        longitude=entry.number("longitude"),
    )
