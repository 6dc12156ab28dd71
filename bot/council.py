"""The council's profile: names, facts, containers, items, places and rules, read from data/councils/<council>/.

Everything that differs from council to council is in that folder, so that a second council is data and not a fork.
Reading is strict (YAML 1.2, no key twice) and complains like a compiler: file, line and a plain sentence.

Amounts of money are whole pence here; in the files they are pounds in quotes ("59.00").

Errors: ValueError > ProfileError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, time
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, get_type_hints

import holidays
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode

from bot.hours import HoursError, Week, parse_week
from bot.settings import settings
from bot.text import say

T = TypeVar("T")
Value = int | str | date | time | Week

SIDES = ("resident", "street", "council")
PLACE_KINDS = ("tip", "recycling_point", "caddy_bag_point")
# Facts without which no page or message can be written.
NEEDED_FACTS = ("contact_phone", "contact_hours", "contact_out_of_hours_phone")
# A match at or above this is taken for what was meant; below it is only worth a "did you mean".
SURE = 80
# Words of a message that are searched; an item is named early or not at all.
LONGEST = 100


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
    """What is public and lasting about the council."""

    name: str
    short: str
    website: str
    address: str
    custodian_code: str
    bank_holiday_division: str
    colour: str
    logo_text: str


@dataclass(frozen=True)
class Neighbour:
    """A council next door, by the custodian code of its addresses."""

    code: str
    name: str
    website: str


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
    """A street that the assistant knows by name."""

    name: str
    postcode_area: str
    town: str


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
    items: tuple[Item, ...]
    fillers: frozenset[str]
    streets: tuple[Street, ...]
    places: tuple[Place, ...]

    def fact(self, name: str) -> Any:
        """A fact's value by kind: number int, money int (pence), date, time, hours Week, the others str."""
        return self._fact(name).value

    def said(self, name: str, today: date | None = None) -> str:
        """A fact in words: "£35.50", "free", "4pm", "Tuesday 4 March"; a year is said if ``today`` is far off."""
        value = self._fact(name).value
        if self._fact(name).kind == "money":
            return say.fee(value)  # type: ignore[arg-type]  # money is read as int
        if isinstance(value, Week):
            return "; ".join(_week_words(value))
        if isinstance(value, time):
            return say.clock(value)
        return f"{say.day(value)} {value.year}" if isinstance(value, date) else str(value)

    def placeholders(self, today: date | None = None) -> dict[str, str]:
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
        found |= {f"fact.{name}": self.said(name, today) for name in self.facts}
        for box in self.containers.values():
            found |= {f"container.{box.id}": box.name, f"container.{box.id}.holds": box.holds}
        return found | {f"route.{route.id}": route.name for route in self.routes.values()}

    def unchecked(self) -> list[Fact]:
        """Sample facts: nobody has made sure of them yet."""
        return [fact for fact in self.facts.values() if fact.checked_on is None]

    def facts_due(self, today: date) -> list[Fact]:
        """Facts whose review date has come."""
        return [fact for fact in self.facts.values() if fact.review_by <= today]

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

    def crew_reason(self, event: str) -> CrewReason | None:
        """By event type; "Contaminated - Something" that is not listed is read as "Contaminated"."""
        return self.crew_reasons.get(event) or self.crew_reasons.get(event.partition(" - ")[0])

    def neighbour(self, custodian_code: str) -> Neighbour | None:
        """The council that an address outside ours belongs to, as far as we know it."""
        return next((each for each in self.neighbours if each.code == custodian_code.lstrip("0")), None)

    def bulky_price(self, item_id: str) -> int:
        """Pence for one bulky item."""
        if item_id not in self.bulky_items:
            raise ProfileError(f"There is no bulky item '{item_id}'.")
        return int(self.fact(self.bulky_groups[self.bulky_items[item_id].group].price))

    def places_of(self, kind: str) -> list[Place]:
        """The places of one kind: tip, recycling_point or caddy_bag_point."""
        return [place for place in self.places if place.kind == kind]

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


# --- Finding things by what residents call them ---


class Named(Protocol):
    """Anything with a name and other words for it."""

    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


N = TypeVar("N", bound=Named)


def words_of(text: str) -> list[str]:
    """Plain lower-case words without plural endings: "Pizza boxes" -> ["pizza", "box"]."""
    return [_singular(word) for word in _raw_words(text)]


def _raw_words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub("['’]", "", text.lower()))


def _singular(word: str) -> str:
    if len(word) < 4 or word.endswith("ss"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes")):
        return word[:-2]
    return word.removesuffix("s")


class Finder(Generic[N]):
    """Finds named things in a message: whole words only, the longest name first, tolerant to misspelling.

    Names are compared without spaces, so "tea bag" and "teabag" are one. About one letter in five may be wrong,
    but only in names of five letters up, and never in a word of the list itself ("grass" is never "glass").
    """

    def __init__(self, things: Sequence[N], fillers: frozenset[str]) -> None:
        self._fillers = fillers
        self._names: dict[str, N] = {}
        self._spaced: dict[str, N] = {}
        for thing in things:
            for name in (thing.name, *thing.aliases):
                words = words_of(name)
                self._names["".join(words)] = thing
                self._spaced[" ".join(words)] = thing
        self._known = {word for name in self._spaced for word in name.split()} | self._fillers
        self._long = [name for name in self._names if len(name) > 4]
        self._widest = max((len(name.split()) for name in self._spaced), default=0)

    def best(self, text: str) -> tuple[N, float] | None:
        """The thing that the text names, if that is sure."""
        ranked = self._ranked(_raw_words(text)[:LONGEST])
        return ranked[0] if ranked and ranked[0][1] >= SURE else None

    def nearest(self, text: str, limit: int) -> list[tuple[N, float]]:
        """What the text names, then what shares its words, best first; each thing once."""
        words = _raw_words(text)[:LONGEST]
        content = " ".join(_singular(word) for word in words if word not in self._fillers)
        loose = process.extract(content, list(self._spaced), scorer=fuzz.token_set_ratio, score_cutoff=85, limit=20)
        # A shared word is worth less than a name that was found.
        shared = [(self._spaced[name], score * 0.6) for name, score, _ in loose]
        found: dict[int, tuple[N, float]] = {}
        for thing, score in [*self._ranked(words), *shared]:
            found.setdefault(id(thing), (thing, score))
        return list(found.values())[:limit]

    def _ranked(self, words: list[str]) -> list[tuple[N, float]]:
        """Every name in the text with its score. A longer name outranks a shorter one that is part of it."""
        found = []
        for size in range(1, self._widest + 2):
            for start in range(len(words) - size + 1):
                name, score = self._match(words[start : start + size])
                if name:
                    # "battery cabinet" is no battery: an unknown noun behind a name makes it doubtful.
                    behind = words[start + size : start + size + 1]
                    score -= 25 * any(word not in self._fillers and not word.isdigit() for word in behind)
                    found.append((len(name) * score * score, self._names[name], score))
        return [(thing, score) for _, thing, score in sorted(found, key=lambda each: -each[0])]

    def _match(self, window: list[str]) -> tuple[str, float]:
        """The name that these words are, with a score out of 100; "" if none."""
        plain = [_singular(word) for word in window]
        joined = "".join(plain)
        # Tried on the words as written: "can" asks a question, "cans" are a thing.
        has_filler_end = window[0] in self._fillers or window[-1] in self._fillers
        if joined in self._names and not (has_filler_end and len(window) == 1):
            return joined, 100.0
        if has_filler_end or len(joined) < 5 or self._known.issuperset(plain):
            return "", 0.0
        wrong_letters = max(1, len(joined) // 5)
        found = process.extractOne(joined, self._long, scorer=OSA.distance, score_cutoff=wrong_letters)
        if not found or found[1] > max(1, len(found[0]) // 5):
            return "", 0.0
        return found[0], 100.0 * (1 - found[1] / len(found[0]))


# --- Reading the files ---


class _File:
    """One YAML file and the way to say where in it something is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.content: dict[str, Any] = _yaml().load(path)
        except OSError:
            raise ProfileError(f"{path} cannot be read.") from None
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            # For a key that stands twice the reader adds its values, which help nobody.
            problem = str(error.problem).partition(" with value")[0]
            raise ProfileError(f"{path}, line {line}: {problem}.") from None
        if not isinstance(self.content, dict):
            raise ProfileError(f"{path}, line 1: there must be named sections.")

    def wrong(self, trail: Sequence[str | int], sentence: str) -> ProfileError:
        """The error for what stands at the end of the trail of keys and positions."""
        return ProfileError(f"{self.path}, line {self._line(trail)}: {sentence}")

    def _line(self, trail: Sequence[str | int]) -> int:
        # Only an error needs lines, so the file is read again for it rather than slowly every time.
        node, line = _yaml().compose(self.path), 1
        for step in trail:
            if isinstance(node, MappingNode):
                pairs = {key.value: (key, value) for key, value in node.value}
                if str(step) not in pairs:
                    break
                key, node = pairs[str(step)]
                line = key.start_mark.line + 1
            elif isinstance(node, SequenceNode):
                node = node.value[int(step)]
                line = node.start_mark.line + 1
        return line

    def section(self, name: str, kind: type[T]) -> T:
        """A top-level section, which must be a dict or list as told."""
        if not isinstance(self.content.get(name), kind):
            raise self.wrong([name], f"the section '{name}' is missing or is not a {kind.__name__}.")
        return self.content[name]

    def one(self, kind: type[T], trail: Sequence[str | int], values: Any, **given: Any) -> T:
        """A dataclass from a mapping; every key known, none missing, each value of its kind."""
        if not isinstance(values, dict):
            raise self.wrong(trail, f"'{trail[-1]}' must have named values.")
        hints = get_type_hints(kind)
        wanted = [each for each in fields(kind) if each.name not in given]  # type: ignore[arg-type]
        for key in values:
            if key not in {each.name for each in wanted}:
                raise self.wrong([*trail, key], f"'{key}' is not known here.")
        for each in wanted:
            if each.name in values:
                given[each.name] = self._typed([*trail, each.name], values[each.name], hints[each.name])
            elif each.default is MISSING:
                raise self.wrong(trail, f"'{each.name}' is missing in '{trail[-1]}'.")
        return kind(**given)

    def _typed(self, trail: Sequence[str | int], value: Any, hint: Any) -> Any:
        if hint == tuple[str, ...]:
            if isinstance(value, list) and all(isinstance(each, str) for each in value):
                return tuple(value)
        elif hint is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        elif hint == Value or isinstance(value, hint):
            return value
        raise self.wrong(trail, f"'{trail[-1]}' has the wrong kind of value: {value!r}.")

    def keyed(self, section: str, kind: type[T], key: str = "id") -> dict[str, T]:
        """A section of named entries; the name becomes the field ``key``."""
        entries = self.section(section, dict)
        return {str(name): self.one(kind, [section, name], entries[name], **{key: str(name)}) for name in entries}

    def listed(self, section: str, kind: type[T]) -> list[T]:
        """A section that is a list of entries."""
        return [self.one(kind, [section, at], each) for at, each in enumerate(self.section(section, list))]

    def by_id(self, section: str, kind: type[T]) -> dict[str, T]:
        """A list of entries with ids, none twice."""
        found: dict[str, T] = {}
        for at, entry in enumerate(self.listed(section, kind)):
            name: str = entry.id  # type: ignore[attr-defined]
            if name in found:
                raise self.wrong([section, at], f"the id '{name}' stands twice.")
            found[name] = entry
        return found

    def check(self, section: str, entries: Iterable[Any], field: str, allowed: Iterable[str]) -> None:
        """Every entry's field is one of the allowed words."""
        known = tuple(allowed)
        keys = list(self.content[section])
        for at, entry in enumerate(entries):
            word = getattr(entry, field)
            if word not in known:
                where: str | int = keys[at] if isinstance(self.content[section], dict) else at
                raise self.wrong([section, where, field], f"'{word}' is not one of {', '.join(known)}.")

    def check_names(self, section: str, entries: Iterable[Named]) -> None:
        """No name or alias means two things."""
        owner: dict[str, str] = {}
        for at, entry in enumerate(entries):
            for name in (entry.name, *entry.aliases):
                first = owner.setdefault("".join(words_of(name)), entry.name)
                if first != entry.name:
                    raise self.wrong([section, at], f"'{name}' already stands under '{first}'.")


def _yaml() -> YAML:
    return YAML(typ="safe", pure=True)


def _pence(text: Any) -> int:
    if not isinstance(text, str) or not re.fullmatch(r"\d+\.\d\d", text):
        raise ValueError('must be pounds and pence in quotes, like "59.00"')
    return int(text.replace(".", ""))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be a whole number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("must be text")
    return value


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise ValueError("must be a date like 2027-03-01")
    return value


def _url(value: Any) -> str:
    if not re.match(r"https?://\S+$", _text(value)):
        raise ValueError("must be an address that begins with https://")
    return str(value)


def _phone(value: Any) -> str:
    if not re.fullmatch(r"[+0-9 ]{3,20}", _text(value)):
        raise ValueError("must be a phone number")
    return str(value)


_READ: dict[str, Callable[[Any], Value]] = {
    "number": _whole,
    "money": _pence,
    "text": _text,
    "hours": lambda value: parse_week(_text(value)),
    "date": _day,
    "time": lambda value: time.fromisoformat(_text(value)),
    "url": _url,
    "phone": _phone,
}


def _read_facts(file: _File) -> dict[str, Fact]:
    facts = {}
    for name, raw in file.keyed("facts", Fact, key="name").items():
        if raw.kind not in _READ:
            raise file.wrong(["facts", name, "kind"], f"'{raw.kind}' is not one of {', '.join(_READ)}.")
        try:
            value = _READ[raw.kind](raw.value)
        except ValueError as error:
            raise file.wrong(["facts", name, "value"], f"the fact '{name}': {error}.") from None
        facts[name] = Fact(**{**vars(raw), "value": value})
    for name in NEEDED_FACTS:
        if name not in facts:
            raise file.wrong(["facts"], f"the fact '{name}' is missing.")
    return facts


def _read_places(file: _File) -> tuple[Place, ...]:
    places = tuple(file.by_id("places", Place).values())
    file.check("places", places, "kind", PLACE_KINDS)
    for at, place in enumerate(places):
        try:
            parse_week(place.hours)
        except HoursError as error:
            raise file.wrong(["places", at, "hours"], str(error)) from None
    return places


def load_council(folder: Path) -> Council:
    """Read and check a council's folder. Raises ProfileError at the first thing that is wrong."""
    profile, things = _File(folder / "profile.yml"), _File(folder / "items.yml")
    council = Council(
        identity=profile.one(Identity, ["council"], profile.section("council", dict)),
        neighbours=tuple(profile.keyed("neighbours", Neighbour, key="code").values()),
        facts=_read_facts(profile),
        containers=profile.keyed("containers", Container),
        routes=profile.keyed("routes", Route),
        crew_reasons=profile.keyed("crew_reasons", CrewReason, key="event"),
        bulky_groups=profile.keyed("bulky_groups", BulkyGroup),
        bulky_items=profile.by_id("bulky_items", BulkyItem),
        hazards=profile.by_id("hazardous", Hazard),
        tip_vehicles=profile.by_id("tip_vehicles", TipVehicle),
        items=tuple(things.listed("items", Item)),
        fillers=frozenset(things.section("fillers", list)),
        streets=tuple(_File(folder / "streets.yml").listed("streets", Street)),
        places=_read_places(_File(folder / "places.yml")),
    )
    _check(council, profile, things)
    return council


def _check(council: Council, profile: _File, things: _File) -> None:
    """What one section says about another."""
    money = [fact.name for fact in council.facts.values() if fact.kind == "money"]
    profile.check("crew_reasons", council.crew_reasons.values(), "side", SIDES)
    profile.check("bulky_groups", council.bulky_groups.values(), "price", money)
    profile.check("bulky_items", council.bulky_items.values(), "group", council.bulky_groups)
    things.check("items", council.items, "goes", [*council.containers, *council.routes])
    profile.check_names("bulky_items", council.bulky_items.values())
    profile.check_names("hazardous", council.hazards.values())
    things.check_names("items", council.items)
    try:
        bank_holidays(council.identity.bank_holiday_division)
    except ProfileError as error:
        raise profile.wrong(["council", "bank_holiday_division"], str(error)) from None


def council() -> Council:
    """The profile of the council that the settings name, read once."""
    return _load(settings().data_dir, settings().council)


@lru_cache(maxsize=4)
def _load(data_dir: str, name: str) -> Council:
    return load_council(Path(data_dir) / "councils" / name)
