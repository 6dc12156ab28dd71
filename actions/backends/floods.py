"""Flood warnings, by the Environment Agency's flood-monitoring API (open data, no key).

A warning names its flood area and has no position of its own, so that the areas near a place are asked for as well:
they say how far away each warning is. Times without a zone are London's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from actions.backends.http import Http
from actions.backends.reading import Record

SEVERE, WARNING, ALERT, OVER = 1, 2, 3, 4  # severityLevel; OVER is no longer in force
_LEVELS = (SEVERE, WARNING, ALERT, OVER)


@dataclass(frozen=True)
class FloodWarning:
    """A warning of any severity. ``position`` is the middle of its area, or None where that is not known."""

    area: str
    place: str
    severity: int
    message: str
    changed: datetime
    position: tuple[float, float] | None


class Floods(Protocol):
    """The national agency's warnings."""

    async def near(self, latitude: float, longitude: float, kilometres: float) -> list[FloodWarning]:
        """All warnings for areas that near, those no longer in force too; [] if there is none."""


class FloodMonitoring:
    """Warnings from the Environment Agency."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def near(self, latitude: float, longitude: float, kilometres: float) -> list[FloodWarning]:
        """Warnings and areas are asked for at the same time; an area counts only where it has a warning."""
        where = {"lat": str(latitude), "long": str(longitude), "dist": str(kilometres)}
        async with self._http.call():
            paths = ("/id/floods", "/id/floodAreas")
            warnings, areas = await asyncio.gather(*(self._items(path, where) for path in paths))
        positions = {area.text("notation"): _position(area) for area in areas}
        return [_warning(entry, positions) for entry in warnings]

    async def _items(self, path: str, where: Mapping[str, str]) -> list[Record]:
        answer = Record(self._http.name, await self._http.get(path, where))
        if not answer.has("items"):
            raise answer.nonsense("items")
        return answer.parts("items")


def _position(area: Record) -> tuple[float, float] | None:
    return (area.number("lat"), area.number("long")) if area.has("lat") and area.has("long") else None


def _warning(entry: Record, positions: Mapping[str, tuple[float, float] | None]) -> FloodWarning:
    severity = entry.whole("severityLevel")
    if severity not in _LEVELS:
        raise entry.nonsense("severityLevel")
    area = entry.text("floodAreaID")
    return FloodWarning(
        area=area,
        place=entry.text("description"),
        severity=severity,
        message=entry.text("message", ""),
        changed=entry.moment("timeMessageChanged"),
        position=positions.get(area),
    )
