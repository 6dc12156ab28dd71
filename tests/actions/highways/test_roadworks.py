"""Roadworks near a place."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.backends.errors import BackendError
from actions.base import Ended, Ending
from actions.highways.roadworks import Roadworks
from tests.actions.conftest import Desk
from tests.actions.talk import FormTalk, executor
from tests.support.sandbox import Sandbox


@pytest.fixture(scope="module")
def actions() -> dict[str, Any]:
    made: ActionExecutor = executor()
    return made.actions


async def near(desk: Desk, where: Any) -> Ending:
    return await Roadworks().finish(await desk.facts("roadworks", near=where))


async def test_the_nearest_first_and_nothing_that_is_over(desk: Desk) -> None:
    ending = await near(desk, "SK1 3XE")
    assert (ending.name, ending.values["place"]) == ("works", "SK1 3XE")
    first, second = ending.values["works"]
    assert first == {
        "street": "Wellington Road South",
        "what": "New road surface (Two-way signals)",
        "from": "Friday 20 November",
        "until": "Tuesday 1 December",
        "row": "utter_roadworks_works_works",
    }
    assert (second["street"], second["what"]) == ("Hall Street", "A new gas main")


async def test_works_that_begin_soon(desk: Desk) -> None:
    (work,) = (await near(desk, "SK4 9BA")).values["works"]
    assert (work["street"], work["from"]) == ("Heaton Moor Road", "Friday 27 November")


async def test_none_near(desk: Desk) -> None:
    ending = await near(desk, "SK8 9BD")
    assert (ending.name, ending.values) == ("none", {"place": "SK8 9BD"})


async def test_where_the_device_is_and_nowhere(desk: Desk) -> None:
    ending = await near(desk, ({"latitude": 53.405, "longitude": -2.159}, "My location"))
    assert ending.values["place"] == "where you are"
    with pytest.raises(Ended):
        await near(desk, "SK8 9ZZ")


async def test_a_failing_list_is_told(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.fault("notices", "failing")
    with pytest.raises(BackendError):
        await near(desk, "SK1 3XE")


async def test_asked_and_answered(council_at_work: Any, actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "roadworks")
    assert await talk.begin("any roadworks") == ["utter_ask_roadworks_near"]
    assert await talk.answer("SK1 3XE") == ["utter_roadworks_works"]
