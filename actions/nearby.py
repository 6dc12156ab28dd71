"""The nearest places of a kind, and whether they are open now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from actions.backends.directory import Place
from actions.backends.reports import metres_between
from actions.base import Ended, Ending, Facts
from actions.content import word
from bot import hours
from bot.text import say
from bot.text.links import https_link
from bot.text.names import Name, Names
from bot.text.phones import parse_phone
from bot.text.say import to_call

NEAREST = 3
LOOK_AHEAD = 14  # days in which the next opening is looked for around holidays
METRES_A_MILE = 1609.344
FAR = 30  # miles from which on nothing of ours is near
FORGET_IT = {"postcode": None, "address": None}  # else the postcode that led nowhere would be used again, unasked
Position = tuple[float, float]
Where = str | Mapping[str, float]  # the answer to a question for a place: a postcode, or the device's location


async def position_of(facts: Facts, where: Where) -> Position:
    """Latitude and longitude; of a postcode by its first address. Raises Ended with ``nowhere`` when it has none."""
    if not isinstance(where, str):
        return where["latitude"], where["longitude"]
    found = await facts.backends.addresses.by_postcode(where)
    if not found:
        raise Ended(Ending("nowhere", {"postcode": where}, remember=FORGET_IT))
    return found[0].latitude, found[0].longitude


def in_words(where: Where) -> str:
    """A place as it stands in a sentence."""
    return where if isinstance(where, str) else word("where_you_are")


async def nearest_to(facts: Facts, places: Sequence[Place], where: Where) -> list[tuple[Place, str]]:
    """The places nearest to an answer. Raises Ended with ``nowhere``, or with ``far`` when none of them is near."""
    position = await position_of(facts, where)
    if places and all(miles(position, (place.latitude, place.longitude)) > FAR for place in places):
        values = {"place": in_words(where), "miles": str(FAR)}
        raise Ended(Ending("far", values, remember=FORGET_IT if isinstance(where, str) else {}))
    return nearest(places, position)


def named_in(text: str, places: Sequence[Place]) -> list[Place]:
    """The places that a message names, misspelt too; the surest first."""
    known = {place.id: place for place in places}
    names = [Name("place", place.id, name) for place in places for name in (place.name, *place.aliases)]
    found = sorted(Names(names).find(text), key=lambda each: -each.confidence)
    return [known[identity] for identity in dict.fromkeys(each.value for each in found)]


def miles(one: Position, other: Position) -> float:
    """The distance over the ground."""
    return metres_between(*one, *other) / METRES_A_MILE


def nearest(places: Sequence[Place], position: Position | None, count: int = NEAREST) -> list[tuple[Place, str]]:
    """The nearest places with their distance in words; all, by name and without distance, for no position."""
    if position is None:
        return [(place, "") for place in sorted(places, key=lambda place: place.name)]
    measured = sorted(((miles(position, (place.latitude, place.longitude)), place) for place in places), key=_first)
    return [(place, f"{max(distance, 0.1):.1f} miles") for distance, place in measured[:count]]


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


def _sentences(*parts: str) -> str:
    return " ".join(part if part.endswith((".", ")")) else f"{part}." for part in parts if part)


def _contact(place: Place) -> str:
    """A telephone number as a link, else the website by its name."""
    if parse_phone(place.phone):
        return to_call(place.phone)
    website = https_link(place.website)
    return f"[{urlsplit(website).hostname}]({website})" if website else ""


def _row(facts: Facts, place: Place, distance: str, response: str) -> dict[str, str]:
    row = {
        "name": say.inert(place.name),
        "where": say.inert(f"{place.address}, {place.postcode}"),
        "distance": distance or facts.council.identity.short,
        "materials": say.listed(place.materials).lower(),
        "note": _sentences(say.inert(place.note), say.inert(place.cost), _contact(place)),
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
