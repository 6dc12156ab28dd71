"""Near misses, changing an answer, repeating, opening hours, a message for staff, deleting the chat."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.help import ChangeWhich, DidYouMean, EraseChat, OpeningHours, Repeat, SpeakToPerson, opening_now
from tests.actions.talk import tracker


async def said_by(action: Any, slots: dict[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    """The one message of an action."""
    dispatcher = CollectingDispatcher()
    await action.run(
        dispatcher, tracker(slots or {}, rest.get("message", {}), rest.get("events", []), rest.get("form")), {}
    )
    assert len(dispatcher.messages) == 1
    return dict(dispatcher.messages[0])


def understood(query: str | None, confidence: float, *also: tuple[str, float]) -> dict[str, Any]:
    rivals = [{"query": name, "confidence": value} for name, value in also]
    return {"understanding": {"query": query, "confidence": confidence, "also": rivals}}


async def test_the_nearest_meanings_are_offered_and_a_person() -> None:
    message = understood("bin_day", 0.4, ("bin_missed", 0.3), ("bin_new", 0.2), ("bin_bulky", 0.1))
    said = await said_by(DidYouMean(), message=message)
    assert said["response"] == "utter_did_you_mean"
    assert [button["payload"] for button in said["buttons"]] == [
        *("/bin_day", "/bin_missed", "/bin_new", "/speak_to_person")
    ]
    assert said["buttons"][0]["title"] == "Bin collection days"


async def test_a_meaning_with_one_answer_is_offered_as_that_answer() -> None:
    said = await said_by(DidYouMean(), message=understood("faq/food_waste", 0.4))
    assert said["buttons"][0] == {"title": "Food waste collections", "payload": '/ask{"query": "faq/food_waste"}'}


@pytest.mark.parametrize(
    "message", [{}, understood(None, 0.0), understood("chitchat/greet", 0.5), understood("bin_day", 0.01)]
)
async def test_nothing_near_says_so_and_offers_a_person(message: dict[str, Any]) -> None:
    said = await said_by(DidYouMean(), message=message)
    assert said["response"] == "utter_fallback"
    assert [button["payload"] for button in said["buttons"]] == ["/speak_to_person"]


async def test_a_person_is_offered_once() -> None:
    said = await said_by(DidYouMean(), message=understood("speak_to_person", 0.4, ("bin_day", 0.3)))
    assert [button["payload"] for button in said["buttons"]] == ["/bin_day", "/speak_to_person"]


async def test_what_can_be_changed_are_the_answers_so_far() -> None:
    slots = {"postcode": {"value": "x"}, "bin_missed_note": {"value": "x"}, "bin_missed_confirmed": {"value": "no"}}
    said = await said_by(ChangeWhich(), slots, form="bin_missed_form")
    assert [button["title"] for button in said["buttons"]] == ["Postcode", "Note for the crew", "Stop"]
    assert json.loads(said["buttons"][1]["payload"].removeprefix("/change_answer")) == {"question": "bin_missed_note"}


async def test_outside_a_journey_there_is_nothing_to_change() -> None:
    assert (await said_by(ChangeWhich()))["response"] == "utter_what_next"


async def test_the_last_words_are_said_again_with_their_buttons() -> None:
    buttons = [{"title": "Yes", "payload": "/yes"}]
    events = [
        {"event": "bot", "text": "Old"},
        {"event": "bot", "text": "Which bin?", "data": {"buttons": buttons}},
        {"event": "user", "text": "what?"},
    ]
    said = await said_by(Repeat(), events=events)
    assert (said["text"], said["buttons"]) == ("Which bin?", buttons)
    assert (await said_by(Repeat()))["response"] == "utter_what_next"


@pytest.mark.parametrize(
    ("at", "response", "values"),
    [
        ("2026-11-24T10:00", "open", {"until": "5pm"}),
        ("2026-11-24T07:00", "closed", {"day": "Tuesday 24 November", "time": "9am", "holiday": ""}),
        ("2026-11-27T18:00", "closed", {"day": "Monday 30 November", "time": "9am", "holiday": ""}),
        ("2026-12-25T10:00", "bank_holiday", {"day": "Tuesday 29 December", "time": "9am", "holiday": "Christmas Day"}),
    ],
)
async def test_whether_anybody_is_there_now(
    set_settings: Callable[..., None], at: str, response: str, values: dict[str, str]
) -> None:
    set_settings(assistant_now=at)
    assert opening_now() == (response, values)
    assert (await said_by(OpeningHours()))["response"] == f"utter_opening_hours_{response}"


@pytest.mark.parametrize(
    ("day", "response", "values"),
    [
        ("2026-11-26", "on", {"day": "Thursday 26 November", "hours": "9am to 5pm", "holiday": ""}),
        ("2026-11-28", "not_on", {"day": "Saturday 28 November", "hours": "closed", "holiday": ""}),
        ("2026-12-25", "not_on", {"day": "Friday 25 December", "hours": "closed", "holiday": " (Christmas Day)"}),
        ("2026-11-24", "open", {"until": "5pm"}),
    ],
)
async def test_whether_anybody_is_there_on_a_day_that_was_named(
    set_settings: Callable[..., None], day: str, response: str, values: dict[str, str]
) -> None:
    set_settings(assistant_now="2026-11-24T10:00")
    said = await said_by(OpeningHours(), message={"entities": [{"entity": "date", "value": day}]})
    assert said["response"] == f"utter_opening_hours_{response}"
    assert values.items() <= said.items()


async def test_a_message_for_staff_has_a_reference_and_what_was_told_before(desk: Any) -> None:
    facts = await desk.facts("speak_to_person", about="my bin", name="Sam Example", contact="sam@example.com")
    waiting = {"bin_missed_note": {"value": "by the gate", "said": "by the gate"}, "suspended": ["bin_missed"]}
    facts = type(facts)(facts.journey, {**facts.slots, **waiting}, facts.now, facts.council, facts.backends)
    ending = await SpeakToPerson().finish(facts)
    left = ending.remember["left_message"]
    assert ending.name == "left" and left["reference"] == ending.values["reference"]
    assert left["summary"]["about"] == "my bin" and left["summary"]["journey"] == "Report a missed bin"
    assert left["summary"]["contact"] == {"name": "Sam Example", "email": "sam@example.com"}
    assert left["summary"]["title"] == "my bin"
    assert left["summary"]["details"]["Note for the crew"] == "by the gate"
    assert (await SpeakToPerson().finish(facts)).values["reference"] == left["reference"], "the same turn done again"


async def test_when_closed_it_says_when_somebody_reads_it(desk: Any, set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="2026-11-27T18:00")
    ending = await SpeakToPerson().finish(await desk.facts("speak_to_person", about="my bin", name="Sam Example"))
    assert ending.name == "left_closed" and ending.values["day"] == "Monday 30 November"


async def test_deleting_the_chat_is_left_to_the_tracker_store(desk: Any) -> None:
    ending = await EraseChat().finish(await desk.facts("erase_chat"))
    assert ending.name == "erased" and ending.remember["erase"]
