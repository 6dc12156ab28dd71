"""The kinds of report that the demonstration council takes, and the reports that are there from the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_FILE = Path(__file__).parent.with_name("reports.yml")


@dataclass(frozen=True)
class Detail:
    """An attribute of a kind: a question, a text to show (``variable`` is false), or a field for computers."""

    code: str
    variable: bool
    datatype: str
    required: bool
    description: str
    hint: str
    values: Mapping[str, str]
    automated: str


@dataclass(frozen=True)
class Kind:
    """A kind of report, and in how many working days it is dealt with."""

    code: str
    name: str
    type: str
    group: str
    keywords: str
    description: str
    days: int
    notice: str
    details: tuple[Detail, ...]
    when: tuple[Mapping[str, Any], ...]

    def promise(self, attributes: Mapping[str, list[str]]) -> tuple[int, str]:
        """Days and notice for a report with these attributes; the last exception that fits counts."""
        days, notice = self.days, self.notice
        for exception in self.when:
            if set(exception["is"]) & set(attributes.get(exception["detail"], ())):
                days, notice = exception.get("days", days), exception.get("notice", notice)
        return days, notice

    def as_service(self) -> dict[str, Any]:
        """The kind in the list of services."""
        return {
            "service_code": self.code,
            "service_name": self.name,
            "description": self.description,
            "metadata": bool(self.details),
            "type": self.type,
            "keywords": self.keywords,
            "group": self.group,
        }

    def as_definition(self) -> dict[str, Any]:
        """Its attributes."""
        found = [_as_attribute(order, detail) for order, detail in enumerate(self.details, start=1)]
        return {"service_code": self.code, "attributes": found}


@dataclass(frozen=True)
class Catalogue:
    """Everything in the file."""

    jurisdiction: str
    agency: str
    token_seconds: int
    kinds: Mapping[str, Kind]
    reports: tuple[Mapping[str, Any], ...]


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The file, read once; KeyError if it is wrong."""
    raw = YAML(typ="safe", pure=True).load(_FILE)
    kinds = [_kind(entry) for entry in raw["kinds"]]
    return Catalogue(
        jurisdiction=raw["jurisdiction"],
        agency=raw["agency"],
        token_seconds=raw["token_seconds"],
        kinds={kind.code: kind for kind in kinds},
        reports=tuple(raw["reports"]),
    )


def _kind(entry: Mapping[str, Any]) -> Kind:
    return Kind(
        code=entry["code"],
        name=entry["name"],
        type=entry.get("type", "realtime"),
        group=entry["group"],
        keywords=f"{entry['lgsl']}, {entry['keywords']}",
        description=entry["description"],
        days=entry["days"],
        notice=entry["notice"],
        details=tuple(_detail(detail) for detail in entry.get("details", ())),
        when=tuple(entry.get("when", ())),
    )


def _detail(entry: Mapping[str, Any]) -> Detail:
    automated = entry.get("automated", "")
    return Detail(
        code=entry["code"],
        variable="show" not in entry and not automated,  # as mySociety's servers mark what computers fill in
        datatype=entry.get("type", "text"),
        required=entry.get("required", False),
        description=entry["show"] if "show" in entry else entry["ask"],
        hint=entry.get("hint", ""),
        values=entry.get("values", {}),
        automated=automated,
    )


def _as_attribute(order: int, detail: Detail) -> dict[str, Any]:
    body: dict[str, Any] = {
        "variable": detail.variable,
        "code": detail.code,
        "datatype": detail.datatype,
        "required": detail.required,
        "datatype_description": detail.hint or None,
        "order": order,
        "description": detail.description,
    }
    if detail.automated:
        body["automated"] = detail.automated
    if detail.values:
        body["values"] = [{"key": key, "name": name} for key, name in detail.values.items()]
    return body
