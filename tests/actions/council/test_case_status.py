"""What happened to a report or a case: every status in plain words, slips, and nobody else's references."""

from __future__ import annotations

from typing import Any

import pytest

from actions.sandbox.references import fixed_reference
from tests.actions.talk import FormTalk, executor
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("council_at_work")


@pytest.fixture(scope="module")
def actions() -> dict[str, Any]:
    return dict(executor().actions)


def report(name: str) -> str:
    return fixed_reference("report", name)


@pytest.mark.parametrize(
    ("reference", "ending", "note"),
    [
        (report("pothole-20-metres"), "report_planned", "The inspector has been"),
        (report("pothole-45-metres"), "report_in_progress", "An inspector is going to look"),
        (report("pothole-mended"), "report_fixed", "We have mended the pothole"),
        (report("flytip-brinnington"), "report_open", ""),
        (report("pavement-marple"), "report_no_action", "We will look again in spring"),
        (report("bin-cheadle"), "report_duplicate", "before you"),
        (fixed_reference("case", "open"), "case_open", ""),
        (fixed_reference("case", "in_progress"), "case_in_progress", ""),
        (fixed_reference("case", "waiting"), "case_waiting", ""),
        (fixed_reference("case", "closed"), "case_closed", ""),
        ("MSG-3479CD", "message", ""),
    ],
)
async def test_each_status(actions: dict[str, Any], reference: str, ending: str, note: str) -> None:
    talk = FormTalk(actions, "case_status")
    assert await talk.begin(f"what happened to {reference}", reference=reference) == [f"utter_case_status_{ending}"]
    assert talk.said[-1]["wanted"] == reference and note in str(talk.said[-1].get("note", ""))


async def test_what_a_resident_wrote_is_not_told(actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "case_status")
    await talk.begin("any news", reference=report("flytip-brinnington"))
    assert "sofa" not in str(talk.said[-1])


async def test_the_conversations_own_report_is_offered(actions: dict[str, Any]) -> None:
    mine = {"token": "", "title": "Report a pothole", "where": "Edward Street", "uprn": ""}
    sent = [{**mine, "reference": report("pothole-20-metres")}, {**mine, "reference": report("light-bramhall")}]
    talk = FormTalk(actions, "case_status", own=sent)
    assert await talk.begin("what happened to my report") == ["utter_ask_case_status_reference"]
    assert talk.titles[0] == f"Report a pothole, Edward Street ({sent[0]['reference']})"


async def test_the_only_report_of_the_conversation_is_told_unasked(actions: dict[str, Any]) -> None:
    sent = [{"reference": report("pothole-20-metres"), "token": "", "title": "Pothole", "where": "", "uprn": ""}]
    talk = FormTalk(actions, "case_status", own=sent)
    assert await talk.begin("what happened to my report") == ["utter_case_status_report_planned"]


async def test_a_slip_is_put_right_from_ones_own_only(actions: dict[str, Any]) -> None:
    right = report("pothole-20-metres")
    slip = right[:-1] + ("Z" if right[-1] != "Z" else "X")
    sent = [{"reference": right, "token": "", "title": "Report a pothole", "where": "", "uprn": ""}]
    talk = FormTalk(actions, "case_status", own=sent)
    assert await talk.begin(f"news of {slip}", reference=slip) == ["utter_ask_case_status_meant"]
    assert await talk.press(right) == ["utter_case_status_report_planned"]


async def test_a_strangers_reference_is_never_offered(actions: dict[str, Any]) -> None:
    right = report("pothole-20-metres")
    slip = right[:-1] + ("Z" if right[-1] != "Z" else "X")
    talk = FormTalk(actions, "case_status")
    assert await talk.begin(f"news of {slip}", reference=slip) == ["utter_case_status_unknown"]


async def test_a_report_whose_reference_is_to_come(actions: dict[str, Any]) -> None:
    sent = [{"reference": "", "token": "no-such-token", "title": "Report a path", "where": "", "uprn": ""}]
    talk = FormTalk(actions, "case_status", own=sent)
    said = await talk.begin("what happened to my report")
    assert said[0] in ("utter_case_status_not_ready", "utter_journey_failed")


async def test_a_missed_bin_is_found_by_the_home(actions: dict[str, Any]) -> None:
    missed = FormTalk(actions, "bin_missed")
    await missed.begin("missed bin 5 Bosden Fold Road", postcode="SK7 9AA", house_number="5", container="blue_bin")
    for _ in range(3):
        await missed.answer("skip", "skip")
    assert await missed.press("yes") == ["utter_bin_missed_reported"]
    talk = FormTalk(actions, "case_status", own=missed.slots["own"])
    assert await talk.begin("what happened to my missed bin") == ["utter_case_status_case_open"]


async def test_the_back_end_is_away(actions: dict[str, Any], sandbox: Sandbox) -> None:
    sandbox.fault("reports", "failing")
    talk = FormTalk(actions, "case_status")
    assert await talk.begin("news", reference=report("pothole-mended")) == ["utter_journey_failed"]
