"""What can be said anywhere in a journey: stop, go back, start again, change something, repeat, a person."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.dialogue.commands import COMMANDS, clear, resume, start
from bot.dialogue.decide import decide
from bot.dialogue.journeys import Journey
from bot.dialogue.situation import Move, Situation
from tests.bot.dialogue.builder import Talk, given


@pytest.fixture
def talk(known: Mapping[str, Journey]) -> Talk:
    """In bin_missed with everything answered but the summary."""
    return (
        Talk(known)
        .inside("bin_missed", "bin_missed_confirmed")
        .with_slots(
            postcode=given("SK1 3XE"),
            address=given("1"),
            bin_missed_container=given("blue_bin"),
            bin_missed_due_checked=given(True),
            bin_missed_note=given("by the gate"),
            contact=given("sam@example.com"),
            asked=["postcode", "address", "bin_missed_container", "bin_missed_note", "contact", "bin_missed_confirmed"],
        )
    )


def move(now: Situation) -> Move:
    found = decide(now)
    assert found is not None
    return found


def test_stop_empties_the_journey_and_keeps_what_is_shared(talk: Talk) -> None:
    found = move(talk.says("stop", "cancel"))
    assert found.action == "utter_cancelled" and found.leaves
    assert found.slots["bin_missed_container"] is None and found.slots["bin_missed_due_checked"] is None
    assert found.slots["run"] is None, "the next report is another one"
    assert "address" not in found.slots and "contact" not in found.slots


def test_start_again_asks_for_everything_anew(talk: Talk, known: Mapping[str, Journey]) -> None:
    found = move(talk.says("start again", "start_again"))
    assert found.action == "bin_missed_form" and not found.leaves
    assert {slot for slot, value in found.slots.items() if value is None} >= set(known["bin_missed"].slots)


def test_go_back_puts_the_last_question_again(talk: Talk) -> None:
    found = move(talk.says("go back", "go_back"))
    assert found.action == "bin_missed_form" and found.slots["contact"] is None
    assert "bin_missed_note" not in found.slots


def test_go_back_twice_goes_back_two_questions(talk: Talk) -> None:
    talk.inside("bin_missed", "contact").with_slots(contact=None)
    found = move(talk.says("back", "go_back"))
    assert found.slots["bin_missed_note"] is None and "bin_missed_container" not in found.slots


def test_going_back_over_a_check_looks_again(talk: Talk) -> None:
    talk.inside("bin_missed", "bin_missed_note").with_slots(bin_missed_note=None, contact=None)
    found = move(talk.says("back", "go_back"))
    assert found.slots["bin_missed_container"] is None and found.slots["bin_missed_due_checked"] is None


def test_going_back_skips_what_was_never_asked(talk: Talk) -> None:
    """A single address at a postcode is taken without a question."""
    talk.inside("bin_missed", "bin_missed_container").with_slots(
        bin_missed_container=None, bin_missed_note=None, contact=None, asked=["postcode", "bin_missed_container"]
    )
    found = move(talk.says("back", "go_back"))
    assert found.slots["postcode"] is None and found.slots["address"] is None


def test_at_the_first_question_there_is_nothing_to_go_back_to(known: Mapping[str, Journey]) -> None:
    now = Talk(known).inside("bin_missed", "postcode").with_slots(asked=["postcode"]).says("back", "go_back")
    assert move(now).action == "utter_nothing_before"


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("change the note", "bin_missed_note"),
        ("I want to change the bin", "bin_missed_container"),
        ("change my address", "address"),
        ("the postcode is wrong", "postcode"),
        ("use another email", "contact"),
    ],
)
def test_change_names_the_answer_by_its_label(talk: Talk, text: str, slot: str) -> None:
    found = move(talk.says(text, "change_answer"))
    assert found.action == "bin_missed_form" and found.slots[slot] is None and not found.slots["reading"]


def test_change_with_the_new_answer_in_it_is_read_at_once(talk: Talk) -> None:
    found = move(talk.says("change the postcode to SK4 3AA", "change_answer", entities=[("postcode", "SK4 3AA")]))
    assert found.slots["postcode"] is None and found.slots["reading"] == "postcode"


def test_changing_the_address_makes_what_rests_on_it_doubtful(talk: Talk) -> None:
    found = move(talk.presses('/change_answer{"question": "address"}'))
    assert found.slots["bin_missed_container"] is None and found.slots["bin_missed_due_checked"] is None
    assert "bin_missed_note" not in found.slots and "contact" not in found.slots


@pytest.mark.parametrize("text", ["change something", "I made a mistake"])
def test_change_of_nothing_in_particular_asks_which(talk: Talk, text: str) -> None:
    assert move(talk.says(text, "change_answer")).action == "action_change_which"


def test_repeat_puts_the_question_again(talk: Talk) -> None:
    found = move(talk.says("sorry, what?", "repeat"))
    assert found.action == "bin_missed_form" and not found.slots["reading"]


def test_a_person_is_a_journey_and_this_one_is_kept(talk: Talk) -> None:
    found = move(talk.says("I want to talk to someone", "speak_to_person"))
    assert found.action == "speak_to_person_form" and found.leaves
    assert found.slots["suspended"] == ["bin_missed"]


def test_a_person_while_leaving_a_message_goes_on_leaving_it(known: Mapping[str, Journey]) -> None:
    now = Talk(known).inside("speak_to_person", "speak_to_person_about").says("a person!", "speak_to_person")
    found = move(now)
    assert found.action == "speak_to_person_form" and not found.leaves


def test_a_command_that_is_not_sure_is_none(talk: Talk) -> None:
    assert move(talk.says("stop it from smelling", "cancel", 0.4)).action == "bin_missed_form"


def test_deleting_the_chat_stops_what_is_going_on(talk: Talk) -> None:
    found = move(talk.with_slots(suspended=["bin_new"]).says("delete this chat", "erase_chat"))
    assert found.action == "erase_chat_form" and found.leaves
    assert found.slots["bin_missed_container"] is None and found.slots["suspended"] is None


def test_outside_a_journey_deleting_the_chat_is_left_to_rasas_rules(known: Mapping[str, Journey]) -> None:
    assert decide(Talk(known).says("delete this chat", "erase_chat")) is None


def test_starting_keeps_each_journey_once(talk: Talk, known: Mapping[str, Journey]) -> None:
    now = talk.with_slots(suspended=["bin_new", "bin_bulky"]).says("a new bin", "bin_new", second="bin_bulky")
    found = start(now, known["bin_new"])
    assert found.slots["suspended"] == ["bin_bulky", "bin_missed"]


def test_resuming_leaves_the_answers_alone(talk: Talk, known: Mapping[str, Journey]) -> None:
    found = resume(talk.with_slots(suspended=["bin_new"]).says("go on", "resume"), known["bin_new"])
    assert found.action == "bin_new_form"
    assert not set(found.slots) & set(known["bin_new"].slots)


def test_clearing_one_answer_spares_the_ones_before_it(known: Mapping[str, Journey]) -> None:
    cleared = clear(known["bin_missed"], "bin_missed_note")
    assert set(cleared) == {"bin_missed_note", "bin_missed_confirmed", "problem", "ending"}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_an_answer_inside_a_journey(talk: Talk, command: str) -> None:
    assert decide(talk.says("x", command)) is not None
