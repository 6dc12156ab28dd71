"""What counts first: danger, a typed button, the answer to an offer."""

from __future__ import annotations

import pytest

from bot.dialogue.decide import decide
from bot.dialogue.proceed import proceed
from bot.dialogue.situation import read_payload
from tests.bot.dialogue.builder import BINS, PERSON, SUMMARY, Talk, answer_button, given, move, progress

# Danger


@pytest.mark.parametrize("slot", ["bin_missed_note", "bin_missed_confirmed", "postcode"])
def test_danger_comes_before_everything_and_the_journey_stays(talk: Talk, slot: str) -> None:
    now = talk.inside("bin_missed", slot).says("there is a smell of gas", "cancel", safety="gas")
    found = move(decide(now))
    assert found.action == "utter_safety_gas"
    assert not found.leaves and found.slots["reading"] == ""


def test_after_danger_the_question_is_asked_again(at_bin: Talk) -> None:
    now = at_bin.says("I smell gas", safety="gas")
    assert move(proceed(now, progress("utter_safety_gas", form="bin_missed_form"))).action == "bin_missed_form"


def test_an_answer_in_a_message_that_raises_an_alarm_is_kept(at_bin: Talk) -> None:
    found = move(decide(at_bin.says("the blue bin", "bin_new", safety="gas")))
    assert (found.action, found.slots["reading"]) == ("utter_safety_gas", "bin_missed_container")


# Buttons that are typed


def test_a_typed_button_is_pressed(at_bin: Talk) -> None:
    at_bin.inside("bin_missed", "bin_missed_confirmed").with_buttons(*SUMMARY)
    assert move(decide(at_bin.says("change something", "bin_new"))).action == "action_change_which"
    assert move(decide(at_bin.says("Stop"))).action == "utter_cancelled"


@pytest.mark.parametrize(("text", "action"), [("2", "action_change_which"), ("3", "utter_cancelled")])
def test_a_number_counts_the_buttons_as_they_were_shown(at_bin: Talk, text: str, action: str) -> None:
    at_bin.inside("bin_missed", "bin_missed_confirmed").with_buttons(*SUMMARY)
    assert move(decide(at_bin.says(text))).action == action


def test_the_first_button_of_the_summary_sends_it(at_bin: Talk) -> None:
    at_bin.inside("bin_missed", "bin_missed_confirmed").with_buttons(*SUMMARY)
    for text in ("1", "the first one", "send it"):
        found = move(decide(at_bin.says(text)))
        assert (found.action, found.slots["reading"]) == ("bin_missed_form", "bin_missed_confirmed"), text


@pytest.mark.parametrize("text", ["1", "the first one"])
def test_the_offer_of_a_person_below_a_list_does_not_take_the_lists_numbers(at_bin: Talk, text: str) -> None:
    at_bin.with_buttons(*BINS, PERSON)
    assert move(decide(at_bin.says(text))).slots["reading"] == "bin_missed_container"


def test_a_house_number_does_not_count_buttons(talk: Talk) -> None:
    homes = [answer_button(f"{number} Greek Street", "address", str(number)) for number in (1, 3, 5)]
    talk.inside("bin_missed", "address").with_buttons(*homes, PERSON)
    assert move(decide(talk.says("4"))).action == "bin_missed_form"


def test_outside_a_journey_a_typed_choice_of_meanings_starts_it(talk: Talk) -> None:
    talk.with_buttons(read_payload("Report a missed bin", "/bin_missed"), PERSON)
    assert move(decide(talk.says("the first one"))).action == "bin_missed_form"


# Offers


def offered(talk: Talk, kind: str, query: str) -> Talk:
    return talk.with_slots(offer={"kind": kind, "query": query})


def test_yes_to_a_switch_starts_the_other_and_keeps_the_first(at_bin: Talk) -> None:
    found = move(decide(offered(at_bin, "switch", "bin_new").says("yes please", "affirm")))
    assert found.action == "bin_new_form" and found.leaves
    assert found.slots["suspended"] == ["bin_missed"] and found.slots["offer"] is None


def test_no_to_a_switch_goes_on(at_bin: Talk) -> None:
    found = move(decide(offered(at_bin, "switch", "bin_new").says("no", "deny")))
    assert (found.action, found.slots) == ("bin_missed_form", {"reading": "", "offer": None})


def test_yes_to_a_resume_goes_on_with_what_was_kept(talk: Talk) -> None:
    talk.with_slots(suspended=["bin_missed"], bin_missed_container=given("blue_bin"))
    found = move(decide(offered(talk, "resume", "bin_missed").says("yes", "affirm")))
    assert found.action == "bin_missed_form" and found.slots["suspended"] == []
    assert "bin_missed_container" not in found.slots, "the answers stay"


def test_no_to_a_resume_drops_it(talk: Talk) -> None:
    talk.with_slots(suspended=["bin_new", "bin_missed"], bin_missed_container=given("blue_bin"))
    found = move(decide(offered(talk, "resume", "bin_missed").says("no thanks", "deny")))
    assert found.action == "utter_what_next" and found.slots["suspended"] == ["bin_new"]
    assert found.slots["bin_missed_container"] is None


@pytest.mark.parametrize(
    ("text", "query"), [("blue", ""), ("what does it cost", "faq/cost"), ("grmpf", ""), ("say again", "repeat")]
)
def test_another_reply_to_an_offer_lets_it_go(at_bin: Talk, text: str, query: str) -> None:
    """Else a "yes" to a later question would be taken for a yes to the offer."""
    found = move(decide(offered(at_bin, "switch", "bin_new").says(text, query)))
    assert found.slots["offer"] is None
