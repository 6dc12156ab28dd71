"""What is true of one council: its names, facts, containers, items, places and rules, as frozen dataclasses.

Amounts of money are whole pence. Errors: ValueError > ProfileError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property, lru_cache
from math import cos, hypot, radians
from typing import Any

import holidays

from bot.finding import Finder, words_of
from bot.hours import Week
from bot.profile_desk import Desk, Team
from bot.text import say

NEAR_DEGREES = 0.0018  # of latitude: about 200 metres

Value = int | str | date | time | Week


class ProfileError(ValueError):
    """Something in a council's folder is wrong; the message names file and line and says it in plain words."""


@dataclass(frozen=True)
class Fact:
    """Something that changes, with its owner; ``checked_on`` is None until somebody has made sure of it."""

    name: str
    kind: str
    value: Value
    source: str
    owner: str
    checked_on: date | None
    review_by: date


@dataclass(frozen=True)
class Identity:
    """What is public and lasting about the council. ``logo`` is an SVG file of its folder; ``languages`` are offered
    on the page by their tags, the first one unasked."""

    name: str
    short: str
    website: str
    address: str
    custodian_code: str
    gss_code: str
    bank_holiday_division: str
    colour: str
    logo: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Neighbour:
    """A council next door, by the custodian code of its addresses; ``gss`` is the national statisticians' code."""

    code: str
    name: str
    website: str
    gss: str


@dataclass(frozen=True)
class Container:
    """A bin or box that is emptied at home; ``holds`` says what goes in."""

    id: str
    name: str
    colour: str
    holds: str
    sizes: tuple[str, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Route:
    """Where a thing goes that is not for a container."""

    id: str
    name: str
    said: str


@dataclass(frozen=True)
class Item:
    """A household thing; ``goes`` is the id of a container or a route."""

    name: str
    goes: str
    aliases: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class CrewReason:
    """What an event of the waste standard means: ``said`` finishes "The crew's record says that ..."."""

    event: str
    reason: str
    side: str
    said: str
    next: str


@dataclass(frozen=True)
class BulkyGroup:
    """Bulky items of one price; ``price`` is the name of a fact."""

    id: str
    name: str
    price: str


@dataclass(frozen=True)
class BulkyItem:
    """Something that the council collects for a fee."""

    id: str
    name: str
    group: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hazard:
    """Something that may harm people; ``book`` is true where the tip wants a booking."""

    id: str
    name: str
    said: str
    book: bool
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class TipVehicle:
    """A kind of vehicle that people bring to the tip."""

    id: str
    name: str
    permit: bool
    said: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Street:
    """A street that the assistant knows by name; its middle in degrees where it is known."""

    name: str
    postcode_area: str
    town: str
    latitude: float = 0.0
    longitude: float = 0.0


@dataclass(frozen=True)
class Place:
    """A tip, recycling point or caddy bag point; ``hours`` is text for ``bot.hours.parse_week``."""

    id: str
    name: str
    kind: str
    address: str
    postcode: str
    latitude: float
    longitude: float
    hours: str
    materials: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Term:
    """A school term in two halves, by days with pupils: its first, the last before half term, the next, its last.

    ``holiday`` is what people call the holiday that follows it.
    """

    name: str
    begins: date
    breaks_up: date
    goes_back: date
    ends: date
    half_term: str
    holiday: str


@dataclass(frozen=True)
class SchoolYear:
    """Three terms and the days on which only staff come in; kept like a fact, with its owner and its review."""

    name: str
    source: str
    owner: str
    checked_on: date | None
    review_by: date
    terms: tuple[Term, ...]
    inset: tuple[date, ...]


@dataclass(frozen=True)
class Council:
    """One council, whole. A wrong name in a look-up raises ProfileError, for it is a mistake in our content."""

    identity: Identity
    neighbours: tuple[Neighbour, ...]
    facts: Mapping[str, Fact]
    containers: Mapping[str, Container]
    routes: Mapping[str, Route]
    crew_reasons: Mapping[str, CrewReason]
    bulky_groups: Mapping[str, BulkyGroup]
    bulky_items: Mapping[str, BulkyItem]
    hazards: Mapping[str, Hazard]
    tip_vehicles: Mapping[str, TipVehicle]
    materials: Mapping[str, tuple[str, ...]]
    items: tuple[Item, ...]
    fillers: frozenset[str]
    streets: tuple[Street, ...]
    places: tuple[Place, ...]
    desk: Desk
    school_years: tuple[SchoolYear, ...] = ()

    def fact(self, name: str) -> Any:
        """A fact's value by kind: number int, money int (pence), date, time, hours Week, the others str."""
        return self._fact(name).value

    def said(self, name: str) -> str:
        """A fact in words: "£35.50", "free", "4pm", "Sunday 28 February 2027"."""
        value = self._fact(name).value
        if self._fact(name).kind == "money":
            return say.fee(value)  # type: ignore[arg-type]  # money is read as int
        if isinstance(value, Week):
            return "; ".join(_week_words(value))
        if isinstance(value, time):
            return say.clock(value)
        return f"{say.day(value)} {value.year}" if isinstance(value, date) else str(value)

    def placeholders(self) -> dict[str, str]:
        """What responses may name: ``{council.name}``, ``{fact.garden_fee}``, ``{container.black_bin}``, ..."""
        council = {
            "name": self.identity.name,
            "short": self.identity.short,
            "website": self.identity.website,
            "address": self.identity.address,
            "phone": self.said("contact_phone"),
            "hours": self.said("contact_hours"),
            "out_of_hours_phone": self.said("contact_out_of_hours_phone"),
        }
        found = {f"council.{key}": words for key, words in council.items()}
        found |= {f"fact.{name}": self.said(name) for name in self.facts}
        for box in self.containers.values():
            found |= {f"container.{box.id}": box.name, f"container.{box.id}.holds": box.holds}
        return found | {f"route.{route.id}": route.name for route in self.routes.values()}

    def unchecked(self) -> list[Fact]:
        """Sample facts: nobody has made sure of them yet."""
        return [fact for fact in self.facts.values() if fact.checked_on is None]

    @property
    def teams(self) -> tuple[Team, ...]:
        """The teams of the desk."""
        return self.desk.teams

    def facts_due(self, today: date) -> list[Fact | SchoolYear | Desk]:
        """Facts, school years and rules of the desk whose review date has come."""
        kept: list[Fact | SchoolYear | Desk] = [*self.facts.values(), *self.school_years, self.desk]
        return [each for each in kept if each.review_by <= today]

    def find_item(self, text: str) -> tuple[Item, float] | None:
        """The item that a message is about with a score of 80 to 100; None if there is none or it is not sure."""
        return self._item_finder.best(text)

    def find_items(self, text: str, limit: int = 3) -> list[tuple[Item, float]]:
        """The nearest items, best first, for a "did you mean"."""
        return self._item_finder.nearest(text, limit)

    def find_hazard(self, text: str) -> Hazard | None:
        """The hazardous substance that a message is about."""
        found = self._hazard_finder.best(text)
        return found[0] if found else None

    def material(self, text: str) -> str | None:
        """The kind of recycling that a message names, in the directory's words: "bottle bank" -> "glass"."""
        words = set(words_of(text))
        return next((name for name, said in self.materials.items() if words & {*words_of(name), *said}), None)

    def crew_reason(self, event: str) -> CrewReason | None:
        """By event type; "Contaminated - Something" that is not listed is read as "Contaminated"."""
        return self.crew_reasons.get(event) or self.crew_reasons.get(event.partition(" - ")[0])

    def neighbour(self, custodian_code: str) -> Neighbour | None:
        """The council that an address outside ours belongs to, as far as we know it."""
        return next((each for each in self.neighbours if each.code == custodian_code.lstrip("0")), None)

    def neighbour_by_gss(self, code: str) -> Neighbour | None:
        """The council next door with this GSS code."""
        return next((each for each in self.neighbours if each.gss == code), None)

    def bulky_price(self, item_id: str) -> int:
        """Pence for one bulky item."""
        if item_id not in self.bulky_items:
            raise ProfileError(f"There is no bulky item '{item_id}'.")
        return int(self.fact(self.bulky_groups[self.bulky_items[item_id].group].price))

    def places_of(self, kind: str) -> list[Place]:
        """The places of one kind: tip, recycling_point or caddy_bag_point."""
        return [place for place in self.places if place.kind == kind]

    def street_near(self, latitude: float, longitude: float) -> str:
        """The street whose middle is nearest to a position in degrees, with its part of town; "" if none is near."""
        squeezed = cos(radians(latitude))
        measured = [
            (hypot(street.latitude - latitude, (street.longitude - longitude) * squeezed), street)
            for street in self.streets
            if street.latitude
        ]
        distance, street = min(measured, key=lambda pair: pair[0], default=(1.0, None))
        return f"{street.name}, {street.town}" if street and distance <= NEAR_DEGREES else ""

    def bank_holiday(self, day: date) -> str | None:
        """The bank holiday's name, or None."""
        return bank_holidays(self.identity.bank_holiday_division)(day)

    @cached_property
    def _item_finder(self) -> Finder[Item]:
        return Finder(self.items, self.fillers)

    @cached_property
    def _hazard_finder(self) -> Finder[Hazard]:
        return Finder(tuple(self.hazards.values()), self.fillers)

    def _fact(self, name: str) -> Fact:
        if name not in self.facts:
            raise ProfileError(f"The profile has no fact '{name}'.")
        return self.facts[name]


def _week_words(week: Week) -> Iterator[str]:
    for numbers, hours in week.groups():
        yield f"{say.weekdays(numbers)} {say.hours_list([(each.start, each.end) for each in hours])}"


@lru_cache(maxsize=8)
def bank_holidays(division: str) -> Callable[[date], str | None]:
    """A function from a date to the bank holiday's name, for ENG, SCT, WLS or NIR. Raises ProfileError."""
    try:
        calendar = holidays.country_holidays("GB", subdiv=division)
    except NotImplementedError:
        raise ProfileError(f"'{division}' is not a bank holiday division.") from None

    def name_of(day: date) -> str | None:
        name = calendar.get(day)
        return name.removesuffix(" (observed)") if name else None

    return name_of
