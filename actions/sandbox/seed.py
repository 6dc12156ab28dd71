"""What the demonstration council begins with, read from ``seed.yml``.

A street's UPRNs and USRN come from its place in the file: new streets go to its end, and the old ones keep theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_FILE = Path(__file__).with_name("seed.yml")
_PLACES = Path(__file__).with_name("places.yml")
_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_STOCKPORT = 4235  # the custodian code of Stockport in the national gazetteer
_SPACING = 0.00008  # degrees from one house to the next: about nine metres


@dataclass(frozen=True)
class Home:
    """An address with what its collections follow: a round ("tu-a"), a story of its own, or "none"."""

    uprn: str
    usrn: str
    postcode: str
    number: str
    building: str
    flat: str
    street: str
    town: str
    custodian: int
    classification: str
    latitude: float
    longitude: float
    plan: str
    services: str
    member: bool


@dataclass(frozen=True)
class Service:
    """A collection service: how often in weeks, in which of those weeks, and its one container type."""

    id: str
    name: str
    esd: int
    description: str
    weeks: int
    week: int
    subscription: bool
    container: Mapping[str, Any]


@dataclass(frozen=True)
class SlotPlan:
    """When a service can be booked: weekdays (Monday is 0), times of day, how many at once, how soon."""

    days: tuple[int, ...]
    times: tuple[tuple[str, str], ...]
    capacity: int
    lead_working_days: int


@dataclass(frozen=True)
class Seed:
    """Everything in the file."""

    addresses: tuple[Home, ...]
    services: Mapping[str, Service]
    sets: Mapping[str, tuple[str, ...]]
    promises: Mapping[str, int]
    case_days: Mapping[str, int]
    cases: Mapping[str, int]
    slots: Mapping[str, SlotPlan]
    places: tuple[Mapping[str, Any], ...]


@lru_cache(maxsize=1)
def read_seed() -> Seed:
    """The seed, read once; KeyError or ValueError if the file is wrong."""
    raw = YAML(typ="safe", pure=True).load(_FILE)
    services = {name: Service(id=name, **{"subscription": False, **entry}) for name, entry in raw["services"].items()}
    homes = [home for index, street in enumerate(raw["streets"]) for home in _street(index, street)]
    return Seed(
        addresses=tuple(homes),
        services=services,
        sets={name: tuple(ids) for name, ids in raw["sets"].items()},
        promises=raw["promises"],
        case_days=raw["case_days"],
        cases=raw["cases"],
        slots={name: _slot_plan(entry) for name, entry in raw["slots"].items()},
        places=(*raw["places"], *map(_place, YAML(typ="safe", pure=True).load(_PLACES)["places"])),
    )


def _street(index: int, street: Mapping[str, Any]) -> Iterator[Home]:
    latitude, longitude = street["at"]
    numbers = [str(number) for number in _numbers(street.get("numbers", ""))]
    flats = [f"Flat {flat}" for flat in range(1, street.get("flats", 0) + 1)]
    members = set(_numbers(street.get("members", "")))
    units = [("", flat) for flat in flats] or [(number, "") for number in numbers]
    for position, (number, flat) in enumerate(units, start=1):
        yield Home(
            uprn=f"{street.get('uprn', '100011')}{index:03d}{position:03d}",
            usrn=f"2550{index:04d}",
            postcode=street["postcode"],
            number=number,
            building=street.get("building", ""),
            flat=flat,
            street=street["street"],
            town=street["town"],
            custodian=street.get("custodian", _STOCKPORT),
            classification=street.get("classification", "RD06" if flat else "RD04"),
            latitude=round(latitude + position * _SPACING, 6),
            longitude=longitude,
            plan=street["plan"],
            services=street.get("services", "house"),
            member=number in members,
        )


def _place(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A place of places.yml in the form of those in seed.yml: terms for materials, schedules for its hours."""
    clauses = filter(None, str(entry.get("hours", "")).split("; "))
    schedules = [schedule for clause in clauses for schedule in _schedules(*clause.split(" "))]
    return {**entry, "schedules": schedules, "materials": entry.get("terms", [])}


def _schedules(days: str, *times: str) -> Iterator[dict[str, str]]:
    """Open Referral's schedules of one clause; a clause "closed" has none, but on bank holidays it must be told."""
    for span in times:
        opens, _, closes = span.partition("-")
        if days == "bank" or closes:
            named = {"description": "Bank holidays"} if days == "bank" else {"byday": ",".join(_each_day(days))}
            yield {**named, **({"opens_at": opens, "closes_at": closes} if closes else {})}


def _each_day(days: str) -> Iterator[str]:
    for part in days.split(","):
        first, _, last = part.partition("-")
        yield from (day.upper() for day in _DAYS[_DAYS.index(first) : _DAYS.index(last or first) + 1])


def _numbers(text: str) -> list[str]:
    """ "1-12", "1-39 odd", "1-12,12A": house numbers in order."""
    found: list[str] = []
    for part in filter(None, text.split(",")):
        span = re.fullmatch(r"(\d+)-(\d+)( odd| even)?", part.strip())
        if span is None:
            found.append(part.strip())
            continue
        first, last = int(span[1]), int(span[2])
        found += [str(number) for number in range(first, last + 1, 2 if span[3] else 1)]
    return found


def _slot_plan(entry: Mapping[str, Any]) -> SlotPlan:
    times = tuple((start, end) for start, end in entry["times"])
    return SlotPlan(tuple(entry["days"]), times, entry["capacity"], entry["lead_working_days"])
