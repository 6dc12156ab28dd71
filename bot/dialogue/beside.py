"""A request beside danger in one message: the danger is told first, and then the request is offered, not forgotten.

It is offered only outside of a journey (inside of one its question is asked again), and never beside a danger after
which a form's question would be tactless. Half of all messages of danger are taken for some request or other ("my dad
has collapsed" for a dangerous building), so that only what is asked in so many words counts, or stands as a second
request beside another; and nothing that may be the danger itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue.commands import COMMANDS, start
from bot.dialogue.journeys import started_by
from bot.dialogue.outside import answer_action
from bot.dialogue.situation import Move, Situation

TACTLESS = frozenset(("suicide_selfharm", "domestic_abuse", "child_at_risk", "adult_at_risk"))
# What a danger is about itself, and what people report who stand before one.
URGENT = frozenset(
    "crisis_help debt_advice homeless private_landlord empty_home repairs repairs_emergency dangerous_building"
    " gas_smell power_cut energy_bills flood_now flood_warn severe_weather emergency_contact water_supply canal_river"
    " hate_crime asb police_matter noise_complaint graffiti_report smoke_bonfire nhs_care mental_health telecare"
    " adult_safeguard child_safeguard domestic_abuse animal_welfare needles street_light traffic_light street_furniture"
    " pothole pavement obstruction road_spillage roads_motorway railway_land scaffold_permit drain_blocked"
    " tree_council".split()
)
APOSTROPHES = re.compile("['\u2018\u2019]")
# A question or a wish at the beginning of a sentence or of a part of one.
ASKS = re.compile(
    r"(?:^|[,.;:!?\n]|\b(?:and|also|but|so|then|oh|plus|please)\b)\s*(?:please |tell me |can you tell me )?"
    r"(?:when|what|how|where|which|who|whens|whats|wheres|can i|can you|could i|could you|do i|do you|is it|is there"
    r"|are you|would|i want|i need|i would like|id like|i wanna|want to|need to|need an?|report|book|order|pay|renew"
    r"|apply|cancel|change)\b"
)


def request_beside(now: Situation) -> str:
    """The request in a message with danger in it; "" when there is none to go on with."""
    if now.journey or now.safety in TACTLESS:
        return ""
    if not now.second and not ASKS.search(APOSTROPHES.sub("", now.text.lower())):
        return ""
    asked = (now.query if now.is_sure else "", now.second or "")
    return next((query for query in asked if query.removeprefix("faq/") not in URGENT and _title(now, query)), "")


def offer_request(now: Situation, query: str) -> Move:
    """Offer it below the message about the danger, whose own offer stays; what else was said of it is kept."""
    details = dict(reversed(now.entities))  # the first of each kind counts
    offer = {"kind": "safety", "query": now.safety, "also": query, "details": details}
    return Move("utter_safety_also", {"offer": offer, "offer_title": _title(now, query)})


def take_up(now: Situation, offer: Mapping[str, Any]) -> Move:
    """Begin the request, or answer it. Of the message that it came in only the details count: a cry is no note."""
    journey = started_by(now.journeys, offer["also"])
    if journey is None:
        return Move(answer_action(now, offer["also"]), {"offer": None, "misses": 0})
    begun = start(replace(now, slots={**now.slots, "first": {"text": "", "entities": offer["details"]}}), journey)
    postcode = offer["details"].get("postcode")
    if postcode is None:
        return begun
    kept = {"postcode": {"value": postcode, "said": postcode}, "address": None}
    return replace(begun, slots={**begun.slots, **kept})


def _title(now: Situation, query: str) -> str:
    """What the request is called on its button; "" for what is none, as a command or small talk."""
    journey = started_by(now.journeys, query)
    if query in COMMANDS:
        return ""
    if journey:
        return journey.title
    return now.titles.get(query, "") if answer_action(now, query) else ""
