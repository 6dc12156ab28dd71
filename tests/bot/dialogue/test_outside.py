"""Outside a journey: bare postcodes, misses, close calls, two requests, commands without anything to command."""

from __future__ import annotations

import pytest

from bot.dialogue.decide import decide
from bot.dialogue.situation import Move
from tests.bot.dialogue.builder import Talk, given, move


def test_a_query_outside_a_journey_is_left_to_rasas_rules(talk: Talk) -> None:
    assert decide(talk.says("report a missed bin", "bin_missed")) is None
    assert decide(talk.says("what does it cost", "faq/cost")) is None
    assert decide(talk.says("a person", "speak_to_person")) is None


@pytest.mark.parametrize("text", ["SK1 3XE", "its SK1 3XE"])
def test_a_bare_postcode_is_kept_and_its_purpose_asked(talk: Talk, text: str) -> None:
    found = move(decide(talk.says(text, entities=[("postcode", "SK1 3XE")])))
    assert found.action == "utter_postcode_what_for"
    assert found.slots["postcode"] == given("SK1 3XE") and found.slots["address"] is None


def test_a_postcode_with_a_clear_request_is_the_request(talk: Talk) -> None:
    assert decide(talk.says("bins SK1 3XE", "bin_missed", entities=[("postcode", "SK1 3XE")])) is None


def test_an_address_alone_is_no_request_whatever_it_sounds_like(talk: Talk) -> None:
    details = [("postcode", "SK1 3XE"), ("street", "Edward Street"), ("house_number", "4")]
    now = talk.says("4 Edward Street, Stockport, SK1 3XE", "bin_missed", entities=details)
    assert move(decide(now)).action == "utter_postcode_what_for"
    asked = talk.says("2 missed bins at Edward Street SK1 3XE", "bin_missed", entities=details)
    assert decide(asked) is None


def test_misses_change_the_words_and_then_offer_a_person(talk: Talk) -> None:
    said = []
    for _ in range(4):
        found = move(decide(talk.says("grmpf")))
        talk.with_slots(misses=found.slots["misses"])
        said.append(found.action)
    assert said == ["action_did_you_mean", "utter_fallback_again", "utter_fallback_person", "action_did_you_mean"]


def test_a_close_call_asks_which(talk: Talk) -> None:
    now = talk.says("my bin", "bin_missed", 0.45, also=[("bin_new", 0.4)])
    assert move(decide(now)).action == "action_did_you_mean"


def test_two_requests_in_one_message_keep_the_second(talk: Talk) -> None:
    now = talk.says("my bin was missed and I need a new one", "bin_missed", second="bin_new")
    found = move(decide(now))
    assert found.action == "bin_missed_form" and found.slots["suspended"] == ["bin_new"]


@pytest.mark.parametrize("second", ["bin_broken", "faq/cost", "opening_hours"])
def test_a_second_request_is_kept_as_the_journey_that_it_starts_if_it_starts_one(talk: Talk, second: str) -> None:
    """What is kept is offered later by its journey's title."""
    found = move(decide(talk.says("missed, and another thing", "bin_missed", second=second)) or Move("", {}))
    kept = found.slots.get("suspended") or []
    assert kept == (["bin_new"] if second == "bin_broken" else [])


@pytest.mark.parametrize(
    ("text", "query", "action"),
    [
        ("stop", "cancel", "utter_nothing_to_stop"),
        ("say again", "repeat", "action_repeat"),
        ("go back", "go_back", "utter_what_next"),
        ("yes", "affirm", "utter_what_next"),
        ("no", "deny", "utter_chitchat/goodbye"),
    ],
)
def test_commands_without_a_journey_have_an_answer(talk: Talk, text: str, query: str, action: str) -> None:
    assert move(decide(talk.says(text, query))).action == action


def test_a_button_of_a_journey_that_is_over_is_stale(talk: Talk) -> None:
    now = talk.presses('/answer{"question": "bin_missed_container", "value": "blue_bin"}')
    assert move(decide(now)).action == "utter_stale_choice"


def test_going_on_with_what_was_left(talk: Talk) -> None:
    talk.with_slots(suspended=["bin_missed", "bin_new"])
    assert move(decide(talk.says("where were we", "resume"))).action == "bin_new_form"
    assert move(decide(talk.presses('/resume{"journey": "bin_missed"}'))).action == "bin_missed_form"


def test_going_on_when_nothing_was_left(talk: Talk) -> None:
    assert move(decide(talk.says("where were we", "resume"))).action == "utter_what_next"
