"""Bookings: slots in order, and somebody who was quicker."""

from __future__ import annotations

from datetime import date

import pytest

from actions.backends.bookings import BookingSystem
from actions.backends.errors import BackendNonsense, BackendRejected, SlotTaken
from tests.actions.backends.standin import StandIn

SLOT = {"id": "s1", "start": "2026-11-25T07:00:00+00:00", "end": "2026-11-25T12:00:00+00:00"}


async def test_slots_come_by_time(standin: StandIn) -> None:
    earlier = {"id": "s0", "start": "2026-11-24T07:00", "end": "2026-11-24T12:00"}
    standin.answer = {"slots": [SLOT, earlier]}
    found = await BookingSystem(standin.http()).slots("bulky", date(2026, 11, 24), 7)
    assert [slot.id for slot in found] == ["s0", "s1"]
    assert found[0].start.tzinfo is not None


async def test_a_slot_is_reserved_with_its_key(standin: StandIn) -> None:
    standin.status, standin.answer = 201, {"reference": "SBX-7K3M9P", "status": "reserved", "slot": SLOT}
    booking = await BookingSystem(standin.http()).reserve("bulky", "s1", {"items": "sofa"}, "key-1")
    assert (booking.reference, booking.status, booking.slot.id) == ("SBX-7K3M9P", "reserved", "s1")
    assert standin.requests[0].headers["idempotency-key"] == "key-1"


async def test_a_taken_slot_is_told_apart_from_other_refusals(standin: StandIn) -> None:
    standin.status, standin.answer = 409, {"code": "slot_taken", "description": "This slot is full."}
    with pytest.raises(SlotTaken):
        await BookingSystem(standin.http()).reserve("bulky", "s1", {}, "key-1")
    standin.answer = {"code": "cancelled", "description": "This booking was cancelled."}
    with pytest.raises(BackendRejected) as caught:
        await BookingSystem(standin.http()).confirm("r", "key-1")
    assert not isinstance(caught.value, SlotTaken)


async def test_a_slot_that_ends_before_it_starts_is_nonsense(standin: StandIn) -> None:
    standin.answer = {"slots": [{**SLOT, "end": SLOT["start"]}]}
    with pytest.raises(BackendNonsense):
        await BookingSystem(standin.http()).slots("bulky", date(2026, 11, 24), 7)
