"""A bulky waste collection: items with their prices, a day, a payment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

from actions.backends.bookings import Slot, SlotTaken
from actions.base import Ended, Ending, Facts, JourneyAction
from actions.content import word
from actions.paying import to_pay
from bot.dialogue.journeys import Ask
from bot.text import say
from bot.text.picking import Offered
from bot.text.working_days import is_working_day

DAYS_AHEAD = 28
SHOWN = 6


def as_offered(facts: Facts, slots: Sequence[Slot]) -> list[Offered]:
    """Free times as things to pick from. Raises Ended with ``no_slots`` for none."""
    if not slots:
        raise Ended(Ending("no_slots"))
    today = facts.now.date()
    return [
        Offered(slot.id, f"{say.day(slot.start.date(), today)}, {_range(slot)}", _also(slot)) for slot in slots[:SHOWN]
    ]


def _also(slot: Slot) -> tuple[str, ...]:
    """What people call a time: "friday morning", "27 november afternoon"."""
    part = word("morning") if slot.start.hour < 12 else word("afternoon")
    return (f"{slot.start:%A} {part}", f"{slot.start.day} {slot.start:%B} {part}")


def _range(slot: Slot) -> str:
    return say.hours_range(slot.start.timetz().replace(tzinfo=None), slot.end.timetz().replace(tzinfo=None))


class BinBulky(JourneyAction):
    """See the module's docstring."""

    journey: ClassVar[str] = "bin_bulky"

    async def choices(self, ask: str, facts: Facts) -> Sequence[Offered]:
        if ask == "items":
            return [Offered(item.id, item.name, item.aliases) for item in facts.council.bulky_items.values()]
        begin = facts.now.date() + timedelta(days=1)
        return as_offered(facts, await facts.backends.bookings.slots("bulky", begin, DAYS_AHEAD))

    async def check(self, name: str, facts: Facts) -> Ending | None:
        most = facts.council.fact("bulky_max_items")
        many = sum(item["many"] for item in facts.value("items"))
        return Ending("too_many", {"many": str(many), "most": str(most)}) if many > most else None

    def _price(self, facts: Facts) -> int:
        return sum(facts.council.bulky_price(item["id"]) * item["many"] for item in facts.value("items") or [])

    def values(self, ask: Ask, facts: Facts) -> Mapping[str, str]:
        return {"price": say.money(self._price(facts))}

    async def finish(self, facts: Facts) -> Ending:
        details = {"uprn": facts.home.uprn, **facts.answers}
        try:
            booking = await facts.backends.bookings.reserve("bulky", facts.value("slot"), details, facts.key)
        except SlotTaken:
            return Ending("slot_taken", keep=True, forget=("slot", "confirmed"))
        values = {
            "slot": facts.said("slot"),
            "items": facts.said("items"),
            "cancel_by": _cancel_by(facts, booking.slot),
        }
        return await to_pay(facts, self._price(facts), booking.reference, values, booking=True)


def _cancel_by(facts: Facts, slot: Slot) -> str:
    """The last day on which a booking can be cancelled for a refund, in words."""
    day = slot.start.date()
    for _ in range(facts.council.fact("bulky_cancel_working_days")):
        day -= timedelta(days=1)
        while not is_working_day(day, facts.council.bank_holiday):
            day -= timedelta(days=1)
    return say.day(day, facts.now.date())
