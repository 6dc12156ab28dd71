"""When a conversation goes to a person, and how it goes on afterwards. Pure.

Whether somebody would come is known with each message (``Situation.desk``, the teams that are there). Nobody there,
and a message is left for them instead: that is the journey ``speak_to_person``.
"""

from __future__ import annotations

from bot.dialogue.journeys import started_by
from bot.dialogue.situation import ASIDE, Move, Situation
from bot.handover import ASKED, BACK, DANGER, FAILED, IN_VAIN, MISSED, TOPIC

HAND_OVER = "action_hand_over"
WISH = "speak_to_person"
MANY_MISSES = 2


def to_person(now: Situation, reason: str = "") -> Move | None:
    """Hand over; what goes on is kept for afterwards. None while nobody would come."""
    if not now.desk:
        return None
    running = now.journey.id if now.journey and now.journey.id != WISH else ""
    waiting = [name for name in dict.fromkeys([*(now.slot("suspended") or []), running]) if name]
    slots = {**ASIDE, "suspended": waiting or None, "handover_reason": reason or _why(now), "offer": None, "misses": 0}
    return Move(HAND_OVER, slots, leaves=now.journey is not None)


def _why(now: Situation) -> str:
    """The reason behind a wish for a person, by what went before."""
    offer = now.slot("offer") or {}
    if offer.get("kind") == "safety" or now.safety:
        return DANGER
    if now.slot("kept"):
        return FAILED
    return MISSED if (now.slot("misses") or 0) >= MANY_MISSES else ASKED


def topic(now: Situation) -> Move | None:
    """What the council wants a person to deal with, whenever one is there: the answer first, then the person."""
    is_new = now.is_sure and now.query.removeprefix("faq/") in now.topics and not now.journey
    return to_person(now, TOPIC) if is_new else None


def back(now: Situation) -> Move | None:
    """A person was there, or nobody came: the conversation goes on where it was."""
    if not now.is_pressed or now.query not in (BACK, IN_VAIN):
        return None
    if now.query == IN_VAIN and (message := now.journeys.get(WISH)):
        return Move(message.form, {"misses": 0, "offer": None})
    if now.journey:  # staff came in the middle of it
        return Move(now.journey.form, ASIDE)
    waiting = [now.journeys[name] for name in now.slot("suspended") or [] if name in now.journeys]
    if not waiting:
        return Move("utter_what_next", {"misses": 0, "offer": None})
    left = [journey.id for journey in waiting[:-1]]
    return Move(waiting[-1].form, {**ASIDE, "suspended": left or None, "misses": 0, "offer": None})


def wishes(now: Situation) -> bool:
    """Whether a message asks for a person."""
    journey = started_by(now.journeys, now.query)
    return now.is_sure and journey is not None and journey.id == WISH
