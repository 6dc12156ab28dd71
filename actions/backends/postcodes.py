"""Which council, ward and county a postcode is in, by postcodes.io (open source: a council may run its own).

A postcode that is no longer used is not found, and has an answer of its own under ``/terminated_postcodes``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from actions.backends.errors import NotFound
from actions.backends.http import Http
from actions.backends.reading import Record


@dataclass(frozen=True)
class Area:
    """Where a postcode is. ``gss`` is the code of the district; ``county`` is "" where there is one council only."""

    postcode: str
    district: str
    gss: str
    ward: str
    county: str


class Postcodes(Protocol):
    """What is around a postcode."""

    async def area(self, postcode: str) -> Area | None:
        """The area of a postcode that is in use; None for any other."""

    async def is_terminated(self, postcode: str) -> bool:
        """Whether the postcode was in use once and is not now."""


class PostcodesIo:
    """Areas from postcodes.io."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def area(self, postcode: str) -> Area | None:
        """The area of a postcode that is in use; None for any other."""
        found = await self._find("/postcodes/{postcode}", postcode)
        return _area(found.part("result")) if found else None

    async def is_terminated(self, postcode: str) -> bool:
        """Whether the postcode was in use once and is not now."""
        found = await self._find("/terminated_postcodes/{postcode}", postcode)
        return bool(found and found.part("result").whole("year_terminated"))

    async def _find(self, path: str, postcode: str) -> Record | None:
        async with self._http.call():
            try:
                return Record(self._http.name, await self._http.get(path, postcode=postcode.replace(" ", "")))
            except NotFound:
                return None


def _area(entry: Record) -> Area:
    return Area(
        postcode=entry.text("postcode"),
        district=entry.text("admin_district", ""),
        gss=entry.part("codes").text("admin_district", ""),
        ward=entry.text("admin_ward", ""),
        county=entry.text("admin_county", ""),
    )
