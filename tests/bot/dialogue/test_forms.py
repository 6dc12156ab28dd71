"""Journeys as Rasa knows them: a domain and rules that Rasa's own classes accept."""

from __future__ import annotations

from collections.abc import Mapping

from rasa.shared.core.domain import Domain

from bot.dialogue.forms import ask_action, journey_domain, journey_rules, look_ups
from bot.dialogue.journeys import Journey


def test_a_domain_with_a_form_for_each_journey(known: Mapping[str, Journey]) -> None:
    domain = Domain.from_dict(journey_domain(known))
    assert set(domain.form_names) == {journey.form for journey in known.values()}
    assert "action_bin_missed" in domain.user_actions and "validate_bin_missed_form" in domain.user_actions
    journey = known["bin_missed"]
    assert domain.required_slots_for_form("bin_missed_form") == [ask.slot for ask in journey.asks]
    assert ask_action(journey, journey.asks[0]) in domain.user_actions


def test_rasa_fills_no_slot_by_itself(known: Mapping[str, Journey]) -> None:
    """Else a question in the middle of a form would be taken for an answer."""
    slots = journey_domain(known)["slots"]
    assert all(slot["mappings"] == [{"type": "custom"}] for slot in slots.values())
    assert not any(slot["influence_conversation"] for slot in slots.values())


def test_a_rule_for_each_beginning_answer_and_look_up(known: Mapping[str, Journey]) -> None:
    rules = {rule["rule"]: rule["steps"] for rule in journey_rules(known.values(), ["faq"], {"opening_hours"})}
    assert rules["bin_broken starts bin_new_form"] == [
        {"intent": "bin_broken"},
        {"action": "bin_new_form"},
        {"active_loop": "bin_new_form"},
    ]
    assert rules["faq is answered"] == [{"intent": "faq"}, {"action": "utter_faq"}]
    assert rules["opening_hours is looked up"][1] == {"action": "action_opening_hours"}


def test_look_ups_are_actions_named_like_an_intent_that_starts_nothing(known: Mapping[str, Journey]) -> None:
    intents = ["opening_hours", "bin_missed", "greet"]
    actions = ["action_opening_hours", "action_bin_missed"]
    assert look_ups(intents, actions, known.values()) == {"opening_hours"}
