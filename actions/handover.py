"""Handing a conversation over: which team, and what they need to know. The tracker store makes the step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Event, set_slot
from actions.content import query_titles
from bot.council import council
from bot.dialogue.facts import Remembered, gather, journey_of, query_of
from bot.dialogue.journey_reader import journeys
from bot.queries import service_of
from bot.settings import settings


class HandOver(Action):
    """``action_hand_over``: tells the resident, and leaves the wish in a slot that the tracker store acts on."""

    def name(self) -> str:
        return "action_hand_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        known = Remembered(tracker.events, tracker.slots)
        query, journey = query_of(known.events), journey_of(known, journeys())
        service = service_of(Path(settings().data_dir), journey.id if journey else query)
        there = tracker.latest_message.get("metadata", {}).get("desk", [])
        asks = {
            "reason": tracker.get_slot("handover_reason"),
            "team": choose_team(query, service, there),
            "summary": gather(known, query_titles(), journeys()),
        }
        dispatcher.utter_message(response="utter_handed_over")
        return [set_slot("handover", asks), set_slot("handover_reason", None)]


def choose_team(query: str, service: str | None, there: list[str]) -> str:
    """The team that answers for the service; while none of it is there, the general one, or whoever is."""
    desk = council().desk
    topic = desk.topic(query)
    wanted = [topic.team if topic else "", desk.team_for(service).id, desk.default_team.id]
    return next((team for team in wanted if team in there), there[0] if there else desk.default_team.id)
