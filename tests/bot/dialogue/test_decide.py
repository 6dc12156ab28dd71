"""What the assistant does next, in the order in which the rules count."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.dialogue.decide import decide
from bot.dialogue.journeys import Journey
from bot.dialogue.proceed import LISTEN, UNAVAILABLE, proceed
from bot.dialogue.situation import Move, read_payload
from tests.bot.dialogue.builder import Talk, answer_button, given, progress

BINS = (
    answer_button("Black bin", "bin_missed_container", "black_bin"),
    answer_button("Blue bin", "bin_missed_container", "blue_bin"),
)
PERSON = read_payload("Talk to a person", "/speak_to_person")
SUMMARY = (
    answer_button("Send it", "bin_missed_confirmed", "yes"),
    read_payload("Change something", "/change_answer"),
    read_payload("Stop", "/cancel"),
)


@pytest.fixture
def talk(known: Mapping[str, Journey]) -> Talk:
    return Talk(known)


@pytest.fixture
def at_bin(talk: Talk) -> Talk:
    """In bin_missed, asked which bin; postcode and address are answered."""
    talk.inside("bin_missed", "bin_missed_container").with_buttons(*BINS)
    return talk.with_slots(postcode=given("SK1 3XE"), address=given("1"), asked=["postcode", "address"])


def move(found: Move | None) -> Move:
    assert found is not None
    return found


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


# The summary


def test_no_to_the_summary_asks_what_to_change(at_bin: Talk) -> None:
    at_bin.inside("bin_missed", "bin_missed_confirmed")
    assert move(decide(at_bin.says("no", "deny"))).action == "action_change_which"
    assert move(decide(at_bin.says("yes", "affirm"))).slots["reading"] == "bin_missed_confirmed"


def test_no_where_nothing_can_be_changed_stops(talk: Talk) -> None:
    talk.inside("erase_chat", "erase_chat_confirmed")
    found = move(decide(talk.says("no", "deny")))
    assert found.action == "utter_cancelled" and found.leaves


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


# Outside a journey


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


def test_misses_change_the_words_and_then_offer_a_person(talk: Talk) -> None:
    said = []
    for _ in range(4):
        found = move(decide(talk.says("grmpf")))
        talk.with_slots(misses=found.slots["misses"])
        said.append(found.action)
    assert said == ["action_did_you_mean", "utter_fallback_again", "utter_fallback_person", "utter_fallback_person"]


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
        ("no", "deny", "utter_what_next"),
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


# The rest of a turn


def test_a_turn_ends_when_the_form_has_put_its_question(at_bin: Talk) -> None:
    now = at_bin.says("blue")
    assert move(proceed(now, progress("bin_missed_form", form="bin_missed_form"))).action == LISTEN


def test_a_form_that_is_over_runs_its_journey(at_bin: Talk) -> None:
    so_far = progress("bin_missed_form", spoken=False, begun="bin_missed_form")
    assert move(proceed(at_bin.says("yes"), so_far)).action == "action_bin_missed"


@pytest.mark.parametrize(
    ("actions", "form"),
    [(("bin_missed_form",), None), (("bin_missed_form",), "bin_missed_form"), (("action_bin_missed",), None)],
)
def test_silence_is_never_the_answer(talk: Talk, actions: tuple[str, ...], form: str | None) -> None:
    """An action server that is down says nothing; the resident is told so, and the turn ends."""
    now = talk.says("my bin was missed", "bin_missed")
    assert move(proceed(now, progress(*actions, form=form, spoken=False))).action == UNAVAILABLE
    assert move(proceed(now, progress(*actions, UNAVAILABLE, form=form))).action == LISTEN


def test_what_was_kept_is_offered_when_the_journey_is_over(talk: Talk) -> None:
    talk.with_slots(suspended=["bin_new", "bin_missed"])
    found = move(proceed(talk.says("yes"), progress("bin_bulky_form", "action_bin_bulky")))
    assert found.action == "utter_offer_resume"
    assert found.slots["offer"] == {"kind": "resume", "query": "bin_missed"}
    assert found.slots["offer_title"] == "Report a missed bin"


def test_a_journey_that_failed_is_not_offered_at_once(talk: Talk) -> None:
    talk.with_slots(suspended=["bin_missed"], kept=True)
    assert move(proceed(talk.says("yes"), progress("bin_missed_form", "action_bin_missed"))).action == LISTEN


def test_rasas_rules_carry_on_what_they_began(talk: Talk) -> None:
    so_far = progress("utter_faq", policy="policy_1_RulePolicy")
    assert proceed(talk.says("what does it cost", "faq/cost"), so_far) is None
