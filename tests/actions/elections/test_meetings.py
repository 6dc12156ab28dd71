"""The next meetings: those that have not begun, in order, those called off marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.elections.meetings import Meetings
from bot.dialogue.journey_reader import journeys
from tests.actions.talk import tracker
from tests.support.sandbox import Sandbox


def test_it_asks_nothing() -> None:
    assert journeys()["meetings"].is_look_up


async def test_the_next_meetings(desk: Any) -> None:
    ending = await Meetings().finish(await desk.facts("meetings"))
    found = ending.values["meetings"]
    assert ending.name == "list" and len(found) == 6
    assert [row["row"].removeprefix("utter_meetings_") for row in found[:3]] == ["no_time", "off", "row"]
    assert (found[2]["committee"], found[2]["day"]) == ("Council Meeting", "Thursday 3 December")
    assert (found[2]["time"], found[2]["place"]) == ("6pm", "Council Chamber, Town Hall")


@pytest.mark.parametrize(("hour", "first"), [("17:59", "Council Meeting"), ("18:00", "Cabinet")])
async def test_a_meeting_that_has_begun_is_not_next(
    desk: Any, set_settings: Callable[..., None], hour: str, first: str
) -> None:
    set_settings(assistant_now=f"2026-12-03T{hour}")
    assert (await Meetings().finish(await desk.facts("meetings"))).values["meetings"][0]["committee"] == first


async def test_no_meetings_in_the_summer(desk: Any, set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="2026-08-01T10:00")
    assert (await Meetings().finish(await desk.facts("meetings"))).name == "none"


async def test_a_back_end_that_fails_is_told(desk: Any, sandbox: Sandbox) -> None:
    sandbox.fault("democracy", "failing")
    dispatcher = CollectingDispatcher()
    await Meetings().run(dispatcher, tracker({}, {"text": "meetings"}, [], None), {})
    assert [message["response"] for message in dispatcher.messages] == ["utter_look_up_failed"]
