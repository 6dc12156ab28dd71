"""The form of every journey: what is asked, what is not asked again, what is said of a wrong answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.backends.factory import close_backends
from bot.dialogue.forms import journey_domain
from bot.dialogue.journey_reader import journeys
from tests.actions.talk import FormTalk, executor
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("council_at_work")


@pytest.fixture(scope="module")
def actions() -> dict[str, Any]:
    return dict(executor().actions)


def test_every_action_of_every_journey_is_registered(actions: dict[str, Any]) -> None:
    assert set(journey_domain(journeys())["actions"]) <= set(actions)


async def test_one_question_at_a_time_to_the_end(actions: dict[str, Any], sandbox: Sandbox) -> None:
    talk = FormTalk(actions, "bin_missed")
    assert await talk.begin("my bin was not emptied") == ["utter_ask_postcode"]
    assert await talk.answer("sk7 9aa") == ["utter_ask_address"] and len(talk.titles) == 8
    assert await talk.answer("number 6") == ["utter_ask_bin_missed_container"] and "Blue bin" in talk.titles
    assert await talk.press("blue_bin") == ["utter_ask_bin_missed_note"]
    assert await talk.answer("by the gate") == ["utter_ask_contact"]
    assert await talk.answer("sam@example.com") == ["utter_ask_confirmed"]
    rows = talk.said[-1]["answers"]
    assert {row["label"]: row["answer"] for row in rows} == {
        "Address": "6 Bosden Fold Road, Hazel Grove, SK7 9AA",
        "Bin": "Blue bin",
        "Note for the crew": "by the gate",
        "Email or phone": "sam@example.com",
    }
    before = len(sandbox.log())
    assert await talk.press("yes") == ["utter_bin_missed_reported"]
    assert len(sandbox.log()) == before + 1
    assert talk.value("address") and talk.value("contact") == "sam@example.com", "shared answers are kept"
    assert talk.slots["bin_missed_container"] is None and talk.slots["bin_missed_confirmed"] is None


async def test_what_the_first_message_held_is_not_asked(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "bin_missed")
    said = await talk.begin(
        "you missed my brown bin at 3 Bosden Fold Road SK7 9AA",
        postcode="SK7 9AA",
        house_number="3",
        container="brown_bin",
    )
    assert said == ["utter_ask_bin_missed_note"]
    assert talk.value("bin_missed_container") == "brown_bin"
    assert talk.slots["address"]["said"] == "3 Bosden Fold Road, Hazel Grove, SK7 9AA"


async def test_an_address_known_already_is_used_and_shown(actions: dict[str, Any]) -> None:
    first = FormTalk(actions, "bin_day")
    await first.begin("bin day SK1 3XE", postcode="SK1 3XE")
    assert await first.answer("7") == ["utter_bin_day_dates"]
    second = FormTalk(actions, "bin_missed", address=first.slots["address"], postcode=first.slots["postcode"])
    assert await second.begin("and it was missed") == ["utter_using_address", "utter_ask_bin_missed_container"]


async def test_another_postcode_in_the_message_replaces_the_one_known(actions: dict[str, Any], desk: Any) -> None:
    home = await desk.home("SK1 3XE")
    talk = FormTalk(actions, "bin_day", address=home, postcode={"value": "SK1 3XE", "said": "SK1 3XE"})
    assert await talk.begin("bin day at SK7 9AA", postcode="SK7 9AA") == ["utter_ask_address"]


async def test_too_many_addresses_are_asked_for_by_number(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "bin_day")
    assert await talk.begin("bins SK4 9AA", postcode="SK4 9AA") == ["utter_ask_address_many"]
    assert talk.titles == [] and talk.said[-1]["count"] == "118"
    assert await talk.answer("flat 118") == ["utter_bin_day_dates"]


@pytest.mark.parametrize(
    ("postcode", "said"),
    [("M20 9AA", "utter_journey_outside"), ("SK9 9AA", "utter_journey_outside")],
)
async def test_outside_the_borough_the_neighbour_is_named(actions: dict[str, Any], postcode: str, said: str) -> None:
    talk = FormTalk(actions, "bin_day")
    assert await talk.begin("my bins", postcode=postcode) == [said]
    assert talk.said[-1]["neighbour"] and talk.said[-1]["website"].startswith("https://")
    assert talk.slots["postcode"] is None


async def test_a_postcode_without_homes_is_asked_for_again(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "bin_day")
    assert await talk.begin("my bins", postcode="SK8 9ZZ") == ["utter_problem_no_address", "utter_ask_postcode"]
    assert await talk.answer("SK1 3XE") == ["utter_ask_address"]


async def test_a_wrong_answer_is_told_in_other_words_and_then_a_person_offered(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "bin_day")
    await talk.begin("my bins")
    assert await talk.answer("the blue house") == ["utter_problem_postcode", "utter_ask_postcode"]
    assert await talk.answer("over there") == ["utter_problem_postcode_again", "utter_ask_postcode"]
    assert await talk.answer("you know where") == ["utter_problem_person", "utter_ask_postcode"]
    assert "Talk to a person" in talk.titles
    assert await talk.answer("SK1 3XE") == ["utter_ask_address"] and talk.slots["attempts"] is None


async def test_a_question_that_was_not_answered_is_put_again(actions: dict[str, Any]) -> None:
    """After an interruption the policy runs the form without reading."""
    talk = FormTalk(actions, "bin_day")
    await talk.begin("my bins")
    talk.slots["reading"] = ""
    assert await talk._turn("what does it cost", "faq/cost", {}) == ["utter_ask_postcode"]
    assert not talk.slots.get("problem")


async def test_an_optional_question_can_be_skipped(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "bin_missed")
    await talk.begin("missed", postcode="SK7 9AA", house_number="7", container="blue_bin")
    assert talk.titles == ["Skip this question"]
    assert await talk.answer("skip") == ["utter_ask_contact"]
    assert await talk.answer("no thanks", "deny") == ["utter_ask_confirmed"]
    assert [row["label"] for row in talk.said[-1]["answers"]] == ["Address", "Bin"]


async def test_what_was_skipped_is_asked_where_it_is_needed(actions: dict[str, Any], desk: Any) -> None:
    talk = FormTalk(
        actions,
        "bin_garden_join",
        address=await desk.home("SK1 3XE", 9),
        postcode={"value": "SK1 3XE", "said": "SK1 3XE"},
        contact={"value": "", "said": ""},
    )
    assert await talk.begin("join garden waste") == ["utter_using_address", "utter_ask_bin_garden_join_bins"]
    assert await talk.answer("two") == ["utter_ask_contact"]
    assert await talk.answer("07700 900123") == ["utter_ask_bin_garden_join_confirmed"]
    assert talk.said[-1]["fee"] == "£118"


async def test_a_text_that_is_too_long_is_told_its_limit(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "bin_missed")
    await talk.begin("missed", postcode="SK7 9AA", house_number="8", container="blue_bin")
    assert await talk.answer("x" * 501) == ["utter_problem_too_long", "utter_ask_bin_missed_note"]
    assert talk.said[0]["limit"] == "500"


UPLOAD = "0123456789abcdef" * 2


async def at_the_photo(actions: dict[str, Any], number: str) -> FormTalk:
    talk = FormTalk(actions, "bin_spillage")
    await talk.begin("your crew spilled rubbish", postcode="SK7 9AA", house_number=number)
    assert await talk.answer("glass by the gate") == ["utter_ask_bin_spillage_photo"]
    return talk


async def test_a_photo_that_was_sent_is_the_answer(actions: dict[str, Any]) -> None:
    talk = await at_the_photo(actions, "1")
    assert talk.said[-1]["custom"]["wants"] == {"type": "photo", "question": "bin_spillage_photo"}
    assert await talk.press(UPLOAD) == ["utter_ask_contact"]
    assert talk.slots["bin_spillage_photo"] == {"value": UPLOAD, "said": "Photo added"}
    assert await talk.answer("skip") == ["utter_ask_confirmed"]
    assert {"label": "Photo", "answer": "Photo added"} in talk.said[-1]["answers"]
    assert await talk.press("yes") == ["utter_bin_spillage_reported"]


async def test_words_are_no_photo_even_when_they_look_like_one(actions: dict[str, Any]) -> None:
    talk = await at_the_photo(actions, "2")
    assert await talk.answer(UPLOAD) == ["utter_problem_photo", "utter_ask_bin_spillage_photo"]
    assert await talk.press("Photo") == ["utter_problem_photo_again", "utter_ask_bin_spillage_photo"]
    assert talk.slots.get("bin_spillage_photo") is None


@pytest.mark.parametrize("text", ["skip", "I haven't got one", "can't take a photo at the moment"])
async def test_a_photo_can_be_left_out(actions: dict[str, Any], text: str) -> None:
    talk = await at_the_photo(actions, "3")
    assert await talk.answer(text, "bin_new") == ["utter_ask_contact"]
    assert talk.slots["bin_spillage_photo"] == {"value": "", "said": ""}


async def test_a_place_is_a_postcode_or_a_location(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "recycling_point")
    assert await talk.begin("bottle bank") == ["utter_ask_recycling_point_near"]
    assert await talk.answer("over there") == ["utter_problem_place", "utter_ask_recycling_point_near"]
    assert await talk.press("95.0,-2.1") == ["utter_problem_place_again", "utter_ask_recycling_point_near"]
    assert await talk.press("53.40995,-2.15761") == ["utter_recycling_point_points"]
    assert talk.said[-1]["place"] == "where you are"
    talk = FormTalk(actions, "recycling_point")
    assert await talk.begin("bottle bank") == ["utter_ask_recycling_point_near"]
    assert await talk.answer("sk4 9ba") == ["utter_recycling_point_points"]
    assert talk.said[-1]["place"] == "SK4 9BA"


async def test_a_place_known_already_is_not_asked_for(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "recycling_point", postcode={"value": "SK4 9BA", "said": "SK4 9BA"})
    assert await talk.begin("bottle bank") == ["utter_recycling_point_points"]


async def test_a_location_far_away_is_told_so(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "tip_hours")
    assert await talk.begin("tips") == ["utter_ask_tip_hours_near"]
    assert await talk.press("51.50735,-0.12776") == ["utter_journey_far"]


async def test_hire_papers_are_asked_for_a_hired_van_only(actions: dict[str, Any]) -> None:
    for vehicle, asked in (("hired_van", "utter_ask_tip_permit_papers"), ("van", "utter_ask_contact")):
        talk = FormTalk(actions, "tip_permit")
        await talk.begin("permit", postcode="SK7 9AA", house_number="4")
        await talk.press(vehicle)
        await talk.answer("AB12 CDE")
        assert await talk.press("household") == [asked]


async def test_a_check_can_end_it_early(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "bin_missed")
    said = await talk.begin("missed", postcode="SK5 9AB", house_number="2", container="black_bin")
    assert said == ["utter_bin_missed_not_due"] and talk.asked is None


async def test_a_question_is_asked_only_when_earlier_answers_say_so(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "bin_clinical")
    assert await talk.begin("get rid of needles") == ["utter_bin_clinical_sharps"]
    talk = FormTalk(actions, "bin_clinical")
    assert await talk.begin("medical waste") == ["utter_ask_bin_clinical_kind"]
    assert await talk.press("infectious") == ["utter_ask_postcode"]


async def test_a_number_of_things_is_asked_in_words(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "bin_bulky")
    said = await talk.begin("collect two sofas and a fridge SK1 3XE", postcode="SK1 3XE", house_number="10")
    assert said == ["utter_ask_bin_bulky_slot"]
    assert talk.slots["bin_bulky_items"]["said"] == "2 × Sofa, Fridge"


async def test_a_button_that_is_offered_no_more_is_no_answer(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "bin_missed")
    await talk.begin("missed", postcode="SK7 9AA", house_number="1")
    assert await talk.press("purple_sack") == ["utter_problem_choice", "utter_ask_bin_missed_container"]


async def test_one_by_one_the_answers_are_kept_when_a_back_end_fails(actions: dict[str, Any], sandbox: Sandbox) -> None:
    talk = FormTalk(actions, "bin_missed")
    await talk.begin("missed", postcode="SK7 9AA", house_number="2", container="blue_bin")
    await talk.answer("skip")
    await talk.answer("skip")
    sandbox.fault("waste", "failing")
    assert await talk.press("yes") == ["utter_journey_failed"]
    assert sandbox.log()[-1]["status"] == 503
    assert talk.value("bin_missed_container") == "blue_bin" and talk.slots["bin_missed_confirmed"] is None
    assert talk.slots["suspended"] == ["bin_missed"] and talk.slots["kept"] == "bin_missed"
    sandbox.fault("waste", "ok")
    assert "utter_ask_confirmed" in await talk.begin("try again", "resume")
    assert await talk.press("yes") == ["utter_bin_missed_reported"]


@pytest.mark.parametrize("mode", ["failing", "nonsense"])
async def test_a_back_end_that_fails_at_the_start_is_told_and_nothing_false_said(
    actions: dict[str, Any], sandbox: Sandbox, mode: str
) -> None:
    sandbox.fault("addresses", mode)
    talk = FormTalk(actions, "bin_day")
    assert await talk.begin("bins SK1 3XE", postcode="SK1 3XE") == ["utter_journey_failed"]
    assert talk.value("postcode") == "SK1 3XE"


@pytest.mark.parametrize(
    "patience",
    [
        {"backend_timeout": 0.2, "backend_deadline": 0.3, "action_deadline": 4},
        {"backend_timeout": 5, "backend_deadline": 5, "action_deadline": 0.3},
    ],
    ids=["one call", "the whole action"],
)
async def test_a_slow_back_end_is_not_waited_for(
    actions: dict[str, Any], sandbox: Sandbox, set_settings: Callable[..., None], patience: dict[str, float]
) -> None:
    """Whichever limit is met first, the answers so far are kept and the resident is told."""
    set_settings(**patience)
    await close_backends()  # the next ones have this patience
    sandbox.fault("addresses", "slow", 3)
    talk = FormTalk(actions, "bin_day")
    try:
        assert await talk.begin("bins SK1 3XE", postcode="SK1 3XE") == ["utter_journey_failed"]
    finally:
        await close_backends()
    assert talk.value("postcode") == "SK1 3XE"
