"""Reading a council's folder, data/councils/<council>/, strictly (YAML 1.2, no key twice) and like a compiler:
file, line and a plain sentence for what is wrong. In the files amounts of money are pounds in quotes ("59.00").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

from bot.hours import HoursError, Week, parse_week
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
from bot.profile_desk_reader import read_desk
from bot.profile_file import File

SIDES = ("resident", "street", "council")
PLACE_KINDS = ("tip", "recycling_point", "caddy_bag_point")
# Facts without which no page or message can be written.
NEEDED_FACTS = ("contact_phone", "contact_hours", "contact_out_of_hours_phone")


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


def _all_facts(folder: Path, profile: File) -> dict[str, Fact]:
    """The facts of ``profile.yml`` and those of each service in ``facts/``; each name once."""
    facts = _read_facts(profile)
    for path in sorted((folder / "facts").glob("*.yml")):
        file = File(path)
        for name, fact in _read_facts(file).items():
            if name in facts:
                raise file.wrong(["facts", name], f"there is a fact '{name}' in another file too.")
            facts[name] = fact
    for name in NEEDED_FACTS:
        if name not in facts:
            raise profile.wrong(["facts"], f"the fact '{name}' is missing.")
    return facts


def _contact_hours(facts: dict[str, Fact], profile: File) -> Week:
    hours = facts["contact_hours"].value
    if not isinstance(hours, Week):
        raise profile.wrong(["facts", "contact_hours", "kind"], "the kind of 'contact_hours' must be hours.")
    return hours


def _read_facts(file: File) -> dict[str, Fact]:
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


def _read_places(file: File) -> tuple[Place, ...]:
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
    file = File(path)
    return tuple(_school_year(file, at, raw) for at, raw in enumerate(file.section("school_years", list)))


def _school_year(file: File, at: int, raw: Any) -> SchoolYear:
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
    profile, things = File(folder / "profile.yml"), File(folder / "items.yml")
    facts = _all_facts(folder, profile)
    council = Council(
        identity=profile.one(Identity, ["council"], profile.section("council", dict)),
        neighbours=tuple(profile.keyed("neighbours", Neighbour, key="code").values()),
        facts=facts,
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
        streets=tuple(File(folder / "streets.yml").listed("streets", Street)),
        places=_read_places(File(folder / "places.yml")),
        desk=read_desk(folder, _contact_hours(facts, profile)),
        school_years=_read_school_years(folder / "terms.yml"),
    )
    _check(council, profile, things)
    _check_identity(council, profile, folder)
    return council


def _check_identity(council: Council, profile: File, folder: Path) -> None:
    """What the page needs to look and sound like the council's."""
    logo = folder / council.identity.logo
    if logo.suffix != ".svg" or logo.parent != folder or not logo.is_file():
        raise profile.wrong(["council", "logo"], f"the logo must be an SVG file in {folder}.")
    if not council.identity.languages:
        raise profile.wrong(["council", "languages"], "there must be one language at least.")


def _check(council: Council, profile: File, things: File) -> None:
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
