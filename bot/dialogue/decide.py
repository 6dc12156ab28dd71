"""What the assistant does next: the rules that all journeys share, as pure functions.

``decide`` looks at what the resident said; the first of these that fits wins: danger; an answer to an offer that
the assistant made; what can be said inside a journey (inside.py) or outside of one (outside.py). None means that
nothing special is going on and Rasa's rules may act. How a turn is carried on after that: proceed.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.dialogue.beside import take_up
from bot.dialogue.commands import clear, resume, start
from bot.dialogue.inside import inside, inside_danger
from bot.dialogue.outside import outside
from bot.dialogue.person import back, to_person, wishes
from bot.dialogue.situation import ASIDE, SHORT, Move, Situation
from bot.text.answers import Question, parse
from bot.text.picking import pick

WATCHED = frozenset(("domestic_abuse", "child_at_risk", "adult_at_risk"))


def decide(now: Situation) -> Move | None:
    """The next move after the resident spoke, or None for Rasa's rules."""
    if now.safety:
        offer = {"kind": "safety", "query": now.safety}
        return Move(f"utter_safety_{now.safety}", {**ASIDE, **inside_danger(now), "offer": offer})
    if returned := back(now):
        return returned
    now = _asked_for(_press_what_was_named(now))
    offer = now.slot("offer")
    if not offer:
        return _next(now)
    if wishes(now) and (handed := to_person(now)):
        return handed  # why they want one hangs on what was offered before
    answered = _answer_offer(now, offer)
    if answered:
        return answered
    move = _next(replace(now, slots={**now.slots, "offer": None}))
    # The offer is let go, else a "yes" to a later question would be taken for a yes to it.
    return replace(move, slots={"offer": None, **move.slots}) if move else None


def _next(now: Situation) -> Move | None:
    return inside(now, now.journey) if now.journey else outside(now)


def _press_what_was_named(now: Situation) -> Situation:
    """Typing a button's words, or "the second one", is pressing it. Answers to a question are read by its form."""
    if now.is_pressed or now.words > SHORT:
        return now
    by_place = not (now.requested and now.requested.type == "address")
    picked = pick(now.text, [button.offered for button in now.offered], by_place)
    button = next((button for button in now.offered if button.offered == picked), None)
    if button is None or button.intent == "answer":
        return now
    return replace(now, query=button.intent, details=button.details, confidence=1.0, refused=False, is_pressed=True)


def _asked_for(now: Situation) -> Situation:
    """The button of a question with one answer stands for that question."""
    return replace(now, query=now.details.get("query", "")) if now.is_pressed and now.query == "ask" else now


def _answer_offer(now: Situation, offer: dict[str, Any]) -> Move | None:
    said = parse(Question("yes_no"), now.text)
    agrees = now.query == "affirm" or bool(said and said.value == "yes")
    declines = now.query == "deny" or bool(said and said.value == "no")
    if agrees == declines:
        agrees = now.is_sure and _names(now, offer)
        if not agrees:
            return None
    if offer["kind"] == "safety":
        return _after_danger(now, offer, agrees)
    wanted = now.journeys.get(offer["query"])
    if agrees and wanted:
        return resume(now, wanted) if offer["kind"] == "resume" else start(now, wanted)
    if now.journey:
        return Move(now.journey.form, {**ASIDE, "offer": None})
    dropped = clear(wanted) if wanted and offer["kind"] == "resume" else {}
    waiting = [name for name in now.slot("suspended") or [] if name != offer["query"]]
    return Move("utter_what_next", {**dropped, "offer": None, "suspended": waiting})


def _names(now: Situation, offer: dict[str, Any]) -> bool:
    """Whether a message says what was offered: "book it" is a yes to booking, "carry on" to what waits for it."""
    goes_on = now.query == "resume" and not now.details
    return now.query in (offer["query"], offer.get("also")) or goes_on and "also" in offer


def _after_danger(now: Situation, offer: dict[str, Any], agrees: bool) -> Move:
    """What is answered to a yes or no after a message about danger, and to the request that stood beside it."""
    if agrees and "also" in offer:
        return take_up(now, offer)
    if agrees and (handed := to_person(now)):
        return handed
    if agrees:
        return Move("utter_safety_yes", {**ASIDE, "offer": None})
    # Only somebody who may be watched is told how to leave; to others a "no" means that they need no more.
    return Move("utter_safety_no" if offer["query"] in WATCHED else "utter_safety_enough", {**ASIDE, "offer": None})
