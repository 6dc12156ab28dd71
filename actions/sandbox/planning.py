"""What the demonstration council's planning parts begin with, read from ``planning.yml``; days come from today's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.clock import today

_FILE = Path(__file__).with_name("planning.yml")
_OURS = "Stockport"
_SPACING = 0.00002  # degrees from one of many applications to the next: about two metres


@dataclass(frozen=True)
class Protected:
    """An entity of the national data: a box (south, west, north, east), or a point as a box without size."""

    entity: int
    dataset: str
    name: str
    reference: str
    start: str
    end: str
    entered: str
    page: str
    box: tuple[float, float, float, float]

    def meets(self, south: float, west: float, north: float, east: float) -> bool:
        """Whether it has anything in common with another box."""
        return self.box[0] <= north and south <= self.box[2] and self.box[1] <= east and west <= self.box[3]


@dataclass(frozen=True)
class Registered:
    """An application: ``days`` are its dates by what they are, as days from today."""

    authority: str
    reference: str
    address: str
    description: str
    type: str
    state: str
    latitude: float
    longitude: float
    days: Mapping[str, int]
    officer: str
    appeal_result: str

    def day(self, name: str) -> date | None:
        """One of its dates."""
        return today() + timedelta(days=self.days[name]) if name in self.days else None


@lru_cache(maxsize=1)
def _raw() -> Mapping[str, Any]:
    raw: Mapping[str, Any] = YAML(typ="safe", pure=True).load(_FILE)
    return raw


@lru_cache(maxsize=1)
def protected() -> tuple[Protected, ...]:
    """Every entity of the national data."""
    return tuple(_protected(entry) for entry in _raw()["constraints"])


@lru_cache(maxsize=1)
def registered() -> tuple[Registered, ...]:
    """Every application of every council."""
    return tuple(_registered(entry) for entry in (*_raw()["applications"], *_many(_raw()["many"])))


def _protected(entry: Mapping[str, Any]) -> Protected:
    south, west, *rest = entry.get("box") or entry["point"]
    north, east = rest or (south, west)
    return Protected(
        entity=entry["entity"],
        dataset=entry["dataset"],
        name=entry["name"],
        reference=entry["reference"],
        start=str(entry.get("start", "")),
        end=str(entry.get("end", "")),
        entered=str(entry["entered"]),
        page=entry.get("page", ""),
        box=(south, west, north, east),
    )


def _registered(entry: Mapping[str, Any]) -> Registered:
    dates = ("started", "decided", "comment_by", "target", "appealed")
    return Registered(
        authority=entry.get("authority", _OURS),
        reference=entry["reference"],
        address=entry["address"],
        description=entry["description"],
        type=entry["type"],
        state=entry["state"],
        latitude=entry["at"][0],
        longitude=entry["at"][1],
        days={name: entry[name] for name in dates if name in entry},
        officer=entry.get("officer", ""),
        appeal_result=entry.get("appeal_result", ""),
    )


def _many(pattern: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    letters, _, number = pattern["first"].partition("/")
    south, west = pattern["at"]
    for place in range(pattern["count"]):
        yield {
            **pattern,
            "reference": f"{letters}/{int(number) + place:06d}",
            "address": f"{place + 1} {pattern['street']}",
            "at": [south + place * _SPACING, west],
        }
