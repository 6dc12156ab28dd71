"""Paying by link: a payment is begun with the council's payment service, and asked about when the resident is back.

A card number is never asked for in the chat. What was begun is kept in the slot ``payment``.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.backends.errors import BackendError
from actions.backends.factory import backends
from actions.base import Ending, Event, Facts, set_slot
from bot.settings import settings
from bot.text import say


async def to_pay(facts: Facts, amount: int, reference: str, values: dict[str, Any], booking: bool = False) -> Ending:
    """Begin a payment of ``amount`` pence for ``reference``: the ending that gives the link."""
    title = facts.journey.title
    payment = await facts.backends.payments.create(amount, reference, title, f"{settings().public}/", facts.key)
    begun = {"id": payment.id, "reference": reference, "link": payment.next_url, "is_booking": booking}
    told = {**values, "reference": reference, "amount": say.money(amount), "link": payment.next_url}
    return Ending("to_pay", told, remember={"payment": begun})


class PaymentStatus(Action):
    """ "I have paid": what the payment service says, never what the browser says."""

    def name(self) -> str:
        return "action_payment_done"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        begun = tracker.get_slot("payment")
        if not begun:
            dispatcher.utter_message(response="utter_payment_none")
            return []
        try:
            payment = await backends().payments.status(begun["id"])
            if payment.status == "success" and begun["is_booking"]:
                await backends().bookings.confirm(begun["reference"], f"confirm-{begun['id']}")
        except BackendError:
            dispatcher.utter_message(response="utter_payment_unknown", **_values(begun))
            return []
        if payment.status == "success":
            name = "utter_payment_booked" if begun["is_booking"] else "utter_payment_received"
            dispatcher.utter_message(response=name, amount=say.money(payment.amount), **_values(begun))
            return [set_slot("payment", None)]
        name = "utter_payment_failed" if payment.finished else "utter_payment_waiting"
        dispatcher.utter_message(response=name, **_values(begun))
        return []


def _values(begun: dict[str, Any]) -> dict[str, str]:
    return {"reference": str(begun["reference"]), "link": str(begun["link"])}
