"""Cases for staff: what is asked, the day by which they answer, danger first, nothing twice."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from actions.backends.factory import backends
from actions.shapes.case import months_after
from bot.dialogue.journey_reader import journeys
from tests.actions.conftest import Desk
from tests.actions.talk import FormTalk, executor
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("council_at_work")


@pytest.fixture(scope="module")
def actions() -> dict[str, Any]:
    return dict(executor().actions)


async def to_the_summary(talk: FormTalk) -> None:
    await talk.answer("Sam Taylor")
    await talk.answer("sam@example.com")
    assert talk.responses == ["utter_ask_confirmed"]


async def speeding(actions: dict[str, Any]) -> FormTalk:
    """A case that is complete but for the resident's yes."""
    talk = FormTalk(actions, "speeding")
    await talk.begin("cars race down our road")
    while talk.responses[-1] not in ("utter_ask_name", "utter_ask_confirmed"):
        await (talk.press(_value(talk)) if talk.said[-1]["buttons"] else talk.answer("Castle Street, every evening"))
    await to_the_summary(talk)
    return talk


def _value(talk: FormTalk) -> str:
    payload = talk.said[-1]["buttons"][0]["payload"]
    return str(json.loads(payload.removeprefix("/answer"))["value"]) if payload.startswith("/answer") else "skip"


async def test_a_case_is_opened_with_a_reference_and_a_day(actions: dict[str, Any], sandbox: Sandbox) -> None:
    talk = await speeding(actions)
    before = len(sandbox.log())
    assert await talk.press("yes") == ["utter_speeding_opened"]
    assert [entry["path"] for entry in sandbox.log()[before:]] == ["/cases/cases"]
    told = talk.said[-1]
    assert told["reference"].startswith("SBX-") and told["by"].split()[0].endswith("day")
    case = await backends().cases.by_reference(told["reference"])
    assert case and case.due and case.due > date(2026, 11, 24)


async def test_a_case_that_was_received_and_not_answered_is_opened_once(
    actions: dict[str, Any], sandbox: Sandbox
) -> None:
    talk = await speeding(actions)
    before = len(sandbox.log())
    sandbox.fault("cases", "lost")
    assert await talk.press("yes") == ["utter_journey_failed"]
    sandbox.fault("cases", "ok")
    await talk.begin("try again")
    assert await talk.press("yes") == ["utter_speeding_opened"]
    assert len({entry["key"] for entry in sandbox.log()[before:]}) == 1


async def test_danger_ends_it_with_a_number(actions: dict[str, Any], sandbox: Sandbox) -> None:
    talk = FormTalk(actions, "smoke_bonfire")
    assert await talk.begin("next door has a bonfire") == ["utter_ask_smoke_bonfire_danger"]
    before = len(sandbox.log())
    assert await talk.answer("yes", "affirm") == ["utter_smoke_bonfire_danger"]
    assert talk.said[-1]["urgent"].startswith("[0161") and len(sandbox.log()) == before


@pytest.mark.parametrize(
    ("start", "months", "day"),
    [
        (date(2026, 11, 24), 1, date(2026, 12, 24)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_a_month_later_by_the_law(start: date, months: int, day: date) -> None:
    assert months_after(start, months) == day


async def test_known_contact_details_are_used_and_said(actions: dict[str, Any]) -> None:
    known = {"value": "sam@example.com", "said": "sam@example.com"}
    talk = FormTalk(actions, "speeding", contact=known)
    assert (await talk.begin("cars race down our road"))[0] == "utter_using_contact"


async def test_what_staff_get_is_all_that_was_told(desk: Desk) -> None:
    answers = {ask.name: ("x", "words") for ask in journeys()["speeding"].asks if ask.name not in ("confirmed",)}
    facts = await desk.facts("speeding", **answers)
    assert set(facts.answers) == {ask.label for ask in journeys()["speeding"].asks if ask.is_shown}
