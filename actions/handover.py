"""Handing a conversation over: which team, and what they need to know. The tracker store makes the step."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Event, set_slot
from actions.content import query_titles
from bot.council import council
from bot.dialogue.journey_reader import journeys
from bot.dialogue.journeys import Journey
from bot.queries import service_of
from bot.settings import settings

PERSON = "speak_to_person"
NOT_ABOUT = frozenset((PERSON, "affirm", "deny", "answer", "resume", "ask", "skip", "back_from_person", "nobody_came"))
MOST_MISSED = 3
TITLE_LENGTH = 80


class HandOver(Action):
    """``action_hand_over``: tells the resident, and leaves the wish in a slot that the tracker store acts on."""

    def name(self) -> str:
        return "action_hand_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        query, journey = _query(tracker), _journey(tracker)
        service = service_of(Path(settings().data_dir), journey.id if journey else query)
        there = tracker.latest_message.get("metadata", {}).get("desk", [])
        asks = {
            "reason": tracker.get_slot("handover_reason"),
            "team": choose_team(query, service, there),
            "summary": summarise(tracker, query, journey),
        }
        dispatcher.utter_message(response="utter_handed_over")
        return [set_slot("handover", asks), set_slot("handover_reason", None)]


def choose_team(query: str, service: str | None, there: list[str]) -> str:
    """The team that answers for the service; while none of it is there, the general one, or whoever is."""
    desk = council().desk
    topic = desk.topic(query)
    wanted = [topic.team if topic else "", desk.team_for(service).id, desk.default_team.id]
    return next((team for team in wanted if team in there), there[0] if there else desk.default_team.id)


def summarise(tracker: Tracker, query: str, journey: Journey | None) -> dict[str, Any]:
    """What staff see before they have read anything; everything in it was said in this conversation."""
    said = next((text for text, _ in _spoken(tracker)), "")
    known = query_titles().get(query, "")
    title = (journey.title if journey else known) or shorten(said, TITLE_LENGTH, placeholder=" ...")
    open_asks = [ask for ask in journey.asks if ask.is_shown and not tracker.get_slot(ask.slot)] if journey else []
    missed = [text for text, seen in _spoken(tracker) if seen.get("refused")][:MOST_MISSED]
    return {
        "title": title,
        "query": known,
        "journey": journey.title if journey else "",
        "step": open_asks[0].label if open_asks else "",
        "details": _gathered(tracker, journey),
        "missed": missed[::-1],
    }


def _spoken(tracker: Tracker) -> list[tuple[str, dict[str, Any]]]:
    """What the resident typed with what was understood of it, latest first."""
    events = [event for event in reversed(tracker.events) if event.get("event") == "user"]
    typed = [event for event in events if event.get("text") and not str(event["text"]).startswith("/")]
    return [(str(event["text"]), (event.get("parse_data") or {}).get("understanding") or {}) for event in typed]


def _query(tracker: Tracker) -> str:
    """What the conversation was about before a person was asked for."""
    for _, seen in _spoken(tracker):
        name = str(seen.get("query") or "").removeprefix("faq/")
        if name and not seen.get("refused") and name not in NOT_ABOUT:
            return name
    return ""


def _journey(tracker: Tracker) -> Journey | None:
    """The request that was broken off for this."""
    waiting = [name for name in tracker.get_slot("suspended") or [] if name in journeys()]
    return journeys()[waiting[-1]] if waiting else None


def _gathered(tracker: Tracker, journey: Journey | None) -> dict[str, str]:
    """What the resident has answered in it; a postcode as long as its address was not picked."""
    if journey is None:
        return {}
    answered = {ask.type: tracker.get_slot(ask.slot) for ask in journey.asks}
    shown = [ask for ask in journey.asks if ask.is_shown or ask.type == "postcode" and not answered.get("address")]
    kept = [(ask.label, tracker.get_slot(ask.slot) or {}) for ask in shown]
    return {label: str(answer["said"]) for label, answer in kept if answer.get("said")}
