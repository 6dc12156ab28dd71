"""Flood warnings near a place: danger to life before all, then the nearest first, and what has ended last."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.backends.floods import FloodWarning
from actions.base import Ended, Ending
from actions.emergencies.floods import LONGEST, FloodWarn
from bot.clock import now
from tests.actions.conftest import Desk
from tests.actions.talk import FormTalk, executor
from tests.support.sandbox import Sandbox

HERE = {"latitude": 53.4, "longitude": -2.2}


@pytest.fixture(scope="module")
def actions() -> dict[str, Any]:
    made: ActionExecutor = executor()
    return made.actions


async def near(desk: Desk, where: Any) -> Ending:
    return await FloodWarn().finish(await desk.facts("flood_warn", near=where))


class Floods:
    """A list of warnings instead of the agency's."""

    def __init__(self, *warnings: FloodWarning) -> None:
        self.warnings = list(warnings)

    async def near(self, latitude: float, longitude: float, kilometres: float) -> list[FloodWarning]:
        return self.warnings


def warning(name: str, severity: int, north: float | None, message: str = "") -> FloodWarning:
    position = (53.4 + north, -2.2) if north is not None else None
    return FloodWarning(name, name, severity, message, now() - timedelta(hours=1), position)


async def told(desk: Desk, *warnings: FloodWarning) -> Ending:
    facts = await desk.facts("flood_warn", near=(HERE, ""))
    return await FloodWarn().finish(replace(facts, backends=replace(facts.backends, floods=Floods(*warnings))))


async def test_danger_to_life(desk: Desk) -> None:
    ending = await near(desk, "SK4 9BB")
    rows = ending.values["warnings"]
    assert (ending.name, ending.values["place"], ending.values["miles"]) == ("severe", "SK4 9BB", "3")
    assert ending.values["now"] == "10am on Tuesday 24 November"
    assert [row["row"] for row in rows] == [
        "utter_flood_warn_row_severe",
        "utter_flood_warn_row_warning",
        "utter_flood_warn_row_alert",
    ]
    assert rows[0]["area"] == "River Mersey at Heaton Mersey" and rows[0]["changed"] == "9.25am on Tuesday 24 November"
    assert "\n" not in rows[1]["message"]


@pytest.mark.parametrize(
    ("postcode", "name", "rows"),
    [
        ("SK6 9AA", "current", ["utter_flood_warn_row_warning"]),
        ("SK7 9BB", "current", ["utter_flood_warn_row_alert"]),
        ("SK5 9BA", "over", ["utter_flood_warn_row_over"]),
    ],
)
async def test_what_is_near(desk: Desk, postcode: str, name: str, rows: list[str]) -> None:
    ending = await near(desk, postcode)
    assert ending.name == name and [row["row"] for row in ending.values["warnings"]] == rows


async def test_none_near(desk: Desk) -> None:
    ending = await near(desk, "SK7 9AA")
    assert ending.name == "none" and set(ending.values) == {"place", "miles", "now"}


async def test_a_warning_without_a_message(desk: Desk) -> None:
    assert (await near(desk, "SK6 9AA")).values["warnings"][0]["message"] == ""


async def test_where_the_device_is(desk: Desk) -> None:
    ending = await near(desk, ({"latitude": 53.4133, "longitude": -2.196}, "My location"))
    assert (ending.name, ending.values["place"]) == ("severe", "where you are")


async def test_a_postcode_that_is_nowhere(desk: Desk) -> None:
    with pytest.raises(Ended) as ended:
        await near(desk, "SK8 9ZZ")
    assert ended.value.ending.name == "nowhere"


async def test_the_order(desk: Desk) -> None:
    far, close = warning("far", 2, 0.03), warning("close", 3, 0.01)
    lost, over, severe = warning("lost", 2, None), warning("over", 4, 0.0), warning("severe", 1, 0.04)
    ending = await told(desk, over, lost, far, close)
    assert ending.name == "current"
    assert [row["area"] for row in ending.values["warnings"]] == ["close", "far", "lost", "over"]
    assert [row["area"] for row in (await told(desk, far, severe)).values["warnings"]] == ["severe", "far"]


async def test_a_message_is_cut_and_has_no_power(desk: Desk) -> None:
    text = "[here](https://example.com) " + "Water is rising. " * 50
    (row,) = (await told(desk, warning("x", 2, 0.0, text))).values["warnings"]
    assert len(row["message"]) <= LONGEST and row["message"].endswith(" ...") and "](" not in row["message"]


@pytest.mark.parametrize("mode", ["failing", "nonsense"])
async def test_a_failing_agency_is_no_all_clear(desk: Desk, sandbox: Sandbox, mode: str) -> None:
    sandbox.fault("floods", mode)
    ending = await near(desk, "SK7 9AA")
    assert (ending.name, ending.values, ending.keep) == ("unreached", {"place": "SK7 9AA"}, True)


async def test_asked_and_answered(council_at_work: Any, actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "flood_warn")
    assert await talk.begin("any flood warnings") == ["utter_ask_flood_warn_near"]
    assert await talk.answer("SK6 9AA") == ["utter_flood_warn_current"]
    talk = FormTalk(actions, "flood_warn")
    assert await talk.begin("flood warnings SK7 9AA", postcode="SK7 9AA") == ["utter_flood_warn_none"]
    known = {"value": "SK5 9BA", "said": "SK5 9BA"}
    assert await FormTalk(actions, "flood_warn", postcode=known).begin("flood alerts") == ["utter_flood_warn_over"]


async def test_after_a_failure_it_is_tried_again(
    council_at_work: Any, actions: dict[str, Any], sandbox: Sandbox
) -> None:
    sandbox.fault("floods", "failing")
    talk = FormTalk(actions, "flood_warn")
    await talk.begin("any flood warnings")
    assert await talk.answer("SK7 9AA") == ["utter_flood_warn_unreached"]
    assert talk.slots["suspended"] == ["flood_warn"] and talk.value("flood_warn_near") == "SK7 9AA"
    sandbox.fault("floods", "ok")
    assert await talk.begin("/resume") == ["utter_flood_warn_none"]
