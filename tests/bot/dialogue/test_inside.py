"""Inside a journey: answers, free text, interruptions, corrections, the summary."""

from __future__ import annotations

import json

import pytest

from bot.dialogue.decide import decide
from bot.dialogue.proceed import LISTEN, proceed
from bot.dialogue.situation import Button
from tests.bot.dialogue.builder import SUMMARY, Talk, given, move, progress

# Answers


@pytest.mark.parametrize("text", ["blue", "the second one", "2", "blue bin please"])
def test_what_parses_is_the_answer(at_bin: Talk, text: str) -> None:
    found = move(decide(at_bin.says(text, "bin_new")))
    assert (found.action, found.slots["reading"]) == ("bin_missed_form", "bin_missed_container")


def test_the_councils_other_word_for_a_bin_is_an_answer(at_bin: Talk) -> None:
    """ "the rubbish bin" is on no button, but it names a detail that this question asks for."""
    now = at_bin.says("the rubbish bin", "what_goes_where", entities=[("container", "black_bin")])
    found = move(decide(now))
    assert (found.action, found.slots["reading"]) == ("bin_missed_form", "bin_missed_container")


def test_an_answer_that_sounds_like_the_journeys_own_beginning_is_read(talk: Talk) -> None:
    """ "a sofa and two chairs" is how people begin a bulky booking, and what they answer in it."""
    now = talk.inside("bin_bulky", "bin_bulky_items").says("a sofa and two chairs", "bin_bulky")
    assert move(decide(now)).slots["reading"] == "bin_bulky_items"


def test_a_pressed_answer_is_read(at_bin: Talk) -> None:
    found = move(decide(at_bin.presses('/answer{"question": "bin_missed_container", "value": "blue_bin"}')))
    assert (found.action, found.slots["reading"]) == ("bin_missed_form", "bin_missed_container")


def test_a_button_of_an_earlier_question_changes_that_answer(at_bin: Talk) -> None:
    found = move(decide(at_bin.presses('/answer{"question": "address", "value": "2"}')))
    assert found.action == "bin_missed_form" and found.slots["reading"] == "address"
    assert found.slots["bin_missed_container"] is None, "what rests on the address is asked anew"


def test_a_button_of_another_journey_is_stale(at_bin: Talk) -> None:
    found = move(decide(at_bin.presses('/answer{"question": "bin_new_reason", "value": "missing"}')))
    assert found.action == "utter_stale_choice"


def test_what_is_no_answer_and_nothing_else_goes_to_the_form_to_be_told(at_bin: Talk) -> None:
    found = move(decide(at_bin.says("grmpf")))
    assert (found.action, found.slots["reading"]) == ("bin_missed_form", "bin_missed_container")


def test_a_house_number_alone_is_a_try_at_an_address_whatever_else_it_resembles(talk: Talk) -> None:
    value = {"question": "address", "value": "12"}
    offered = Button("12, Flat 2", f"/answer{json.dumps(value)}", "answer", value)
    inside = talk.inside("bin_missed", "address").with_buttons(offered)
    now = inside.says("Flat 118", "faq/cost", entities=[("house_number", "118")])
    assert move(decide(now)).slots["reading"] == "address"


def test_an_answer_and_a_question_at_once_are_both_taken(talk: Talk) -> None:
    now = talk.inside("bin_missed", "postcode").says("SK1 3XE, is it free?", "faq/cost")
    found = move(decide(now))
    assert (found.action, found.slots["reading"]) == ("utter_faq/cost", "postcode")


def test_a_look_up_by_name_gives_way_to_a_sure_other_meaning(talk: Talk) -> None:
    talk.inside("what_goes_where", "what_goes_where_item")
    assert move(decide(talk.says("when do you open", "opening_hours"))).action == "action_opening_hours"
    assert move(decide(talk.says("crisp packets"))).slots["reading"] == "what_goes_where_item"


# Free text


@pytest.fixture
def at_note(talk: Talk) -> Talk:
    return talk.inside("bin_missed", "bin_missed_note").with_slots(
        postcode=given("SK1 3XE"), address=given("1"), bin_missed_container=given("blue_bin")
    )


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("the lid broke and I want to cancel the green one", "cancel"),
        ("it is about a new bin", "bin_new"),
        ("what is my bin day", "faq/cost"),
        ("no", "affirm"),
    ],
)
def test_to_a_free_text_question_everything_is_the_answer(at_note: Talk, text: str, query: str) -> None:
    found = move(decide(at_note.says(text, query)))
    assert (found.action, found.slots["reading"]) == ("bin_missed_form", "bin_missed_note")


@pytest.mark.parametrize(
    ("text", "query", "action"),
    [
        ("stop", "cancel", "utter_cancelled"),
        ("talk to a person", "speak_to_person", "speak_to_person_form"),
        ("say that again", "repeat", "bin_missed_form"),
    ],
)
def test_but_a_short_command_is_a_command(at_note: Talk, text: str, query: str, action: str) -> None:
    found = move(decide(at_note.says(text, query)))
    assert found.action == action and not found.slots.get("reading")


@pytest.mark.parametrize("text", ["skip", "no thanks", "none"])
def test_an_optional_text_can_be_skipped(at_note: Talk, text: str) -> None:
    assert move(decide(at_note.says(text, "deny"))).slots["reading"] == "bin_missed_note"


def test_a_text_that_is_too_long_is_not_taken_for_something_else(at_note: Talk) -> None:
    found = move(decide(at_note.says("my bin was left again " * 10, "bin_new")))
    assert (found.action, found.slots["reading"]) == ("bin_missed_form", "bin_missed_note")


# More than words


@pytest.fixture
def at_photo(talk: Talk) -> Talk:
    return talk.inside("bin_spilled", "bin_spilled_photo").with_slots(bin_spilled_where=given("SK1 3XE"))


def test_a_file_that_was_sent_is_the_answer(at_photo: Talk) -> None:
    found = move(decide(at_photo.presses(f'/answer{{"question": "bin_spilled_photo", "value": "{"0f" * 16}"}}')))
    assert (found.action, found.slots["reading"]) == ("bin_spilled_form", "bin_spilled_photo")


@pytest.mark.parametrize("text", ["0f" * 16, "it is green", "yes"])
def test_words_are_no_file_and_go_to_the_form_to_be_told(at_photo: Talk, text: str) -> None:
    found = move(decide(at_photo.says(text)))
    assert (found.action, found.slots["reading"]) == ("bin_spilled_form", "bin_spilled_photo")


def test_to_a_question_for_a_file_a_sure_other_meaning_is_an_interruption(at_photo: Talk) -> None:
    assert move(decide(at_photo.says("what does it cost", "faq/cost"))).action == "utter_faq/cost"
    assert move(decide(at_photo.says("stop", "cancel"))).action == "utter_cancelled"


@pytest.mark.parametrize("text", ["I don't have one", "can't take a picture", "skip"])
def test_who_has_no_photo_goes_on_whatever_it_sounds_like(at_photo: Talk, text: str) -> None:
    found = move(decide(at_photo.says(text, "bin_new")))
    assert (found.action, found.slots["reading"]) == ("bin_spilled_form", "bin_spilled_photo")


def test_a_document_that_is_needed_cannot_be_skipped(at_photo: Talk) -> None:
    at_photo.inside("bin_spilled", "bin_spilled_papers")
    assert move(decide(at_photo.says("I don't have one", "bin_new"))).action == "utter_offer_switch"


@pytest.mark.parametrize("text", ["SK1 3XE", "by sk13xe"])
def test_a_place_is_answered_with_a_postcode(talk: Talk, text: str) -> None:
    now = talk.inside("bin_spilled", "bin_spilled_where").says(text, "bin_new")
    assert move(decide(now)).slots["reading"] == "bin_spilled_where"


def test_a_shared_location_is_the_answer(talk: Talk) -> None:
    talk.inside("bin_spilled", "bin_spilled_where")
    found = move(decide(talk.presses('/answer{"question": "bin_spilled_where", "value": "53.4,-2.1"}')))
    assert (found.action, found.slots["reading"]) == ("bin_spilled_form", "bin_spilled_where")


# Interruptions


def test_a_question_in_the_middle_is_answered_and_the_journeys_question_put_again(at_bin: Talk) -> None:
    now = at_bin.says("what does it cost", "faq/cost")
    found = move(decide(now))
    assert (found.action, found.slots["reading"], found.leaves) == ("utter_faq/cost", "", False)
    assert move(proceed(now, progress("utter_faq/cost", form="bin_missed_form"))).action == "bin_missed_form"


def test_an_unsure_meaning_is_no_interruption(at_bin: Talk) -> None:
    assert move(decide(at_bin.says("costs", "faq/cost", 0.5))).slots["reading"] == "bin_missed_container"


def test_another_request_in_the_middle_is_offered_first(at_bin: Talk) -> None:
    now = at_bin.says("I need a new bin", "bin_broken")
    found = move(decide(now))
    assert found.action == "utter_offer_switch" and not found.leaves
    assert found.slots["offer"] == {"kind": "switch", "query": "bin_new"}
    assert move(proceed(now, progress("utter_offer_switch", form="bin_missed_form"))).action == LISTEN


def test_the_same_request_again_puts_the_question_again(at_bin: Talk) -> None:
    assert move(decide(at_bin.says("my bin was missed", "bin_missed"))).action == "bin_missed_form"


# Corrections


def test_a_detail_that_answers_an_earlier_question_corrects_it(at_bin: Talk) -> None:
    found = move(decide(at_bin.says("no, SK4 3AA", "deny", entities=[("postcode", "SK4 3AA")])))
    assert found.action == "bin_missed_form" and found.slots["reading"] == "postcode"
    assert found.slots["address"] is None


def test_a_correction_is_no_refusal_of_an_optional_question(at_bin: Talk) -> None:
    at_bin.inside("bin_missed", "contact").with_slots(bin_missed_container=given("blue_bin"))
    found = move(decide(at_bin.says("no, SK4 3AA", "deny", entities=[("postcode", "SK4 3AA")])))
    assert found.slots["reading"] == "postcode"


# The summary


def test_no_to_the_summary_asks_what_to_change(at_bin: Talk) -> None:
    at_bin.inside("bin_missed", "bin_missed_confirmed").with_buttons(*SUMMARY)
    assert move(decide(at_bin.says("no", "deny"))).action == "action_change_which"
    assert move(decide(at_bin.says("yes", "affirm"))).slots["reading"] == "bin_missed_confirmed"


def test_no_where_nothing_can_be_changed_stops(talk: Talk) -> None:
    talk.inside("erase_chat", "erase_chat_confirmed")
    found = move(decide(talk.says("no", "deny")))
    assert found.action == "utter_cancelled" and found.leaves
