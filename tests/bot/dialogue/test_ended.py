"""Which journey a turn ended, and how."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet

from bot.dialogue.ended import ended
from bot.dialogue.journey_reader import journeys


def turn(action: str, response: str) -> list[Event]:
    """What the tracker has of a journey's end: its action, what that said, and what it tidied up."""
    said = BotUttered("Some words", metadata={"utter_action": response})
    return [ActionExecuted("some_form"), ActionExecuted(action), said, SlotSet("ending", None)]


@pytest.mark.parametrize(
    ("action", "response", "expected"),
    [
        ("action_bin_missed", "utter_bin_missed_reported", ("bin_missed", "reported")),
        ("action_bin_missed", "utter_journey_failed", ("bin_missed", "failed")),
        ("action_bin_missed", "utter_journey_outside", ("bin_missed", "outside")),
        ("action_tip_hours", "utter_look_up_failed", ("tip_hours", "failed")),
        ("action_bin_missed", "utter_ask_name", None),
        ("action_listen", "utter_bin_missed_reported", None),
    ],
)
def test_the_response_tells_the_ending(action: str, response: str, expected: tuple[str, str] | None) -> None:
    assert ended(turn(action, response), journeys()) == expected


def test_endings_that_journeys_of_a_shape_tell_alike() -> None:
    journey = next(each for each in journeys().values() if each.told_alike)
    alike = sorted(journey.told_alike)[0]
    assert ended(turn(journey.action, journey.response(alike)), journeys()) == (journey.id, alike)


def test_a_turn_without_an_end_and_one_with_two() -> None:
    assert ended([ActionExecuted("action_listen")], journeys()) is None
    both = turn("action_bin_missed", "utter_bin_missed_reported") + turn("action_tip_hours", "utter_look_up_failed")
    assert ended([*both, ActionExecuted("action_listen")], journeys()) == ("tip_hours", "failed")
