"""Journeys as Rasa knows them: forms, slots, actions and rules, as plain data for the importer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from bot.dialogue.journeys import Ask, Journey, all_slots

# A slot that Rasa's own mappings leave alone: the form's validation action fills it, so that a question in the
# middle of a form is never taken for an answer.
FILLED_BY_FORM: Mapping[str, Any] = {
    "type": "any",
    "influence_conversation": False,
    "mappings": [{"type": "custom"}],
}


def ask_action(journey: Journey, ask: Ask) -> str:
    """The name of the action that puts a question; Rasa's forms look for it by this name."""
    return f"action_ask_{journey.form}_{ask.slot}"


def journey_domain(journeys: Mapping[str, Journey]) -> dict[str, Any]:
    """The part of a Rasa domain that journeys make up."""
    actions: list[str] = []
    forms: dict[str, Any] = {}
    for journey in journeys.values():
        actions.append(journey.action)
        if not journey.is_look_up:
            forms[journey.form] = {"required_slots": [ask.slot for ask in journey.asks]}
            actions.append(f"validate_{journey.form}")
            actions += [ask_action(journey, ask) for ask in journey.asks]
    return {
        "slots": {slot: deepcopy(dict(FILLED_BY_FORM)) for slot in all_slots(journeys)},
        "forms": forms,
        "actions": actions,
    }


def look_ups(intents: Iterable[str], actions: Iterable[str], journeys: Iterable[Journey]) -> frozenset[str]:
    """The queries that an action of their name (``action_<query>``) answers without asking anything."""
    by_journey = {query for journey in journeys for query in journey.starts if not journey.is_look_up}
    acted = {name.removeprefix("action_") for name in actions}
    return frozenset(acted.intersection(intents) - by_journey)


def journey_rules(
    journeys: Iterable[Journey], answers: Iterable[str], looked_up: Iterable[str]
) -> list[dict[str, Any]]:
    """Rasa's rules: each query starts its form; retrieval intents are told; look-ups are looked up."""
    rules = []
    for journey in journeys:
        for query in () if journey.is_look_up else journey.starts:
            steps = [{"intent": query}, {"action": journey.form}, {"active_loop": journey.form}]
            rules.append({"rule": f"{query} starts {journey.form}", "steps": steps})
    for intent in answers:
        rules.append({"rule": f"{intent} is answered", "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]})
    for query in sorted(looked_up):
        rules.append({"rule": f"{query} is looked up", "steps": [{"intent": query}, {"action": f"action_{query}"}]})
    return rules
