"""Bookings: what is free, hold it, make it firm, let it go.

There is no published standard; the interface follows what councils' booking systems share: a slot is reserved
first, so that nobody else can take it while the resident pays, and confirmed afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from urllib.parse import quote

from actions.backends.errors import BackendRejected, SlotTaken
from actions.backends.http import Http
from actions.backends.reading import Record

_TAKEN = "slot_taken"
_STATUSES = ("reserved", "confirmed", "cancelled")


@dataclass(frozen=True)
class Slot:
    """A time that can be booked."""

    id: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Booking:
    """A slot that is somebody's; status is reserved, confirmed or cancelled."""

    reference: str
    slot: Slot
    status: str


class Bookings(Protocol):
    """Slots of a service ("bulky", "tip_asbestos") and the bookings made of them."""

    async def slots(self, service: str, start: date, days: int) -> list[Slot]:
        """Free slots in that many days from start, by time."""

    async def reserve(self, service: str, slot_id: str, details: Mapping[str, str], key: str) -> Booking:
        """Hold a slot; SlotTaken when somebody was quicker."""

    async def confirm(self, reference: str, key: str) -> Booking:
        """Make a reserved booking firm."""

    async def cancel(self, reference: str, key: str) -> Booking:
        """Let a booking go; its slot is free again."""


class BookingSystem:
    """Bookings over HTTP."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def slots(self, service: str, start: date, days: int) -> list[Slot]:
        """Free slots in that many days from start, by time."""
        params = {"service": service, "start": start.isoformat(), "days": str(days)}
        async with self._http.call():
            answer = Record(self._http.name, await self._http.get("/slots", params))
        if not answer.has("slots"):
            raise answer.nonsense("slots")
        return sorted((_slot(entry) for entry in answer.parts("slots")), key=lambda slot: slot.start)

    async def reserve(self, service: str, slot_id: str, details: Mapping[str, str], key: str) -> Booking:
        """Hold a slot; SlotTaken when somebody was quicker."""
        body = {"service": service, "slot": slot_id, "details": dict(details)}
        try:
            return await self._change("/bookings", body, key)
        except BackendRejected as refusal:
            if refusal.code == _TAKEN:
                raise SlotTaken(refusal.backend, refusal.code, refusal.description) from refusal
            raise

    async def confirm(self, reference: str, key: str) -> Booking:
        """Make a reserved booking firm."""
        return await self._change(f"/bookings/{quote(reference, safe='')}/confirm", {}, key)

    async def cancel(self, reference: str, key: str) -> Booking:
        """Let a booking go; its slot is free again."""
        return await self._change(f"/bookings/{quote(reference, safe='')}/cancel", {}, key)

    async def _change(self, path: str, body: Mapping[str, object], key: str) -> Booking:
        async with self._http.call():
            entry = Record(self._http.name, await self._http.post(path, body, key))
        if entry.text("status") not in _STATUSES:
            raise entry.nonsense("status")
        return Booking(entry.text("reference"), _slot(entry.part("slot")), entry.text("status"))


def _slot(entry: Record) -> Slot:
    slot = Slot(entry.text("id"), entry.moment("start"), entry.moment("end"))
    if slot.end <= slot.start:
        raise entry.nonsense("end")
    return slot
