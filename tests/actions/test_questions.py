"""How a question is put: the trouble before it, its choices, the summary."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.questions import AGAIN, MANY, PERSON, put_question
from bot.dialogue.journey_reader import journeys
from bot.dialogue.journeys import Ask
from bot.text.picking import Offered

BINS = [Offered("black_bin", "Black bin"), Offered("blue_bin", "Blue bin")]


def ask(journey: str, name: str) -> Ask:
    return next(ask for ask in journeys()[journey].asks if ask.name == name)


def put(facts: Any, question: Ask, offered: list[Offered], problem: Any = None) -> list[dict[str, Any]]:
    dispatcher = CollectingDispatcher()
    put_question(dispatcher, facts, question, offered, problem, {})
    return dispatcher.messages


async def test_choices_are_buttons_that_say_what_they_answer(desk: Any) -> None:
    said = put(await desk.facts("bin_missed"), ask("bin_missed", "container"), BINS)[0]
    assert said["response"] == "utter_ask_bin_missed_container"
    assert [button["title"] for button in said["buttons"]] == ["Black bin", "Blue bin"]
    payload = json.loads(said["buttons"][0]["payload"].removeprefix("/answer"))
    assert payload == {"question": "bin_missed_container", "value": "black_bin"}


async def test_an_optional_question_can_be_skipped(desk: Any) -> None:
    said = put(await desk.facts("bin_missed"), ask("bin_missed", "note"), [])[0]
    assert [button["payload"] for button in said["buttons"]] == ["/skip"]


async def test_yes_and_no_are_buttons(desk: Any) -> None:
    said = put(await desk.facts("bin_assisted"), ask("bin_assisted", "others"), [])[0]
    assert [button["title"] for button in said["buttons"]] == ["Yes", "No"]


@pytest.mark.parametrize(("count", "response"), [(MANY, "utter_ask_address"), (MANY + 1, "utter_ask_address_many")])
async def test_a_long_list_of_addresses_is_not_shown(desk: Any, count: int, response: str) -> None:
    homes = [Offered(str(number), f"{number} Long Lane") for number in range(count)]
    said = put(await desk.facts("bin_day"), ask("bin_day", "address"), homes)[0]
    assert said["response"] == response and len(said["buttons"]) == (count if count == MANY else 0)


@pytest.mark.parametrize(
    ("attempt", "response", "person"),
    [
        (1, "utter_problem_choice", False),
        (AGAIN, "utter_problem_choice_again", True),
        (PERSON, "utter_problem_person", True),
        (PERSON + 1, "utter_problem_choice", True),
    ],
)
async def test_the_trouble_is_told_first_and_changes_its_words(
    desk: Any, attempt: int, response: str, person: bool
) -> None:
    problem = {"kind": "choice", "attempt": attempt}
    told, question = put(await desk.facts("bin_missed"), ask("bin_missed", "container"), BINS, problem)
    assert told["response"] == response
    assert ("/speak_to_person" in [button["payload"] for button in question["buttons"]]) is person


async def test_a_person_is_not_offered_to_somebody_who_asks_for_one(desk: Any) -> None:
    problem = {"kind": "text", "attempt": PERSON}
    told, question = put(await desk.facts("speak_to_person"), ask("speak_to_person", "about"), [], problem)
    assert told["response"] == "utter_problem_text_again"
    assert "/speak_to_person" not in [button["payload"] for button in question["buttons"]]


@pytest.mark.parametrize(
    ("journey", "name", "kind"),
    [("bin_spillage", "photo", "photo"), ("tip_permit", "papers", "document"), ("recycling_point", "near", "place")],
)
async def test_a_question_says_what_it_takes_besides_words(desk: Any, journey: str, name: str, kind: str) -> None:
    question = ask(journey, name)
    told, asked = put(await desk.facts(journey), question, [], {"kind": kind, "attempt": 1})
    assert told["response"] == f"utter_problem_{kind}" and not told["custom"]
    assert asked["custom"] == {"wants": {"type": kind, "question": question.slot}}
    assert [button["payload"] for button in asked["buttons"]] == (["/skip"] if question.optional else [])


async def test_a_question_for_words_wants_nothing_else(desk: Any) -> None:
    assert not put(await desk.facts("bin_missed"), ask("bin_missed", "note"), [])[0]["custom"]


async def test_a_problem_says_that_it_can_be_skipped_where_it_can(desk: Any) -> None:
    problem = {"kind": "place", "attempt": 1}
    may, _ = put(await desk.facts("tip_hours"), ask("tip_hours", "near"), [], problem)
    must, _ = put(await desk.facts("recycling_point"), ask("recycling_point", "near"), [], problem)
    assert "skip" in may["or_skip"] and must["or_skip"] == ""


async def test_the_summary_shows_every_answer_and_can_be_changed(desk: Any) -> None:
    facts = await desk.facts("bin_missed", "SK7 9AA", container=("blue_bin", "Blue bin"), note="by [the](gate)")
    said = put(facts, ask("bin_missed", "confirmed"), [])[0]
    assert said["response"] == "utter_ask_confirmed" and said["journey_title"] == "Report a missed bin"
    assert [row["label"] for row in said["answers"]] == ["Address", "Bin", "Note for the crew"]
    assert "](" not in said["answers"][2]["answer"], "what a resident typed makes no link"
    assert [button["payload"].split("{")[0] for button in said["buttons"]] == ["/answer", "/change_answer", "/cancel"]


async def test_a_summary_of_nothing_cannot_be_changed(desk: Any) -> None:
    said = put(await desk.facts("erase_chat"), ask("erase_chat", "confirmed"), [])[0]
    assert [button["payload"].split("{")[0] for button in said["buttons"]] == ["/answer", "/cancel"]
