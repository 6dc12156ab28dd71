"""What the council itself warns of: the worst first, and what is over not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.emergencies.weather import SevereWeather
from tests.actions.conftest import Desk
from tests.actions.talk import executor, tracker
from tests.support.sandbox import Sandbox


@pytest.fixture(scope="module")
def actions() -> dict[str, Any]:
    made: ActionExecutor = executor()
    return made.actions


async def test_alerts(desk: Desk) -> None:
    ending = await SevereWeather().finish(await desk.facts("severe_weather"))
    assert (ending.name, ending.values["updated"]) == ("alerts", "9.15am on Tuesday 24 November")
    wind, ice, snow = ending.values["alerts"]
    assert (wind["title"], wind["row"], wind["areas"]) == (
        "Strong wind",
        "utter_severe_weather_row_danger",
        "Stockport",
    )
    assert (ice["row"], ice["areas"]) == ("utter_severe_weather_row_notice", "Marple and Romiley")
    assert (ice["begins"], ice["ends"]) == ("7am on Tuesday 24 November", "midnight on Wednesday 25 November")
    assert (snow["begins"], snow["ends"]) == ("6am on Wednesday 25 November", "not known yet")


async def test_none(desk: Desk, set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="2026-12-25T10:00")
    ending = await SevereWeather().finish(await desk.facts("severe_weather"))
    assert (ending.name, ending.values) == ("none", {"updated": "9.15am on Friday 25 December"})


@pytest.mark.parametrize("mode", ["failing", "nonsense"])
async def test_a_failing_list_is_no_all_clear(desk: Desk, sandbox: Sandbox, mode: str) -> None:
    sandbox.fault("notices", mode)
    assert (await SevereWeather().finish(await desk.facts("severe_weather"))).name == "unreached"


async def test_in_the_middle_of_another_journey_its_answers_stay(council_at_work: Any, actions: dict[str, Any]) -> None:
    dispatcher = CollectingDispatcher()
    slots = {"ending": {"name": "dates"}, "asked": ["postcode"], "suspended": ["bin_missed"]}
    message = {"text": "any weather warnings", "intent": {"name": "severe_weather"}, "entities": []}
    changed = await actions["action_severe_weather"](
        dispatcher, tracker(slots, message, [{"event": "user"}], "bin_day_form"), {}
    )
    assert [said["response"] for said in dispatcher.messages] == ["utter_severe_weather_alerts"]
    assert changed == []
