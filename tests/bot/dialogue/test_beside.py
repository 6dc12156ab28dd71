"""A request beside danger in one message: the danger first, then an offer to go on with the request."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.beside import TACTLESS, URGENT
from bot.dialogue.decide import decide
from bot.dialogue.proceed import LISTEN, proceed
from bot.dialogue.situation import Move, Situation, read_payload
from bot.nlu.signals import SafetySignals
from bot.queries import read_queries
from tests.bot.dialogue.builder import Talk, given, move, progress
from tests.conftest import ROOT

GO_ON = read_payload("Go on: Report a missed bin", "/affirm")


def after_danger(now: Situation) -> Move:
    """What follows once the danger was told."""
    told = move(decide(now))
    assert told.action == f"utter_safety_{now.safety}"
    assert told.slots["offer"] == {"kind": "safety", "query": now.safety}, "a person and all that, as always"
    return move(proceed(now, progress(told.action)))


def offered(talk: Talk, query: str, **details: str) -> Talk:
    """A conversation in which a request was offered below a message about gas."""
    offer: dict[str, Any] = {"kind": "safety", "query": "gas_or_co", "also": query, "details": details}
    return talk.with_slots(offer=offer).with_buttons(GO_ON)


@pytest.mark.parametrize(
    ("query", "title"),
    [("bin_missed", "Report a missed bin"), ("faq/cost", "What it costs"), ("opening_hours", "Opening hours")],
)
def test_a_request_is_offered_below_the_danger(talk: Talk, query: str, title: str) -> None:
    found = after_danger(talk.says("I smell gas, and can you ...", query, safety="gas_or_co"))
    assert (found.action, found.slots["offer_title"]) == ("utter_safety_also", title)
    assert found.slots["offer"] == {"kind": "safety", "query": "gas_or_co", "also": query, "details": {}}


def test_the_turn_ends_with_the_offer(talk: Talk) -> None:
    now = talk.says("I smell gas, and when is my bin day", "bin_missed", safety="gas_or_co")
    assert move(proceed(now, progress("utter_safety_gas_or_co", "utter_safety_also"))).action == LISTEN


@pytest.mark.parametrize("kind", sorted(TACTLESS))
def test_beside_some_danger_a_question_would_be_tactless(talk: Talk, kind: str) -> None:
    assert after_danger(talk.says("and when is my bin day", "bin_missed", safety=kind)).action == LISTEN


NO_REQUESTS = ("speak_to_person", "erase_chat", "cancel", "affirm", "payment_done", "chitchat/greet")


@pytest.mark.parametrize("query", NO_REQUESTS)
def test_what_is_no_request_is_not_offered(talk: Talk, query: str) -> None:
    assert after_danger(talk.says("I smell gas, can you do it", query, safety="gas_or_co")).action == LISTEN


def test_what_is_not_sure_is_not_offered(talk: Talk) -> None:
    assert after_danger(talk.says("gas, what now", "bin_missed", 0.5, safety="gas_or_co")).action == LISTEN
    assert after_danger(talk.says("gas, what now", "bin_missed", refused=True, safety="gas_or_co")).action == LISTEN


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("my dad has collapsed", False),
        ("there is smoke everywhere near the bins", False),
        ("we are flooded. I need a new bin", True),
        ("the fire in my bin last week, when is my bin day", True),
        ("a tree fell on my bin, also what\u2019s my bin day", True),
        ("smell of gas\nwhere can I get a bin", True),
    ],
)
def test_what_danger_is_only_taken_for_is_not_offered(talk: Talk, text: str, is_asked: bool) -> None:
    found = after_danger(talk.says(text, "bin_missed", safety="medical_emergency"))
    assert found.action == ("utter_safety_also" if is_asked else LISTEN)


def test_the_danger_itself_is_no_request_but_one_beside_it_is(talk: Talk) -> None:
    titled = {"faq/gas_smell": "Who to call about gas"}
    alone = talk.says("I smell gas, who do I call", "faq/gas_smell", safety="gas_or_co", titles=titled)
    assert after_danger(alone).action == LISTEN
    both = talk.says("gas, and my bin", "faq/gas_smell", second="bin_missed", safety="gas_or_co", titles=titled)
    assert after_danger(both).slots["offer"]["also"] == "bin_missed"


def test_inside_a_journey_its_question_is_asked_again(at_bin: Talk) -> None:
    now = at_bin.says("I smell gas, and I need a new bin", "bin_new", safety="gas_or_co")
    told = progress("utter_safety_gas_or_co", form="bin_missed_form")
    assert move(proceed(now, told)).action == "bin_missed_form"


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("yes, go on", ""),
        ("yes", "affirm"),
        ("go on", ""),
        ("carry on", "resume"),
        ("my bin was missed", "bin_missed"),
        ("report a missed bin", ""),
    ],
)
def test_a_yes_or_its_name_starts_the_request(talk: Talk, text: str, query: str) -> None:
    found = move(decide(offered(talk, "bin_missed").says(text, query)))
    assert found.action == "bin_missed_form" and found.slots["offer"] is None


def test_the_button_starts_the_request(talk: Talk) -> None:
    assert move(decide(offered(talk, "bin_missed").presses("/affirm"))).action == "bin_missed_form"


@pytest.mark.parametrize(
    ("query", "action"), [("faq/cost", "utter_faq/cost"), ("opening_hours", "action_opening_hours")]
)
def test_a_yes_answers_a_question(talk: Talk, query: str, action: str) -> None:
    found = move(decide(offered(talk, query).says("yes", "affirm")))
    assert (found.action, found.slots["offer"]) == (action, None)


def test_what_was_said_of_the_request_is_kept_and_its_words_are_not(talk: Talk) -> None:
    details = [("postcode", "SK1 3XE"), ("house_number", "4"), ("house_number", "9")]
    now = talk.says("gas! I want my bin emptied at 4, SK1 3XE", "bin_missed", safety="gas_or_co", entities=details)
    offer = after_danger(now).slots["offer"]
    begun = move(decide(talk.with_slots(offer=offer).says("yes", "affirm")))
    assert begun.slots["first"] == {"text": "", "entities": {"postcode": "SK1 3XE", "house_number": "4"}}
    assert begun.slots["postcode"] == given("SK1 3XE") and begun.slots["address"] is None


def test_no_is_answered_as_without_a_request(talk: Talk) -> None:
    found = move(decide(offered(talk, "bin_missed").says("no thanks", "deny")))
    assert (found.action, found.slots["offer"]) == ("utter_safety_enough", None)


def test_without_a_request_a_yes_is_to_the_danger(talk: Talk) -> None:
    talk.with_slots(offer={"kind": "safety", "query": "gas_or_co"})
    assert move(decide(talk.says("yes", "affirm"))).action == "utter_safety_yes"


def test_the_lists_name_what_there_is() -> None:
    assert set(read_queries(ROOT / "data")) >= URGENT
    assert set(SafetySignals.from_file(ROOT / "data" / "safety" / "signals.yml").kinds) >= TACTLESS
