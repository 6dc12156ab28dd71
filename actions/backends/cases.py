"""The council's case system (CRM): anything that a person at the council has to do.

There is no published standard for it; the interface is the smallest that Verint, Jadu and Firmstep can all give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from actions.backends.errors import NotFound
from actions.backends.http import Http
from actions.backends.reading import Record


@dataclass(frozen=True)
class Case:
    """A case; ``due`` is the day by which the council has promised an answer."""

    reference: str
    status: str
    due: date | None


class Cases(Protocol):
    """Open a case, and look one up."""

    async def open_case(
        self, kind: str, details: Mapping[str, str], contact: Mapping[str, str], key: str, due: date | None = None
    ) -> Case:
        """A new case, to be answered by ``due`` if the law or a promise sets a day; the same key gives the same."""

    async def by_reference(self, reference: str) -> Case | None:
        """The case, or None when there is no such reference."""


class CaseSystem:
    """Cases over HTTP."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def open_case(
        self, kind: str, details: Mapping[str, str], contact: Mapping[str, str], key: str, due: date | None = None
    ) -> Case:
        """A new case; its title is the detail "summary" if there is one, else its kind."""
        body = {
            "kind": kind,
            "summary": details.get("summary", kind),
            "details": dict(details),
            "contact": dict(contact),
        } | ({"due": due.isoformat()} if due else {})
        async with self._http.call():
            return self._case(await self._http.post("/cases", body, key))

    async def by_reference(self, reference: str) -> Case | None:
        """The case, or None when there is no such reference."""
        try:
            async with self._http.call():
                return self._case(await self._http.get("/cases/{reference}", reference=reference))
        except NotFound:
            return None

    def _case(self, raw: object) -> Case:
        entry = Record(self._http.name, raw)
        return Case(
            reference=entry.text("reference"),
            status=entry.text("status"),
            due=entry.day_or_none("due"),
        )
