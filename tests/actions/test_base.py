"""What all journeys' back-end parts share: facts, the idempotency key, endings, tidying up."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Facts, JourneyAction, facts_for, journey_action
from actions.waste.missed import BinMissed
from bot.dialogue.commands import JOURNEY_STATE
from bot.dialogue.journey_reader import journeys
from bot.dialogue.journeys import SHARED_ENDINGS
from bot.links import unsign_upload
from tests.actions.talk import executor, tracker
from tests.conftest import ROOT
from tests.support.sandbox import Sandbox


def test_every_journey_has_its_class() -> None:
    executor()
    for journey in journeys().values():
        assert journey_action(journey).name() == journey.action


def test_every_ending_of_every_journey_is_reached_by_code() -> None:
    """The names stand in the actions; some are data (``Ending(kind)``, ``Ending(item.goes)``)."""
    code = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "actions").rglob("*.py")))
    named = set(re.findall(r'Ending\(\s*"(\w+)"', code)) | set(re.findall(r'"(\w+)"', code))
    data = {"sharps", "medicines", "hygiene", "tip", "bulky", "shop", "pharmacy", "hazardous", "trade", "reuse"}
    data |= {f"day_{kind}" for kind in ("in", "inset", "weekend", "holiday", "off")}
    for journey in journeys().values():
        assert set(journey.endings) <= named | data, journey.id


async def test_an_answer_counts_only_where_its_question_applies(desk: Any) -> None:
    facts = await desk.facts("bin_clinical", kind="sharps", name="Sam Example")
    assert facts.value("kind") == "sharps" and facts.value("name") is None
    assert facts.value("no_such_question") is None and facts.said("contact") == ""


async def test_what_staff_see_are_the_shown_answers_by_label(desk: Any) -> None:
    facts = await desk.facts("bin_spillage", "SK1 3XE", what="glass", contact="sam@example.com")
    assert facts.answers == {
        "Address": "1 Edward Street, Stockport, SK1 3XE",
        "What was spilled and where": "glass",
        "Email or phone": "sam@example.com",
    }


async def test_the_key_is_the_same_for_the_same_run_and_answers_only(desk: Any) -> None:
    one = await desk.facts("bin_spillage", "SK1 3XE", what="glass")
    same = await desk.facts("bin_spillage", "SK1 3XE", what="glass")
    other_words = await desk.facts("bin_spillage", "SK1 3XE", what="paint")
    other_run = Facts(one.journey, {**one.slots, "run": "another"}, one.now, one.council, one.backends)
    assert one.key == same.key
    assert len({one.key, other_words.key, other_run.key}) == 3


async def test_what_was_sent_reaches_the_back_end_as_a_link(desk: Any) -> None:
    facts = await desk.facts("bin_spillage", "SK1 3XE", what="glass", photo=("0f" * 16, "Photo added"))
    assert facts.answers["Photo"] == "Photo added"
    details = dict(facts.details)
    link = details.pop("photo")
    assert unsign_upload(link.rpartition("/files/")[2]) == "0f" * 16
    assert details == {name: said for name, said in facts.answers.items() if name != "Photo"}


async def test_without_an_upload_the_details_are_the_answers(desk: Any) -> None:
    facts = await desk.facts("bin_spillage", "SK1 3XE", what="glass", photo=("", ""))
    assert facts.details == facts.answers


async def test_papers_count_only_for_the_vehicle_that_needs_them(desk: Any) -> None:
    papers = ("0f" * 16, "Document added")
    hired = await desk.facts("tip_permit", "SK1 3XE", vehicle=("hired_van", "Hired van"), papers=papers)
    own = await desk.facts("tip_permit", "SK1 3XE", vehicle=("van", "Van"), papers=papers)
    assert "papers" in hired.details and "papers" not in own.details and "Hire papers" not in own.details


async def test_two_photos_have_two_keys_though_they_are_said_alike(desk: Any) -> None:
    keys = set()
    for value in ("0f" * 16, "1f" * 16, ""):
        said = "Photo added" if value else ""
        keys.add((await desk.facts("bin_spillage", "SK1 3XE", what="glass", photo=(value, said))).key)
    assert len(keys) == 3


async def test_empty_slots_are_no_facts(desk: Any) -> None:
    assert "address" not in facts_for(journeys()["bin_day"], {"address": None, "run": "x"}).slots


async def finished(action: JourneyAction, slots: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Run as Rasa does: what was said, and the slots that changed."""
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, tracker(slots, {}, [], None), {})
    return dispatcher.messages, {event["name"]: event["value"] for event in events}


async def test_an_ending_is_told_and_the_journey_tidied(desk: Any) -> None:
    slots = dict((await desk.facts("bin_missed", "SK7 9AA", container="blue_bin")).slots)
    said, changed = await finished(BinMissed(), {**slots, "suspended": ["bin_missed", "bin_day"]})
    assert said[0]["response"] == "utter_bin_missed_reported" and said[0]["reference"]
    assert said[0]["address"] == "1 Bosden Fold Road, Hazel Grove, SK7 9AA"
    assert changed["suspended"] == ["bin_day"]
    assert all(changed[name] is None for name in [*journeys()["bin_missed"].own_slots, *JOURNEY_STATE])
    assert "address" not in changed


async def test_a_check_that_ended_it_is_told_without_a_call(desk: Any, sandbox: Sandbox) -> None:
    ending = {"name": "not_due", "values": {"container": "Blue bin"}, "remember": {}, "keep": False, "forget": []}
    before = sandbox.log()
    said, changed = await finished(BinMissed(), {"ending": ending})
    assert said[0]["response"] == "utter_bin_missed_not_due" and said[0]["container"] == "Blue bin"
    assert sandbox.log() == before and changed["ending"] is None


@pytest.mark.parametrize("name", SHARED_ENDINGS)
async def test_a_shared_ending_has_a_shared_response(desk: Any, name: str) -> None:
    ending = {"name": name, "values": {}, "remember": {"postcode": None}, "keep": False, "forget": []}
    said, changed = await finished(BinMissed(), {"ending": ending})
    assert said[0]["response"] == f"utter_journey_{name}" and said[0]["journey_title"] == "Report a missed bin"
    assert changed["postcode"] is None


@pytest.mark.parametrize("mode", ["failing", "nonsense"])
async def test_when_the_back_end_fails_everything_is_kept_and_nothing_claimed(
    desk: Any, sandbox: Sandbox, mode: str
) -> None:
    slots = dict((await desk.facts("bin_missed", "SK7 9AA", 2, container="blue_bin", confirmed="yes")).slots)
    sandbox.fault("waste", mode)
    said, changed = await finished(BinMissed(), slots)
    assert [message["response"] for message in said] == ["utter_journey_failed"]
    assert "bin_missed_container" not in changed and "run" not in changed, "the same key when it is tried again"
    assert changed["bin_missed_confirmed"] is None and changed["kept"] == "bin_missed"
    assert changed["suspended"] == ["bin_missed"]


async def test_an_ending_that_keeps_asks_only_what_it_names_again(desk: Any) -> None:
    slots = dict((await desk.facts("bin_missed", "SK7 9AA", container="blue_bin", note="x")).slots)
    ending = {"name": "not_yet", "values": {}, "remember": {}, "keep": True, "forget": ["container"]}
    _, changed = await finished(BinMissed(), {**slots, "ending": ending})
    assert changed["bin_missed_container"] is None and "bin_missed_note" not in changed
