"""What staff see of a conversation before they have read anything, made of what Rasa remembers of it. No Rasa in here.

Everything in it was said in this conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any

from bot.dialogue.journeys import Journey

NOT_ABOUT = frozenset(
    ("speak_to_person", "affirm", "deny", "answer", "resume", "ask", "skip", "back_from_person", "nobody_came")
)
FORGETTING = ("session_started", "restart", "reset_slots")  # the events after which no slot is filled
MOST_MISSED = 3
TITLE_LENGTH = 80

Events = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Remembered:
    """What Rasa's events come to: the slots, and the form that asks; None while none does."""

    events: Events
    slots: Mapping[str, Any] = field(default_factory=dict)
    form: str | None = None


def remembered(events: Events) -> Remembered:
    """What has come of the events of a conversation, oldest first, as they are stored."""
    slots: dict[str, Any] = {}
    form: str | None = None
    for event in events:
        kind = event.get("event")
        if kind == "slot":
            slots[str(event["name"])] = event.get("value")
        elif kind == "active_loop":
            form = event.get("name")
        elif kind in FORGETTING:
            slots = {}
            form = form if kind == "reset_slots" else None
    return Remembered(events, slots, form)


def query_of(events: Events) -> str:
    """What the conversation was about last, besides a wish for a person; "" when nothing was understood."""
    for _, seen in _typed(events):
        name = str(seen.get("query") or "").removeprefix("faq/")
        if name and not seen.get("refused") and name not in NOT_ABOUT:
            return name
    return ""


def journey_of(known: Remembered, journeys: Mapping[str, Journey]) -> Journey | None:
    """The request that is being made, or was broken off last."""
    running = next((journey for journey in journeys.values() if journey.form == known.form), None)
    waiting = [journeys[name] for name in known.slots.get("suspended") or [] if name in journeys]
    return running or (waiting[-1] if waiting else None)


def gather(known: Remembered, titles: Mapping[str, str], journeys: Mapping[str, Journey]) -> dict[str, Any]:
    """The summary of a handover; ``titles`` are those of the queries."""
    query, journey = titles.get(query_of(known.events), ""), journey_of(known, journeys)
    typed = _typed(known.events)
    said = typed[0][0] if typed else ""
    missed = [text for text, seen in typed if seen.get("refused")][:MOST_MISSED]
    return {
        "title": (journey.title if journey else query) or shorten(said, TITLE_LENGTH, placeholder=" ..."),
        "query": query,
        "journey": journey.title if journey else "",
        "step": _step(known.slots, journey) if journey else "",
        "details": _details(known.slots, journey) if journey else {},
        "missed": missed[::-1],
    }


def _typed(events: Events) -> list[tuple[str, Mapping[str, Any]]]:
    """What the resident typed with what was understood of it, latest first."""
    said = [event for event in reversed(events) if event.get("event") == "user"]
    typed = [event for event in said if event.get("text") and not str(event["text"]).startswith("/")]
    return [(str(event["text"]), (event.get("parse_data") or {}).get("understanding") or {}) for event in typed]


def _step(slots: Mapping[str, Any], journey: Journey) -> str:
    """The question that is asked, or the first that is open."""
    asked = journey.ask(slots.get("requested_slot"))
    still = (ask for ask in journey.asks if ask.is_shown and not slots.get(ask.slot))
    ask = asked if asked and asked.is_shown else next(still, None)
    return ask.label if ask else ""


def _details(slots: Mapping[str, Any], journey: Journey) -> dict[str, str]:
    """What the resident has answered in it; a postcode as long as its address was not picked."""
    answered = {ask.type: slots.get(ask.slot) for ask in journey.asks}
    shown = [ask for ask in journey.asks if ask.is_shown or ask.type == "postcode" and not answered.get("address")]
    kept = [(ask.label, slots.get(ask.slot) or {}) for ask in shown]
    return {label: str(answer["said"]) for label, answer in kept if answer.get("said")}
