"""Reports over Open311: the place in every form, others' reports near by, the server's own questions, one call."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.actions.talk import FormTalk, executor
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("council_at_work")
WRITE = "/reports/requests.json"


@pytest.fixture(scope="module")
def actions() -> dict[str, Any]:
    return dict(executor().actions)


def words(talk: FormTalk) -> str:
    return str(talk.said[-1].get("question", ""))


async def to_the_summary(talk: FormTalk) -> list[str]:
    """Skip what may be skipped, pick the first choice of what may not."""
    for _ in range(12):
        if talk.responses[-1] == "utter_ask_confirmed":
            break
        if "Skip this question" in talk.titles:
            await talk.answer("skip", "skip")
        else:
            await talk.press(_first_choice(talk))
    return talk.responses


def _first_choice(talk: FormTalk) -> str:
    payload = talk.said[-1]["buttons"][0]["payload"]
    return str(json.loads(payload.removeprefix("/answer"))["value"])


async def test_a_report_from_the_first_word_to_its_reference(actions: dict[str, Any], sandbox: Sandbox) -> None:
    talk = FormTalk(actions, "litter_bin_full")
    assert await talk.begin("the litter bin is full") == ["utter_ask_report_where"]
    said = await talk.answer("outside 12 Castle Street", street="Castle Street", house_number="12")
    assert said == ["utter_ask_report_details"] and words(talk) == "What is wrong with the bin?"
    assert "Skip this question" not in talk.titles, "the server needs this one"
    assert await talk.answer("it's overflowing, rubbish is falling out of it") == ["utter_ask_report_details"]
    assert words(talk) == "What sort of bin is it?"
    await talk.answer("a dog waste bin")
    assert words(talk).startswith("Is there a number on the bin?")
    assert await talk.answer("skip", "skip") == ["utter_ask_report_note"]
    assert await talk.answer("by the bench") == ["utter_ask_report_photo"]
    assert await talk.answer("skip", "skip") == ["utter_ask_contact"]
    assert await talk.answer("sam@example.com") == ["utter_ask_confirmed"]
    told = {row["label"]: row["answer"] for row in talk.said[-1]["answers"]}
    assert told["Where"].startswith("12 Castle Street") or told["Where"].startswith("Castle Street")
    assert told["What is wrong with the bin"] == "Rubbish is falling out of it"
    assert told["What sort of bin is it"] == "A dog waste bin" and told["Note"] == "by the bench"
    before = len(sandbox.log())
    assert await talk.press("yes") == ["utter_report_reported"]
    assert [entry["path"] for entry in sandbox.log()[before:]] == [WRITE]
    assert talk.said[-1]["reference"].startswith("SBX-") and "working day" in talk.said[-1]["notice"]
    assert talk.slots["own"][-1]["reference"] == talk.said[-1]["reference"]
    assert talk.slots["litter_bin_full_details"] is None and talk.slots["last_spot"]["street"] == "Castle Street"


@pytest.mark.parametrize(
    ("text", "entities", "said"),
    [
        ("SK3 9BA", {"postcode": "SK3 9BA"}, "Castle Street, SK3 9BA"),
        ("number 5 SK3 9BA", {"postcode": "SK3 9BA", "house_number": "5"}, "5 Castle Street, Edgeley, SK3 9BA"),
        ("castle street", {"street": "Castle Street"}, "Castle Street, Edgeley"),
        ("53.40995, -2.15761", {}, ""),
        ("https://www.google.com/maps/@53.4022,-2.1688,17z", {}, "Castle Street"),
        ("corner of Hall Street and Turncroft Lane", {}, "Hall Street / Turncroft Lane, Stockport"),
        ("by Adswood tip", {}, "Adswood tip, Adswood Road, Adswood"),
    ],
    ids=["postcode", "house and postcode", "street", "coordinates", "map link", "junction", "landmark"],
)
async def test_where_it_is(actions: dict[str, Any], text: str, entities: dict[str, str], said: str) -> None:
    talk = FormTalk(actions, "litter_report")
    await talk.begin("there is litter everywhere")
    assert await talk.answer(text, **entities) == ["utter_ask_report_details"], talk.said
    where = talk.slots["litter_report_where"]
    assert where["said"].startswith(said) and 53 < where["latitude"] < 54


async def test_the_device_says_where_it_is(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "litter_report")
    await talk.begin("litter")
    assert await talk.press("53.4022,-2.1688") == ["utter_ask_report_details"]
    assert talk.slots["litter_report_where"]["latitude"] == 53.4022


async def test_a_place_in_the_first_message_is_not_asked(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "litter_report")
    assert await talk.begin("litter all over Castle Street", street="Castle Street") == ["utter_ask_report_details"]


async def test_another_councils_place(actions: dict[str, Any], sandbox: Sandbox) -> None:
    talk = FormTalk(actions, "litter_report")
    await talk.begin("litter")
    before = len(sandbox.log())
    assert await talk.answer("M20 9AA", postcode="M20 9AA") == ["utter_journey_outside"]
    assert talk.said[-1]["neighbour"] == "Manchester City Council" and len(sandbox.log()) == before


async def test_a_place_far_from_every_address(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "litter_report")
    await talk.begin("litter")
    assert await talk.answer("51.5007, -0.1246") == ["utter_journey_far_off"]


async def test_words_that_nobody_finds_are_taken_the_second_time(actions: dict[str, Any], sandbox: Sandbox) -> None:
    talk = FormTalk(actions, "litter_report")
    await talk.begin("litter")
    assert await talk.answer("behind the old mill") == ["utter_problem_spot", "utter_ask_report_where"]
    assert await talk.answer("behind the old mill by the weir") == ["utter_ask_report_details"]
    await to_the_summary(talk)
    assert await talk.press("yes") == ["utter_report_reported"]


async def test_others_reports_are_shown_and_one_can_be_joined(actions: dict[str, Any], sandbox: Sandbox) -> None:
    talk = FormTalk(actions, "pothole")
    await talk.begin("pothole outside the town hall")
    await talk.answer("no", "deny")
    said = await talk.answer("edward street", street="Edward Street")
    assert said == ["utter_ask_report_seen"] and "metres away, reported on" in talk.titles[0], talk.said
    before = len(sandbox.log())
    assert await talk.press(_first_choice(talk)) == ["utter_report_joined"]
    assert len(sandbox.log()) == before and talk.slots["own"][-1]["reference"] == talk.said[-1]["reference"]


async def test_none_of_them_goes_on(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "pothole")
    await talk.begin("pothole")
    await talk.answer("no", "deny")
    await talk.answer("edward street", street="Edward Street")
    assert await talk.press("none") == ["utter_ask_report_details"]


async def test_danger_gets_the_telephone_first(actions: dict[str, Any], sandbox: Sandbox) -> None:
    talk = FormTalk(actions, "pothole")
    assert await talk.begin("massive pothole") == ["utter_ask_pothole_danger"]
    assert await talk.answer("yes", "affirm") == ["utter_ask_pothole_still"]
    assert talk.said[-1]["urgent"] == "[0161 496 0105](tel:01614960105)"
    before = len(sandbox.log())
    assert await talk.answer("no", "deny") == ["utter_report_phoned"]
    assert len(sandbox.log()) == before


async def test_a_failure_after_the_call_was_received_reports_nothing_twice(
    actions: dict[str, Any], sandbox: Sandbox
) -> None:
    talk = FormTalk(actions, "litter_report")
    await talk.begin("litter on castle street", street="Castle Street")
    await to_the_summary(talk)
    before = len(sandbox.log())
    sandbox.fault("reports", "lost")
    assert await talk.press("yes") == ["utter_journey_failed"]
    sandbox.fault("reports", "ok")
    assert await talk.begin("try again") == ["utter_ask_confirmed"]
    assert await talk.press("yes") == ["utter_report_reported"]
    references = {entry["key"] for entry in sandbox.log()[before:]}
    assert len(references) == 1, "the same key both times, so one report"
