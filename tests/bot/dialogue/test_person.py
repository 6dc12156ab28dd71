"""When a conversation goes to a person, why, and where it goes on when it comes back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.decide import decide
from bot.dialogue.proceed import proceed
from bot.dialogue.situation import Progress, Situation
from tests.bot.dialogue.builder import PERSON, Talk, move

THERE = {"desk": ("general",)}


def wishes(talk: Talk, **rest: Any) -> Situation:
    return talk.says("a person please", "speak_to_person", **{**THERE, **rest})


def test_a_person_comes_when_one_is_there(talk: Talk) -> None:
    found = move(decide(wishes(talk)))
    assert (found.action, found.slots["handover_reason"]) == ("action_hand_over", "asked")


def test_nobody_there_and_a_message_is_left(talk: Talk) -> None:
    assert decide(wishes(talk, desk=())) is None  # Rasa's rule starts the journey


def test_a_message_that_is_being_left_gives_way_to_a_person(talk: Talk) -> None:
    found = move(decide(wishes(talk.inside("speak_to_person", "speak_to_person_about"))))
    assert (found.action, found.slots["suspended"], found.leaves) == ("action_hand_over", None, True)


def test_what_was_going_on_is_kept(talk: Talk) -> None:
    found = move(decide(wishes(talk.inside("bin_missed", "postcode"))))
    assert (found.action, found.slots["suspended"], found.leaves) == ("action_hand_over", ["bin_missed"], True)


@pytest.mark.parametrize(
    ("slots", "reason"),
    [
        ({"offer": {"kind": "safety", "query": "gas_or_co"}}, "danger"),
        ({"kept": "bin_missed", "suspended": ["bin_missed"]}, "failed"),
        ({"misses": 3}, "missed"),
        ({"misses": 1}, "asked"),
    ],
)
def test_the_reason_is_what_went_before(talk: Talk, slots: dict[str, Any], reason: str) -> None:
    found = move(decide(wishes(talk.with_slots(**slots))))
    assert (found.action, found.slots["handover_reason"]) == ("action_hand_over", reason)


def test_the_button_is_a_wish_too(talk: Talk) -> None:
    now = talk.with_buttons(PERSON).says("talk to a person", "", **THERE)
    assert move(decide(now)).action == "action_hand_over"


def test_yes_after_danger_brings_a_person(talk: Talk) -> None:
    offered = talk.with_slots(offer={"kind": "safety", "query": "flood_now"})
    assert move(decide(offered.says("yes", "affirm", **THERE))).slots["handover_reason"] == "danger"
    assert move(decide(offered.says("yes", "affirm"))).action == "utter_safety_yes"


def test_a_topic_is_answered_and_then_goes_to_a_person(talk: Talk) -> None:
    now = talk.says("i worry about nan", "faq/adult_safeguard", topics=frozenset(("adult_safeguard",)), **THERE)
    assert move(decide(now)).action == "utter_faq/adult_safeguard"
    told = Progress(("utter_faq/adult_safeguard",), ("JourneyPolicy",), True, frozenset(), None)
    found = move(proceed(now, told))
    assert (found.action, found.slots["handover_reason"]) == ("action_hand_over", "topic")
    nobody = talk.says("i worry about nan", "faq/adult_safeguard", topics=frozenset(("adult_safeguard",)))
    assert decide(nobody) is None


def test_back_from_a_person_the_last_journey_goes_on(talk: Talk) -> None:
    now = talk.with_slots(suspended=["bin_missed"]).says("/back_from_person", "back_from_person", is_pressed=True)
    found = move(decide(now))
    assert (found.action, found.slots["suspended"]) == ("bin_missed_form", None)


def test_back_in_the_middle_of_a_journey_its_question_is_asked_again(talk: Talk) -> None:
    now = talk.inside("bin_missed", "postcode").says("/back_from_person", "back_from_person", is_pressed=True)
    found = move(decide(now))
    assert (found.action, found.slots["reading"]) == ("bin_missed_form", "")


def test_back_with_nothing_going_on(talk: Talk) -> None:
    assert move(decide(talk.says("/x", "back_from_person", is_pressed=True))).action == "utter_what_next"


def test_nobody_came_and_a_message_is_left(talk: Talk) -> None:
    assert move(decide(talk.says("/x", "nobody_came", is_pressed=True))).action == "speak_to_person_form"


@pytest.mark.parametrize("query", ["back_from_person", "nobody_came"])
def test_residents_cannot_say_what_staff_tell_rasa(talk: Talk, query: str) -> None:
    found = decide(talk.says("back from person", query))
    assert found is None or found.action not in ("speak_to_person_form", "utter_what_next")
