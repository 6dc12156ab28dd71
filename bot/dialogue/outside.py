"""Outside a journey: commands, bare details, and messages that were not understood. None leaves it to Rasa's rules."""

from __future__ import annotations

from bot.dialogue.commands import COMMANDS, resume, start
from bot.dialogue.journeys import started_by
from bot.dialogue.person import to_person, topic, wishes
from bot.dialogue.situation import Move, Situation
from bot.text.picking import plain
from bot.text.postcodes import find_postcodes

ADDRESS = 8  # words up to which a message with a postcode is just an address
CLOSE_CALL = 0.15  # two meanings nearer than this, and neither sure: ask which
WHAT_NEXT = Move("utter_what_next", {"offer": None})
COMMANDED = {"cancel": "utter_nothing_to_stop", "repeat": "action_repeat"}
MISSES = {1: "action_did_you_mean", 2: "utter_fallback_again"}


def outside(now: Situation) -> Move | None:
    """The next move while no form is active."""
    if now.query == "resume" and now.is_sure:
        return _go_on(now)
    if wishes(now) and (handed := to_person(now)):
        return handed
    if wanted := topic(now):
        told = answer_action(now, now.query)
        return Move(told, {"offer": None, "misses": 0}) if told else wanted
    if now.query == "answer" or now.query == "change_answer" and now.is_pressed:
        return Move("utter_stale_choice", {"offer": None})
    if now.is_pressed and now.query.startswith("faq/"):
        return Move(f"utter_{now.query}", {"offer": None})
    if now.is_sure and now.query in COMMANDS and not started_by(now.journeys, now.query):
        return Move(COMMANDED.get(now.query, "utter_what_next"), {"offer": None})
    if now.query == "deny" and not now.refused:
        return Move("utter_chitchat/goodbye", {"offer": None})  # "no" to "is there anything else?"
    if now.query in ("affirm", "skip") and not now.refused:
        return WHAT_NEXT
    if now.entity("postcode") and now.words <= ADDRESS and (not now.is_sure or _is_only_an_address(now)):
        return _postcode_alone(now)
    return _missed(now) if _is_unclear(now) else _started(now)


def _started(now: Situation) -> Move | None:
    """A request. Rasa's rule starts it, unless something is to be kept beside it."""
    told = told_first(now)
    if told:
        return Move(told[0], {"offer": None, "misses": 0})
    journey = started_by(now.journeys, now.query)
    waits = journey and (now.second or journey.id in (now.slot("suspended") or []) or now.is_pressed)
    return start(now, journey) if journey and waits else None


def told_first(now: Situation) -> tuple[str, ...]:
    """Of two requests in one message: the actions that tell what needs no questions, then the form of the other."""
    asked = [query for query in (now.query, now.second) if query] if now.second else []
    told = [answer_action(now, query) for query in asked]
    forms = [journey.form for journey in (started_by(now.journeys, query) for query in asked) if journey]
    actions = [action for action in told if action]
    return (*actions, *forms) if actions else ()


def answer_action(now: Situation, query: str) -> str:
    """The action that answers a query without asking anything; "" when there is none."""
    if query.startswith(("faq/", "chitchat/")):
        return f"utter_{query}"
    return f"action_{query}" if query in now.look_ups else ""


def _go_on(now: Situation) -> Move:
    waiting = now.slot("suspended") or []
    journey = now.journeys.get(now.details.get("journey") or (waiting[-1] if waiting else ""))
    return resume(now, journey) if journey else WHAT_NEXT


def _postcode_alone(now: Situation) -> Move:
    postcode = now.entity("postcode")
    kept = {"value": postcode, "said": postcode}
    house = now.entity("house_number")
    first = {"text": "", "entities": {"house_number": house} if house else {}}
    slots = {"postcode": kept, "address": None, "first": first, "misses": 0, "offer": None}
    return Move("utter_postcode_what_for", slots)


def _is_only_an_address(now: Situation) -> bool:
    """Whether a message is a house, a street and a postcode, with a town at most: it says where, and not what."""
    street = plain(now.entity("street") or "").split()
    rest = now.text
    for postcode in reversed(find_postcodes(rest)):
        rest = f"{rest[: postcode.start]} {rest[postcode.end :]}"
    left = [word for word in plain(rest).split() if word not in street and not word[0].isdigit()]
    return bool(street) and now.text.strip()[:1].isdigit() and len(left) <= 1


def _is_unclear(now: Situation) -> bool:
    """Refused, nothing that can be answered, or two meanings so near each other that neither is sure."""
    if now.is_pressed:
        return False
    is_told = now.query.startswith(("faq/", "chitchat/")) or now.query in now.look_ups
    rival = now.also[0][1] if now.also else 0.0
    is_close = not now.is_sure and now.confidence - rival < CLOSE_CALL
    return now.refused or is_close or not (is_told or started_by(now.journeys, now.query))


def _missed(now: Situation) -> Move:
    """Not clear: the second time in a row in other words, the third time a person first."""
    misses = int(now.slot("misses") or 0) % (len(MISSES) + 1) + 1
    return Move(MISSES.get(misses, "utter_fallback_person"), {"misses": misses, "offer": None})
