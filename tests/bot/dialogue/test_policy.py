"""Rasa's tracker and the rules meet: what is read from events, and how a move becomes a prediction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.forms import journey_domain
from bot.dialogue.journeys import Journey
from bot.dialogue.policy import PRIORITY, JourneyPolicy, offered_buttons, read_progress, read_situation
from bot.hours import parse_week
from bot.profile_desk import plain_desk
from tests.support.nlu import parts

LISTEN = ActionExecuted("action_listen")
BUTTON = {"title": "Blue bin", "payload": '/answer{"question": "bin_missed_container", "value": "blue_bin"}'}
SPINE = {
    "intents": ["bin_missed", "answer", "cancel"],
    "slots": {
        name: {"type": "any", "mappings": [{"type": "custom"}]} for name in ("misses", "offer", "reading", "suspended")
    },
    "responses": {
        name: [{"text": name}]
        for name in ("utter_cancelled", "utter_unavailable", "utter_safety_gas", "utter_fallback_again")
    },
    "actions": ["action_did_you_mean", "action_change_which"],
}


@pytest.fixture
def domain(
    known: Mapping[str, Journey], data: Path, set_settings: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> Domain:
    """The small journeys with a spine; the policy reads the same journeys."""
    rules = plain_desk(parse_week("mo-fr 09:00-17:00"))
    monkeypatch.setattr("bot.dialogue.policy.council", lambda: SimpleNamespace(desk=rules))
    set_settings(data_dir=data)
    return Domain.from_dict(SPINE).merge(Domain.from_dict(journey_domain(known)))


@pytest.fixture
def policy(tmp_path: Path) -> JourneyPolicy:
    return JourneyPolicy(*parts(tmp_path / "policy", JourneyPolicy.get_default_config()))


def spoken(text: str, query: str = "", confidence: float = 0.95, **parse_data: Any) -> UserUttered:
    """A message as our pipeline leaves it; without a query it was not understood."""
    understanding: dict[str, Any] = {"query": query or None, "confidence": confidence, "refused": not query, "also": []}
    intent = {"name": query or "nlu_fallback", "confidence": confidence}
    data = {"intent": intent, "text": text, "understanding": understanding, **parse_data}
    return UserUttered(text, intent, data.pop("entities", []), data, input_channel="webchat")


def pressed(intent: str, **details: str) -> UserUttered:
    """A button as Rasa's own parser leaves it."""
    entities = [{"entity": name, "value": value} for name, value in details.items()]
    return UserUttered(f"/{intent}", {"name": intent, "confidence": 1.0}, entities, {})


def tracked(domain: Domain, *events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("one", [LISTEN, *events], domain.slots, domain=domain)


def predict(policy: JourneyPolicy, domain: Domain, *events: Event) -> tuple[str | None, PolicyPrediction]:
    """The action predicted after these events; None for an abstention."""
    prediction = policy.predict_action_probabilities(tracked(domain, *events), domain)
    best = max(prediction.probabilities)
    action = domain.action_names_or_texts[prediction.probabilities.index(best)] if best else None
    return action, prediction


def in_form(*asked: str) -> list[Event]:
    return [
        spoken("my bin was missed", "bin_missed"),
        ActionExecuted("bin_missed_form"),
        ActiveLoop("bin_missed_form"),
        *(SlotSet("requested_slot", slot) for slot in asked),
        BotUttered("Which one?", {"buttons": [BUTTON]}),
        LISTEN,
    ]


def test_a_query_is_left_to_rasas_rules_below_it(policy: JourneyPolicy, domain: Domain) -> None:
    action, prediction = predict(policy, domain, spoken("my bin was missed", "bin_missed"))
    assert action is None and prediction.policy_priority == PRIORITY > 6


def test_before_anybody_spoke_it_abstains(policy: JourneyPolicy, domain: Domain) -> None:
    assert predict(policy, domain)[0] is None


def test_danger_overrules_rasas_rules(policy: JourneyPolicy, domain: Domain) -> None:
    action, prediction = predict(policy, domain, *in_form("postcode"), spoken("gas!", "cancel", safety="gas"))
    assert action == "utter_safety_gas"
    assert prediction.is_no_user_prediction and prediction.max_confidence == 1.0


def test_leaving_a_journey_ends_rasas_form(policy: JourneyPolicy, domain: Domain) -> None:
    action, prediction = predict(policy, domain, *in_form("postcode"), spoken("stop", "cancel"))
    assert action == "utter_cancelled"
    assert prediction.optional_events is not None
    assert ActiveLoop(None) in prediction.optional_events
    assert SlotSet("requested_slot", None) in prediction.optional_events


def test_an_answer_runs_the_form_and_says_what_it_answers(policy: JourneyPolicy, domain: Domain) -> None:
    action, prediction = predict(policy, domain, *in_form("bin_missed_container"), spoken("blue"))
    assert action == "bin_missed_form"
    assert SlotSet("reading", "bin_missed_container") in (prediction.optional_events or [])


def test_a_response_that_nobody_wrote_is_left_to_rasa(policy: JourneyPolicy, domain: Domain) -> None:
    """A model trained without our content has no such action; nothing may fail for it."""
    assert predict(policy, domain, spoken("flood!", safety="flood"))[0] is None


def test_being_understood_ends_a_run_of_misses(policy: JourneyPolicy, domain: Domain) -> None:
    _, prediction = predict(policy, domain, SlotSet("misses", 2), spoken("my bin was missed", "bin_missed"))
    assert SlotSet("misses", 0) in prediction.events


def test_an_offer_is_over_when_something_else_is_asked(policy: JourneyPolicy, domain: Domain) -> None:
    """Else a yes in the next journey would be taken for a yes to it."""
    offer = SlotSet("offer", {"kind": "resume", "query": "bin_new"})
    _, prediction = predict(policy, domain, offer, spoken("my bin was missed", "bin_missed"))
    assert SlotSet("offer", None) in prediction.events


def test_a_form_that_ended_is_followed_by_its_journey(policy: JourneyPolicy, domain: Domain) -> None:
    over = [ActionExecuted("bin_missed_form"), ActiveLoop(None), SlotSet("requested_slot", None)]
    action, _ = predict(policy, domain, *in_form("bin_missed_confirmed"), spoken("yes"), *over)
    assert action == "action_bin_missed"


def test_a_form_that_asked_ends_the_turn(policy: JourneyPolicy, domain: Domain) -> None:
    asked = [ActionExecuted("bin_missed_form"), SlotSet("requested_slot", "contact"), BotUttered("Your email?")]
    assert predict(policy, domain, *in_form("bin_missed_note"), spoken("by the gate"), *asked)[0] == "action_listen"


def test_an_action_server_that_says_nothing_is_noticed(policy: JourneyPolicy, domain: Domain) -> None:
    action, _ = predict(policy, domain, spoken("missed", "bin_missed"), ActionExecuted("bin_missed_form"))
    assert action == "utter_unavailable"


def test_a_typed_message_as_it_is_read(domain: Domain) -> None:
    entities = [{"entity": "postcode", "value": "SK1 3XE"}]
    understanding = {
        "query": "faq/cost",
        "confidence": 0.7,
        "refused": False,
        "also": [{"query": "bin_new", "confidence": 0.2}],
        "second": "bin_new",
    }
    event = UserUttered("cost?", {"name": "faq"}, entities, {"understanding": understanding, "safety": None})
    before = in_form("bin_missed_container")
    now = read_situation(tracked(domain, *before, event), domain, event, before)
    assert (now.query, now.confidence, now.refused, now.second) == ("faq/cost", 0.7, False, "bin_new")
    assert now.entities == [("postcode", "SK1 3XE")] and now.details == {} and now.also == [("bin_new", 0.2)]
    assert now.journey is not None and now.journey.id == "bin_missed"
    assert now.requested is not None and now.requested.name == "container"
    assert [button.title for button in now.offered] == ["Blue bin"]


def test_a_pressed_button_carries_details_and_no_entities(domain: Domain) -> None:
    event = pressed("answer", question="bin_missed_container", value="blue_bin")
    before = in_form("bin_missed_container")
    now = read_situation(tracked(domain, *before, event), domain, event, before)
    assert now.is_pressed and now.is_sure and now.query == "answer" and now.entities == []
    assert now.details == {"question": "bin_missed_container", "value": "blue_bin"}


def test_a_pipeline_without_our_classifier_is_read_too(domain: Domain) -> None:
    event = UserUttered("hello", {"name": "cancel", "confidence": 0.8}, [], {})
    now = read_situation(tracked(domain, event), domain, event, [])
    assert (now.query, now.confidence, now.refused) == ("cancel", 0.8, False)


def test_only_the_buttons_below_the_last_words_count() -> None:
    old, new = {"title": "Old", "payload": "/old"}, {"title": "New", "payload": "/new"}
    events = [BotUttered("a", {"buttons": [old]}), spoken("x"), BotUttered("b", {"buttons": [new]}), BotUttered("c")]
    assert [button.title for button in offered_buttons(events)] == ["New"]


def test_the_buttons_of_two_messages_stand_in_the_order_in_which_they_were_shown() -> None:
    first, second = {"title": "First", "payload": "/first"}, {"title": "Second", "payload": "/second"}
    events = [BotUttered("a", {"buttons": [first]}), BotUttered("b", {"buttons": [second]})]
    assert [button.title for button in offered_buttons(events)] == ["First", "Second"]


def test_progress_knows_what_ran_and_whether_anything_was_said(domain: Domain) -> None:
    turn: list[Event] = [ActionExecuted("utter_faq", policy="RulePolicy"), BotUttered("It is free."), LISTEN]
    so_far = read_progress(tracked(domain, *turn), spoken("is it free"), turn)
    assert (so_far.actions, so_far.policies, so_far.has_spoken) == (("utter_faq",), ("RulePolicy",), True)
