"""The nearest places of a kind, and whether they are open now."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from actions.backends.directory import Place
from actions.base import Ended, Ending, Facts
from bot import hours
from bot.text import say

NEAREST = 3
LOOK_AHEAD = 14  # days in which the next opening is looked for around holidays
EARTH_MILES = 3958.8
Position = tuple[float, float]


async def position_of(facts: Facts, postcode: str) -> Position:
    """Latitude and longitude of a postcode, by its first address. Raises Ended with ``nowhere`` when it has none."""
    found = await facts.backends.addresses.by_postcode(postcode)
    if not found:
        raise Ended(Ending("nowhere", {"postcode": postcode}, remember={"postcode": None, "address": None}))
    return found[0].latitude, found[0].longitude


def miles(one: Position, other: Position) -> float:
    """The distance over the ground, by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(x), math.radians(y)) for x, y in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_MILES * math.asin(math.sqrt(half))


def nearest(places: Sequence[Place], position: Position | None, count: int = NEAREST) -> list[tuple[Place, str]]:
    """The nearest places with their distance in words; all, by name and without distance, for no position."""
    if position is None:
        return [(place, "") for place in sorted(places, key=lambda place: place.name)]
    measured = sorted(((miles(position, (place.latitude, place.longitude)), place) for place in places), key=_first)
    return [(place, f"{distance:.1f} miles") for distance, place in measured[:count]]


def _first(pair: tuple[float, Place]) -> float:
    return pair[0]


def place_rows(facts: Facts, places: Sequence[tuple[Place, str]], response: str) -> list[dict[str, str]]:
    """A row for each place: the response for one that is open, opens later, or is never shut."""
    return [_row(facts, place, distance, response) for place, distance in places]


def _with_closed_days(week: hours.Week, facts: Facts) -> hours.Week:
    """On some holidays everything is shut (the fact ``closed_holidays``), whatever a place's own hours say."""
    shut = facts.council.fact("closed_holidays").split(", ")
    days = [facts.now.date() + timedelta(days=ahead) for ahead in range(LOOK_AHEAD)]
    closed = {day: () for day in days if any(name in (facts.council.bank_holiday(day) or "") for name in shut)}
    return replace(week, dated={**week.dated, **closed})


def _row(facts: Facts, place: Place, distance: str, response: str) -> dict[str, str]:
    row = {
        "name": place.name,
        "where": f"{place.address}, {place.postcode}",
        "distance": distance or facts.council.identity.short,
        "materials": say.listed(place.materials).lower(),
        "note": place.note,
        "row": response,
    }
    if not place.hours:
        return row
    week = _with_closed_days(hours.parse_week(place.hours), facts)
    holiday = facts.council.bank_holiday
    opening = hours.opening_today(week, facts.now, holiday)
    row["hours"] = say.hours_list([(interval.start, interval.end) for interval in opening])
    if hours.is_open(week, facts.now, holiday):
        return {**row, "row": f"{response}_open"}
    comes = hours.next_opening(week, facts.now, holiday)
    if comes is None:
        return row
    today = facts.now.date()
    moment = {"day": say.day(comes.date(), today), "time": say.clock(comes.timetz().replace(tzinfo=None))}
    later = "later" if comes.date() == today else "closed"
    return {**row, **moment, "row": f"{response}_{later}"}
