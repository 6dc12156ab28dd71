"""Where something is that residents report: from what they say to a place that a crew finds.

An address, a street with or without a number, a junction, a landmark, a postcode, a map link or coordinates, the
device's location. The answer keeps the position, the nearest street and how it is said back. A street name that
stands for several is asked about (``several``); words that nobody can find are taken as they are only when the
resident has been asked again (``words``): the server or the crew may know better.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from actions.addresses import outside
from actions.backends.addresses import Address
from actions.backends.errors import BackendError
from actions.backends.reports import metres_between
from actions.base import Ended, Ending, Facts
from actions.nearby import FORGET_IT, named_in
from bot.text.answers import Question, parse
from bot.text.picking import plain
from bot.text.sent import read_position
from bot.text.whereabouts import bare_place, junction

SAME_PLACE = "same"
SAME_WORDS = ("same place", "same place as before", "same as before", "same again", "there again")
FOUND, SEVERAL, WORDS = "found", "several", "words"
MOST_CANDIDATES = 6
LEAST_WORDS = 2
MEETING_METRES = 400  # the nearest addresses of two streets that meet are no further apart
NOT_KNOWN = frozenset("know sure idea clue dunno unsure".split())
LANDMARKS = ("library", "park", "car_park", "toilet", "tip", "leisure_centre", "museum", "school")
Slot = dict[str, Any]


async def locate(
    facts: Facts, text: str, entities: Mapping[str, str], pressed: str | None, takes_words: bool
) -> Slot | None:
    """The place that an answer tells, or None. Raises Ended when it is another council's."""
    position = read_position(pressed) if pressed else None
    if pressed and position is None:
        return None
    if position is None:
        told = parse(Question("spot"), text)
        position = (told.value["latitude"], told.value["longitude"]) if told and isinstance(told.value, dict) else None
    if position:
        return await _at(facts, *position)
    found = await _named(facts, text, entities)
    if found:
        return {**found, "words": text}
    words = plain(text).split()
    if not takes_words or len(words) < LEAST_WORDS or NOT_KNOWN & set(words):
        return None
    return {"value": WORDS, "said": text, "words": text}


async def located_already(facts: Facts, text: str, entities: Mapping[str, str]) -> Slot | None:
    """The place that the first message held already; a place must have been named in so many words."""
    told = parse(Question("spot"), text) if text else None
    if told or entities.get("street") or entities.get("postcode"):
        return await locate(facts, text, entities, None, takes_words=False)
    return None


async def _at(facts: Facts, latitude: float, longitude: float) -> Slot:
    """A position with the nearest street, by the gazetteer; far from every address of ours it is not ours."""
    address = await facts.backends.addresses.nearest(latitude, longitude)
    if address is None:
        raise Ended(Ending("far_off", remember=FORGET_IT))
    _refuse_others(facts, [address])
    near = facts.council.street_near(latitude, longitude) or f"{address.street}, {address.town}"
    return {**_slot(address, near), "latitude": latitude, "longitude": longitude, "uprn": ""}


async def _named(facts: Facts, text: str, entities: Mapping[str, str]) -> Slot | None:
    """A place by its names: postcode, junction, landmark, street."""
    postcode, street, number = (entities.get(name) or "" for name in ("postcode", "street", "house_number"))
    if postcode:
        return await _in_postcode(facts, postcode, number)
    crossing = await _junction(facts, text)
    if crossing:
        return crossing
    if not street:
        landmark = await _landmark(facts, text)
        if landmark:
            return landmark
    town = next((each for each in sorted(_towns(facts)) if each.lower() in text.lower()), "")
    words = f"{number} {street} {town}".strip() if street else bare_place(text)
    found = await facts.backends.addresses.find(words)
    return _among(facts, found, number)


async def _in_postcode(facts: Facts, postcode: str, number: str) -> Slot | None:
    found = await facts.backends.addresses.by_postcode(postcode)
    if not found:
        return None
    _refuse_others(facts, found)
    house = [
        address for address in found if number and number.upper() in map(str.upper, (address.house, address.number))
    ]
    if len(house) == 1:
        return _slot(house[0], f"{house[0].line}, {postcode}")
    middle = found[len(found) // 2]
    return {**_slot(middle, f"{middle.street}, {postcode}"), "uprn": ""}


async def _junction(facts: Facts, text: str) -> Slot | None:
    """Where two streets meet: the middle of their nearest addresses."""
    names = junction(text)
    if names is None:
        return None
    sides = [await facts.backends.addresses.find(name) for name in names]
    if not all(sides) or {side.usrn for side in sides[0]} & {side.usrn for side in sides[1]}:
        return None
    pairs = [(_apart(one, other), one, other) for one in sides[0] for other in sides[1]]
    apart, one, other = min(pairs, key=lambda pair: pair[0])
    if apart > MEETING_METRES:
        return None
    _refuse_others(facts, [one, other])
    middle = {"latitude": (one.latitude + other.latitude) / 2, "longitude": (one.longitude + other.longitude) / 2}
    said = f"{one.street} / {other.street}, {one.town}"
    return {**_slot(one, said), **middle, "uprn": ""}


def _apart(one: Address, other: Address) -> float:
    return metres_between(one.latitude, one.longitude, other.latitude, other.longitude)


async def _landmark(facts: Facts, text: str) -> Slot | None:
    """A place of the council's directory by its name."""
    try:
        kinds = await asyncio.gather(*(facts.backends.directory.places(kind) for kind in LANDMARKS))
    except BackendError:  # the street may be known without it
        return None
    found = named_in(text, [place for places in kinds for place in places])
    if not found:
        return None
    place = found[0]
    position = {"latitude": place.latitude, "longitude": place.longitude}
    said = f"{place.name}, {place.address}"
    return {"value": FOUND, "said": said, "street": place.address, "usrn": "", "uprn": "", **position}


def _towns(facts: Facts) -> set[str]:
    return {street.town for street in facts.council.streets}


def _among(facts: Facts, found: Sequence[Address], number: str) -> Slot | None:
    """One address, one street, or several streets of the name to choose from."""
    if not found:
        return None
    _refuse_others(facts, found)
    ours = [address for address in found if _is_ours(facts, address)]
    streets = {(address.street, address.town): address for address in reversed(ours)}
    house = [address for address in ours if number and address.house.upper() == number.upper()]
    if len(house) == 1:
        return _slot(house[0], f"{house[0].line}, {house[0].postcode}")
    if len(streets) == 1:
        middle = ours[len(ours) // 2]
        said = f"{number} {middle.street}, {middle.town}".strip()
        return {**_slot(middle, said), "uprn": ""}
    candidates = [_slot(address, f"{address.street}, {address.town}") for address in streets.values()]
    return {"value": SEVERAL, "said": found[0].street, "candidates": candidates[:MOST_CANDIDATES], "number": number}


def _is_ours(facts: Facts, address: Address) -> bool:
    return address.custodian == facts.council.identity.custodian_code


def _refuse_others(facts: Facts, found: Sequence[Address]) -> None:
    if not any(_is_ours(facts, address) for address in found):
        raise Ended(outside(facts, found[0]))


def _slot(address: Address, said: str) -> Slot:
    position = {"latitude": address.latitude, "longitude": address.longitude}
    return {
        "value": FOUND,
        "said": said,
        "street": address.street,
        "usrn": address.usrn,
        "uprn": address.uprn,
        **position,
    }
