"""Paying by link, and what is said when a resident is back: never more than the payment service knows."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.backends.factory import Backends
from actions.paying import PaymentStatus, to_pay
from tests.actions.talk import tracker
from tests.support.sandbox import Sandbox


async def asked(payment: dict[str, Any] | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """ "I have paid": what is said, and the slots that change."""
    dispatcher = CollectingDispatcher()
    events = await PaymentStatus().run(dispatcher, tracker({"payment": payment}, {}, [], None), {})
    assert len(dispatcher.messages) == 1
    return dict(dispatcher.messages[0]), events


def choose(link: str, choice: str) -> None:
    """What a person does on the payment page."""
    assert httpx.post(link, data={"choice": choice}).status_code == 303


async def begun(desk: Any, key: str, reference: str = "REF-1", booking: bool = False) -> dict[str, Any]:
    facts = await desk.facts("bin_new", "SK1 3XE", reason=key)
    ending = await to_pay(facts, 2800, reference, {"container": "Blue bin"}, booking)
    assert ending.name == "to_pay" and ending.values["amount"] == "£28" and ending.values["container"] == "Blue bin"
    return dict(ending.remember["payment"])


async def test_a_payment_is_begun_once(desk: Any) -> None:
    assert await begun(desk, "once") == await begun(desk, "once")


async def test_not_paid_yet(desk: Any) -> None:
    payment = await begun(desk, "waiting")
    said, events = await asked(payment)
    assert said["response"] == "utter_payment_waiting" and said["link"] == payment["link"]
    assert events == [], "it can be asked again"


async def test_paid(desk: Any) -> None:
    payment = await begun(desk, "paid")
    choose(payment["link"], "pay")
    said, events = await asked(payment)
    assert (said["response"], said["amount"], said["reference"]) == ("utter_payment_received", "£28", "REF-1")
    assert [(event["name"], event["value"]) for event in events] == [("payment", None)]


async def test_paying_makes_a_booking_firm(desk: Any, council_at_work: Backends, sandbox: Sandbox) -> None:
    slot = (await council_at_work.bookings.slots("bulky", (await desk.facts("bin_new")).now.date(), 14))[0]
    held = await council_at_work.bookings.reserve("bulky", slot.id, {}, "held")
    payment = await begun(desk, "booking", held.reference, booking=True)
    choose(payment["link"], "pay")
    said, _ = await asked(payment)
    assert said["response"] == "utter_payment_booked"
    assert sandbox.log()[-1]["path"] == f"/bookings/bookings/{held.reference}/confirm"


async def test_cancelled_on_the_page(desk: Any) -> None:
    payment = await begun(desk, "cancelled")
    choose(payment["link"], "cancel")
    assert (await asked(payment))[0]["response"] == "utter_payment_failed"


@pytest.mark.parametrize("mode", ["failing", "nonsense"])
async def test_where_the_service_does_not_answer_nothing_is_claimed(desk: Any, sandbox: Sandbox, mode: str) -> None:
    payment = await begun(desk, mode)
    choose(payment["link"], "pay")
    sandbox.fault("payments", mode)
    said, events = await asked(payment)
    assert said["response"] == "utter_payment_unknown" and said["reference"] == "REF-1" and events == []


async def test_nothing_was_to_be_paid() -> None:
    assert (await asked(None))[0]["response"] == "utter_payment_none"
