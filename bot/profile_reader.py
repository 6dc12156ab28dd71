"""Reading a council's folder, data/councils/<council>/, strictly (YAML 1.2, no key twice) and like a compiler:
file, line and a plain sentence for what is wrong. In the files amounts of money are pounds in quotes ("59.00").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, fields
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from ruamel.yaml.error import MarkedYAMLError

from bot.content import line_of, parse
from bot.finding import Named, words_of
from bot.hours import HoursError, parse_week
from bot.profile import (
    BulkyGroup,
    BulkyItem,
    Container,
    Council,
    CrewReason,
    Fact,
    Hazard,
    Identity,
    Item,
    Neighbour,
    Place,
    ProfileError,
    Route,
    SchoolYear,
    Street,
    Term,
    TipVehicle,
    Value,
    bank_holidays,
)

T = TypeVar("T")

SIDES = ("resident", "street", "council")
PLACE_KINDS = ("tip", "recycling_point", "caddy_bag_point")
# Facts without which no page or message can be written.
NEEDED_FACTS = ("contact_phone", "contact_hours", "contact_out_of_hours_phone")


class _File:
    """One YAML file and the way to say where in it something is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.content: dict[str, Any] = parse(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            raise ProfileError(f"{path} cannot be read.") from None
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            # For a key that stands twice ruamel adds its values, which help nobody.
            problem = str(error.problem).partition(" with value")[0]
            raise ProfileError(f"{path}, line {line}: {problem}.") from None
        if not isinstance(self.content, dict):
            raise ProfileError(f"{path}, line 1: there must be named sections.")

    def wrong(self, trail: Sequence[str | int], sentence: str) -> ProfileError:
        """The error for what stands at the end of the trail of keys and positions."""
        return ProfileError(f"{self.path}, line {self._line(trail)}: {sentence}")

    def _line(self, trail: Sequence[str | int]) -> int:
        node: Any = self.content
        line = 1
        for step in trail:
            if isinstance(node, list):
                key: Any = int(step)
            elif isinstance(node, dict) and str(step) in map(str, node):
                key = next(key for key in node if str(key) == str(step))
            else:
                break
            line, node = line_of(node, key), node[key]
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


def _all_facts(folder: Path, profile: _File) -> dict[str, Fact]:
    """The facts of ``profile.yml`` and those of each service in ``facts/``; each name once."""
    facts = _read_facts(profile)
    for path in sorted((folder / "facts").glob("*.yml")):
        file = _File(path)
        for name, fact in _read_facts(file).items():
            if name in facts:
                raise file.wrong(["facts", name], f"there is a fact '{name}' in another file too.")
            facts[name] = fact
    for name in NEEDED_FACTS:
        if name not in facts:
            raise profile.wrong(["facts"], f"the fact '{name}' is missing.")
    return facts


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


def _read_school_years(path: Path) -> tuple[SchoolYear, ...]:
    """The years of terms.yml; none for a council that has no such file, for not every council has schools."""
    if not path.exists():
        return ()
    file = _File(path)
    return tuple(_school_year(file, at, raw) for at, raw in enumerate(file.section("school_years", list)))


def _school_year(file: _File, at: int, raw: Any) -> SchoolYear:
    trail: list[str | int] = ["school_years", at]
    entry = dict(raw) if isinstance(raw, dict) else {}
    terms = [
        file.one(Term, [*trail, "terms", place], each) for place, each in enumerate(entry.pop("terms", None) or [])
    ]
    inset = entry.pop("inset", None) or []
    if not all(isinstance(day, date) for day in inset):
        raise file.wrong([*trail, "inset"], "'inset' must be a list of dates like 2027-03-01.")
    days = [day for term in terms for day in (term.begins, term.breaks_up, term.goes_back, term.ends)]
    if not days or days != sorted(days):
        raise file.wrong([*trail, "terms"], "the days of the terms must be there, and follow one another.")
    return file.one(SchoolYear, trail, entry, terms=tuple(terms), inset=tuple(sorted(inset)))


def load_council(folder: Path) -> Council:
    """Read and check a council's folder. Raises ProfileError at the first thing that is wrong."""
    profile, things = _File(folder / "profile.yml"), _File(folder / "items.yml")
    council = Council(
        identity=profile.one(Identity, ["council"], profile.section("council", dict)),
        neighbours=tuple(profile.keyed("neighbours", Neighbour, key="code").values()),
        facts=_all_facts(folder, profile),
        containers=profile.keyed("containers", Container),
        routes=profile.keyed("routes", Route),
        crew_reasons=profile.keyed("crew_reasons", CrewReason, key="event"),
        bulky_groups=profile.keyed("bulky_groups", BulkyGroup),
        bulky_items=profile.by_id("bulky_items", BulkyItem),
        hazards=profile.by_id("hazardous", Hazard),
        tip_vehicles=profile.by_id("tip_vehicles", TipVehicle),
        materials={name: tuple(words) for name, words in profile.section("materials", dict).items()},
        items=tuple(things.listed("items", Item)),
        fillers=frozenset(things.section("fillers", list)),
        streets=tuple(_File(folder / "streets.yml").listed("streets", Street)),
        places=_read_places(_File(folder / "places.yml")),
        school_years=_read_school_years(folder / "terms.yml"),
    )
    _check(council, profile, things)
    _check_identity(council, profile, folder)
    return council


def _check_identity(council: Council, profile: _File, folder: Path) -> None:
    """What the page needs to look and sound like the council's."""
    logo = folder / council.identity.logo
    if logo.suffix != ".svg" or logo.parent != folder or not logo.is_file():
        raise profile.wrong(["council", "logo"], f"the logo must be an SVG file in {folder}.")
    if not council.identity.languages:
        raise profile.wrong(["council", "languages"], "there must be one language at least.")


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
