"""Answers that depend on the hour: open, closed, and the number to call now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from tests.actions.talk import executor, tracker

pytestmark = pytest.mark.usefixtures("council_at_work")


@pytest.mark.parametrize(
    ("now", "response", "urgent"),
    [
        ("2026-11-24T10:00:00", "utter_dangerous_building_open", "0161 496 0105"),
        ("2026-11-24T23:00:00", "utter_dangerous_building_closed", "0161 496 0106"),
        ("2026-12-25T10:00:00", "utter_dangerous_building_closed", "0161 496 0106"),
    ],
)
async def test_by_the_hour(set_settings: Callable[..., None], now: str, response: str, urgent: str) -> None:
    set_settings(assistant_now=now)
    run = dict(executor().actions)["action_dangerous_building"]
    dispatcher = CollectingDispatcher()
    message = {"text": "a wall is about to fall", "intent": {"name": "dangerous_building"}, "entities": []}
    slots: dict[str, Any] = {"asked": ["address"], "reading": "address"}
    events = await run(dispatcher, tracker(slots, message, [], "bin_missed_form"), {})
    assert events == [], "what another journey keeps is left alone"
    (told,) = dispatcher.messages
    assert told["response"] == response and urgent in told["urgent"]
    if response.endswith("closed"):
        assert told["day"] and told["time"]
