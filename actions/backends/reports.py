"""Reports about streets and places (pothole, fly-tip, street light), in the shape of Open311 GeoReport v2.

The client is ``open311.py``; this is what the rest of the assistant knows of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import cos, hypot, radians
from typing import Protocol

DATATYPES = ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist")
CONTACT_FIELDS = ("email", "phone", "first_name", "last_name")
# mySociety's words for a report that nobody works on any more; plain GeoReport has "closed" alone.
CLOSED = ("closed", "fixed", "duplicate", "not_councils_responsibility", "no_further_action", "cancelled")
_EARTH_METRES = 6_371_009


@dataclass(frozen=True)
class ReportService:
    """A kind of report; ``type`` is realtime (a reference at once), batch (a token first) or blackbox (neither)."""

    code: str
    name: str
    description: str
    group: str
    keywords: tuple[str, ...]
    has_details: bool
    type: str


@dataclass(frozen=True)
class Attribute:
    """One detail of a kind of report: a question, a text to show, or a field that computers fill in."""

    code: str
    datatype: str
    required: bool
    question: str
    hint: str
    order: int
    values: tuple[tuple[str, str], ...]  # key and name of each choice of a list
    variable: bool
    automated: bool  # mySociety's server_set and hidden_field: neither asked nor shown

    @property
    def is_asked(self) -> bool:
        """Whether residents are to answer it."""
        return self.variable and not self.automated

    @property
    def is_shown(self) -> bool:
        """Whether it is a text for residents to read."""
        return not self.variable and not self.automated


@dataclass(frozen=True)
class Spot:
    """Where something is: coordinates, words or an address's id, of which one is enough."""

    latitude: float | None = None
    longitude: float | None = None
    address: str = ""
    address_id: str = ""


@dataclass(frozen=True)
class Report:
    """A report as the server shows it to everybody."""

    id: str
    service_code: str
    service_name: str
    status: str
    status_notes: str
    description: str
    agency: str
    notice: str
    requested: datetime
    updated: datetime | None
    expected: datetime | None
    address: str
    latitude: float | None
    longitude: float | None
    media_url: str

    @property
    def is_open(self) -> bool:
        """Whether anybody still works on it."""
        return self.status not in CLOSED


@dataclass(frozen=True)
class Filed:
    """A report that was taken: with a reference, with a token for one, or (blackbox) with neither."""

    reference: str | None
    token: str | None
    notice: str


@dataclass(frozen=True)
class Update:
    """What became of a report at some time; ``status`` is one of mySociety's."""

    id: str
    report: str
    status: str
    updated: datetime
    description: str


class Reports(Protocol):
    """File a report, find those that others filed, and see what became of one."""

    async def services(self) -> list[ReportService]:
        """The kinds of report that the council takes."""

    async def definition(self, code: str) -> list[Attribute]:
        """The details of a kind in their order, none if it has none; NotFound if there is no such kind."""

    async def file(
        self,
        code: str,
        spot: Spot,
        attributes: Mapping[str, str | Sequence[str]],
        description: str,
        contact: Mapping[str, str],
        key: str,
        media_url: str = "",
    ) -> Filed:
        """A new report; the same key again gives the same report.

        A list's values are its keys; several for a multivaluelist. A datetime is written by ``w3c``. ``contact`` has
        any of email, phone, first_name, last_name. What a BackendRejected describes is meant for the resident.
        """

    async def by_token(self, token: str) -> str | None:
        """The reference that a token stands for, or None as long as there is none."""

    async def by_reference(self, reference: str) -> Report | None:
        """The report, or None when there is no such reference."""

    async def nearby(
        self, code: str, latitude: float, longitude: float, metres: float, since: datetime | None = None
    ) -> list[Report]:
        """Open reports of a kind within so many metres, newest first; at most 90 days old."""

    async def updates(self, reference: str, since: datetime | None = None) -> list[Update]:
        """What became of a report, oldest first; none from a server without mySociety's extension.

        ``since`` is when the report was made: the shorter the time, the less the server has to look through.
        """


def w3c(moment: datetime) -> str:
    """A moment as GeoReport writes it: to the second, with its zone."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def metres_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The distance over the ground; exact enough for the few miles of a borough."""
    north = radians(other_latitude - latitude)
    east = radians(other_longitude - longitude) * cos(radians((latitude + other_latitude) / 2))
    return _EARTH_METRES * hypot(north, east)
