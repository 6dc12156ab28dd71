"""Bins and collections, by the Local Waste Service Standards v0.1 (communitiesuk/waste-service-standards).

Three things are ours, since the standard has no place for them: ``/services/{id}/collections`` for a range of
days, ``type`` in a container type (a council's own name for it; else it is made of colour and shape), and
``subscription`` in a service that residents may join. Everything else is read as the standard's examples have it.
"""

from __future__ import annotations

import asyncio
import datetime as dt  # not "from": Collection has a field named date
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from actions.backends.http import Http
from actions.backends.reading import Record, records


@dataclass(frozen=True)
class Container:
    """A kind of bin. ``type`` is a slug such as "black_bin"; the council's profile names it."""

    type: str
    colour: str
    size: str
    shape: str
    stream: str


@dataclass(frozen=True)
class Collection:
    """One container's collection on one day; ``scheduled`` is the ordinary day and differs when it was moved."""

    date: dt.date
    container: Container
    scheduled: dt.date
    reason: str
    collected_at: dt.datetime | None


@dataclass(frozen=True)
class WasteService:
    """A collection service that a property has."""

    id: str
    name: str
    containers: tuple[Container, ...]
    next: Collection | None
    last: Collection | None


@dataclass(frozen=True)
class CrewEvent:
    """What a crew put on record: the standard's type, a sub type after " - "; container is a slug or ""."""

    type: str
    at: dt.datetime
    container: str


@dataclass(frozen=True)
class WasteCase:
    """A report or request about a property's waste."""

    reference: str
    kind: str
    status: str
    container: str
    created: dt.datetime
    promised: dt.date | None


class Waste(Protocol):
    """What the waste service knows about a property, and what can be asked of it."""

    async def services(self, uprn: str) -> list[WasteService]:
        """The property's services; [] when it has none."""

    async def collections(self, uprn: str, start: dt.date, end: dt.date) -> list[Collection]:
        """All collections from start to end, both included, by date."""

    async def events(self, uprn: str, usrn: str, start: dt.date, end: dt.date) -> list[CrewEvent]:
        """The crews' records about the property and its street, newest first."""

    async def cases(self, uprn: str) -> list[WasteCase]:
        """Reports and requests about the property, newest first."""

    async def garden_offered(self, uprn: str) -> bool:
        """Whether the property may have the garden waste service."""

    async def garden_member(self, uprn: str) -> bool:
        """Whether the property has joined the garden waste service."""

    async def open_case(self, kind: str, uprn: str, details: Mapping[str, str], key: str) -> WasteCase:
        """Report or ask for something; the same key again gives the same case."""


class WasteStandard:
    """Waste by the standard's HTTP interface."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def services(self, uprn: str) -> list[WasteService]:
        """The list is short by the standard, so each service's details are fetched, all at the same time."""
        async with self._http.call():
            ids = [service for service, _ in await self._brief(uprn)]
            details = await asyncio.gather(*(self._http.get(f"/services/{service}", {"uprn": uprn}) for service in ids))
        return [_service(Record(self._http.name, raw)) for raw in details]

    async def collections(self, uprn: str, start: dt.date, end: dt.date) -> list[Collection]:
        """All collections of all services from start to end, by date and then container."""
        params = {"uprn": uprn, "start_date": start.isoformat(), "end_date": end.isoformat()}
        async with self._http.call():
            ids = [service for service, _ in await self._brief(uprn)]
            lists = await asyncio.gather(*(self._list(f"/services/{service}/collections", params) for service in ids))
        found = [_collection(entry) for entries in lists for entry in entries]
        return sorted(found, key=lambda each: (each.date, each.container.type))

    async def events(self, uprn: str, usrn: str, start: dt.date, end: dt.date) -> list[CrewEvent]:
        """Events of the property or of its whole street, newest first."""
        params = {
            "uprn": uprn,
            "usrn": usrn,
            "start_date": start.isoformat(),
            "end_date": end.isoformat(),
        }
        async with self._http.call():
            found = [_event(entry) for entry in await self._list("/events", params)]
        return sorted(found, key=lambda event: event.at, reverse=True)

    async def cases(self, uprn: str) -> list[WasteCase]:
        """Reports and requests about the property, newest first."""
        async with self._http.call():
            found = [_case(entry) for entry in await self._list("/cases", {"uprn": uprn})]
        return sorted(found, key=lambda case: case.created, reverse=True)

    async def garden_offered(self, uprn: str) -> bool:
        """Whether a service of the property can be subscribed to."""
        return await self._subscription(uprn, "offered")

    async def garden_member(self, uprn: str) -> bool:
        """Whether a service of the property is subscribed to."""
        return await self._subscription(uprn, "member")

    async def open_case(self, kind: str, uprn: str, details: Mapping[str, str], key: str) -> WasteCase:
        """Report or ask for something; the same key again gives the same case."""
        body = {"kind": kind, "uprn": uprn, "details": dict(details)}
        async with self._http.call():
            return _case(Record(self._http.name, await self._http.post("/cases", body, key)))

    async def _subscription(self, uprn: str, field: str) -> bool:
        async with self._http.call():
            found = await self._brief(uprn)
        return any(entry.part("subscription").flag(field) for _, entry in found if entry.has("subscription"))

    async def _brief(self, uprn: str) -> list[tuple[str, Record]]:
        """The property's services as the list has them, by id."""
        return [(entry.label("id"), entry) for entry in await self._list("/services", {"uprn": uprn})]

    async def _list(self, path: str, params: Mapping[str, str]) -> list[Record]:
        return records(self._http.name, await self._http.get(path, params))


def _container(entry: Record) -> Container:
    """A container type. Its streams are one object in the standard's lists and several in its collections."""
    colour = entry.text("color")
    shape = entry.text("shape", "")
    kind = "caddy" if "caddy" in shape.lower() else "bin"
    streams = [entry.part("material_stream")] if entry.has("material_stream") else entry.parts("material_streams")
    return Container(
        type=entry.text("type", "") or f"{colour.lower()}_{kind}",
        colour=colour,
        size=entry.text("size", ""),
        shape=shape,
        stream=streams[0].text("name") if streams else "",
    )


def _collection(entry: Record) -> Collection:
    """The standard's ``date`` is the ordinary day, and ``changed_date`` the true one when it was moved."""
    containers = entry.parts("containers")
    if not containers:
        raise entry.nonsense("containers")
    scheduled = entry.day("date")
    return Collection(
        date=entry.day_or_none("changed_date") or scheduled,
        container=_container(containers[0].part("type")),
        scheduled=scheduled,
        reason=entry.text("changed_date_reason", ""),
        collected_at=entry.moment("collected_at") if entry.has("collected_at") else None,
    )


def _service(entry: Record) -> WasteService:
    def collection(field: str) -> Collection | None:
        return _collection(entry.part(field)) if entry.has(field) else None

    return WasteService(
        id=entry.label("id"),
        name=entry.text("name"),
        containers=tuple(_container(container) for container in entry.parts("container_types")),
        next=collection("next_collection"),
        last=collection("last_collection"),
    )


def _event(entry: Record) -> CrewEvent:
    """The standard's two examples name the type differently; both are read."""
    kind = entry.text("type", "") or entry.text("event_type")
    detail = entry.text("sub_type", "")
    return CrewEvent(
        type=f"{kind} - {detail}" if detail else kind,
        at=entry.moment("date_created"),
        container=_container(entry.part("container_type")).type if entry.has("container_type") else "",
    )


def _case(entry: Record) -> WasteCase:
    status = entry.text("status")
    if status not in ("open", "closed"):
        raise entry.nonsense("status")
    return WasteCase(
        reference=entry.text("reference"),
        kind=entry.text("kind"),
        status=status,
        container=entry.text("container", ""),
        created=entry.moment("created"),
        promised=entry.day_or_none("promised"),
    )
