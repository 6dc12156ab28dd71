"""Wards, councillors, elections and committees of the demonstration council, read from ``civic.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_FILE = Path(__file__).with_name("civic.yml")
OURS = {"district": "Stockport", "gss": "E08000007", "council": "Stockport Council"}
_WEBSITE = "https://www.stockport.gov.uk"


@dataclass(frozen=True)
class Civic:
    """Everything in the file. A ward's ``code`` and ``name`` are put into its entry."""

    wards: Mapping[str, Mapping[str, Any]]
    ward_of: Mapping[str, str]
    second_station: Mapping[str, str]
    elsewhere: Mapping[str, Mapping[str, str]]
    terminated: Mapping[str, tuple[int, int]]
    stories: Mapping[str, tuple[Mapping[str, Any], ...]]
    at: Mapping[str, str]
    split: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    candidates: tuple[Mapping[str, str], ...]
    committees: tuple[Mapping[str, Any], ...]

    def place(self, postcode: str) -> dict[str, str] | None:
        """District, code, ward and council of a postcode; None for one that nobody knows."""
        if postcode in self.elsewhere:
            return dict(self.elsewhere[postcode])
        ward = self.ward_of.get(postcode)
        return {**OURS, "website": _WEBSITE, "ward": ward} if ward else None


def _read() -> Civic:
    """The file's content; KeyError or ValueError if it is wrong."""
    raw = YAML(typ="safe", pure=True).load(_FILE)
    wards = {
        name: {**ward, "name": name, "code": f"E05099{number:03d}", "number": number}
        for number, (name, ward) in enumerate(raw["wards"].items(), start=1)
    }
    return Civic(
        wards=wards,
        ward_of={postcode: name for name, ward in wards.items() for postcode in ward["postcodes"]},
        second_station=raw["second_station"],
        elsewhere=raw["elsewhere"],
        terminated={postcode: (year, month) for postcode, (year, month) in raw["terminated"].items()},
        stories={name: tuple(days) for name, days in raw["stories"].items()},
        at=raw["at"],
        split=tuple(raw["split"]),
        unknown=tuple(raw["unknown"]),
        missing=tuple(raw["missing"]),
        candidates=tuple(raw["candidates"]),
        committees=tuple(raw["committees"]),
    )


def spaced(postcode: str) -> str:
    """ "sk13xe" as "SK1 3XE"."""
    compact = postcode.upper().replace(" ", "")
    return f"{compact[:-3]} {compact[-3:]}"


CIVIC = _read()
