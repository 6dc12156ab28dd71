"""Tips and recycling points: where, when, who needs a permit, what is hazardous."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from actions.backends.bookings import SlotTaken
from actions.base import Ending, Facts, JourneyAction
from actions.nearby import in_words, nearest, nearest_to, place_rows
from actions.waste.bulky import DAYS_AHEAD, as_offered
from bot.dialogue.journeys import Ask
from bot.text.picking import Offered


class TipHours(JourneyAction):
    """Tips by distance, with today's hours."""

    journey: ClassVar[str] = "tip_hours"

    async def finish(self, facts: Facts) -> Ending:
        places = await facts.backends.directory.places("tip")
        near = facts.value("near")
        found = await nearest_to(facts, places, near) if near else nearest(places, None)
        return Ending("sites", {"sites": place_rows(facts, found, "utter_tip_hours_site")})


class RecyclingPoint(JourneyAction):
    """The three nearest recycling points."""

    journey: ClassVar[str] = "recycling_point"

    async def finish(self, facts: Facts) -> Ending:
        places = await facts.backends.directory.places("recycling_point")
        near = facts.value("near")
        material = facts.council.material((facts.slots.get("first") or {}).get("text", ""))
        places = [place for place in places if material is None or material in place.materials] or places
        rows = place_rows(facts, await nearest_to(facts, places, near), "utter_recycling_point_place")
        return Ending("points", {"points": rows, "place": in_words(near)})


class TipPermit(JourneyAction):
    """A permit for a van or trailer with a household's own waste."""

    journey: ClassVar[str] = "tip_permit"

    async def choices(self, ask: str, facts: Facts) -> Sequence[Offered]:
        return [Offered(item.id, item.name, item.aliases) for item in facts.council.tip_vehicles.values()]

    async def check(self, name: str, facts: Facts) -> Ending | None:
        if name == "household":
            return Ending("business") if facts.value("waste") == "business" else None
        vehicle = facts.council.tip_vehicles[facts.value("vehicle")]
        return None if vehicle.permit else Ending("not_needed", {"rule": vehicle.said})

    async def finish(self, facts: Facts) -> Ending:
        contact = {"contact": facts.said("contact")}
        case = await facts.backends.cases.open_case("tip_permit", facts.details, contact, facts.key)
        return Ending("issued", {"reference": case.reference, "registration": facts.said("registration")})


class BinHazardous(JourneyAction):
    """What to do with something that may harm people; a slot at the tip for asbestos."""

    journey: ClassVar[str] = "bin_hazardous"

    async def choices(self, ask: str, facts: Facts) -> Sequence[Offered]:
        if ask == "substance":
            return [Offered(item.id, item.name, item.aliases) for item in facts.council.hazards.values()]
        begin = facts.now.date() + timedelta(days=1)
        return as_offered(facts, await facts.backends.bookings.slots("tip_asbestos", begin, DAYS_AHEAD))

    async def volunteered(self, ask: Ask, text: str, offered: Sequence[Offered], facts: Facts) -> dict[str, Any] | None:
        if ask.name != "substance":
            return await super().volunteered(ask, text, offered, facts)
        found = facts.council.find_hazard(text)
        return {"value": found.id, "said": found.name} if found else None

    async def finish(self, facts: Facts) -> Ending:
        substance = facts.council.hazards[facts.value("substance")]
        values = {"substance": substance.name, "rule": substance.said}
        if facts.value("wants_slot") != "yes":
            return Ending("rules", values)
        details = {"uprn": facts.home.uprn, **facts.answers}
        try:
            booking = await facts.backends.bookings.reserve("tip_asbestos", facts.value("slot"), details, facts.key)
            booking = await facts.backends.bookings.confirm(booking.reference, f"confirm-{facts.key}")
        except SlotTaken:
            return Ending("slot_taken", keep=True, forget=("slot", "confirmed"))
        return Ending("booked", {**values, "reference": booking.reference, "slot": facts.said("slot")})
