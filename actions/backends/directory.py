"""Places of the council, by Open Referral UK (HSDS 3.0): tips, recycling points, caddy bag points.

A place is a service with one location. Its weekly schedules (iCalendar fields) become the opening hours text that
the rest of the assistant reads ("mo-fr 08:00-18:00; bank closed").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from actions.backends.errors import BackendNonsense
from actions.backends.http import Http
from actions.backends.reading import Record

_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_BANK = "bank"
_MATERIAL = "material"
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_PAGE = 100
_MOST_PAGES = 50


@dataclass(frozen=True)
class Place:
    """Somewhere that residents can go; ``cost`` is in the council's words, ``materials`` are what it is found by."""

    id: str
    name: str
    address: str
    postcode: str
    latitude: float
    longitude: float
    hours: str
    materials: tuple[str, ...]
    note: str
    aliases: tuple[str, ...] = ()
    phone: str = ""
    website: str = ""
    cost: str = ""


class Directory(Protocol):
    """The council's places."""

    async def places(self, kind: str) -> list[Place]:
        """All places of a kind: tip, recycling_point, caddy_bag_point."""


class OpenReferral:
    """Places from an Open Referral UK directory."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def places(self, kind: str) -> list[Place]:
        """All places of a kind, all pages."""
        found: list[Place] = []
        page = pages = 1
        async with self._http.call():
            while page <= pages:
                params = {"taxonomy": kind, "page": str(page), "per_page": str(_PAGE)}
                answer = Record(self._http.name, await self._http.get("/services", params))
                pages = answer.whole("total_pages")
                if pages > _MOST_PAGES:
                    raise BackendNonsense(self._http.name, "total_pages")
                found += [_place(entry) for entry in answer.parts("contents")]
                page += 1
        return found


def _place(entry: Record) -> Place:
    links = entry.parts("service_at_locations")
    if not links:
        raise entry.nonsense("service_at_locations")
    location = links[0].part("location")
    addresses = location.parts("addresses")
    if not addresses:
        raise location.nonsense("addresses")
    terms = [item.part("taxonomy_term") for item in entry.parts("attributes")]
    lines = (addresses[0].text("address_1"), addresses[0].text("city", ""))
    return Place(
        id=entry.text("id"),
        name=entry.text("name"),
        address=", ".join(filter(None, lines)),
        postcode=addresses[0].text("postal_code"),
        latitude=location.number("latitude"),
        longitude=location.number("longitude"),
        hours=_hours(entry.parts("schedules")),
        materials=tuple(term.text("name") for term in terms if term.text("taxonomy") == _MATERIAL),
        note=entry.text("description", ""),
        aliases=tuple(name.strip() for name in entry.text("alternate_name", "").split(",") if name.strip()),
        phone=next((phone.text("number") for phone in entry.parts("phones")), ""),
        website=entry.text("url", ""),
        cost=entry.text("fees_description", ""),
    )


def _hours(schedules: list[Record]) -> str:
    """One clause for each run of days with the same hours; a schedule described as bank holidays is "bank"."""
    week: dict[str, list[str]] = {}
    for schedule in schedules:
        is_bank = _BANK in schedule.text("description", "").lower()
        days = [_BANK] if is_bank else [day.strip().lower() for day in schedule.text("byday").split(",")]
        for day in days:
            if day != _BANK and day not in _DAYS:
                raise schedule.nonsense("byday")
            week.setdefault(day, []).extend(_interval(schedule))
    clauses = []
    for times, run in groupby((day for day in _DAYS if day in week), key=lambda day: sorted(week[day])):
        days = list(run)
        clauses += [f"{name} {_times(times)}" for name in _runs(days)]
    if _BANK in week:
        clauses.append(f"{_BANK} {_times(week[_BANK])}")
    return "; ".join(clauses)


def _interval(schedule: Record) -> list[str]:
    if not schedule.has("opens_at"):
        return []
    opens, closes = schedule.text("opens_at"), schedule.text("closes_at")
    if not (_CLOCK.fullmatch(opens) and _CLOCK.fullmatch(closes)):
        raise schedule.nonsense("opens_at")
    return [f"{opens}-{closes}"]


def _times(intervals: list[str]) -> str:
    return ",".join(sorted(intervals)) or "closed"


def _runs(days: list[str]) -> list[str]:
    """Neighbouring days as a range: ["mo", "tu", "sa"] gives ["mo-tu", "sa"]."""
    runs: list[list[str]] = []
    for day in days:
        if runs and _DAYS.index(day) == _DAYS.index(runs[-1][-1]) + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
