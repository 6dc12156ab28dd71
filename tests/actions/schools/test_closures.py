"""Closed schools: the one that is named, all of them, or that there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.backends.errors import BackendError
from actions.schools.closures import SchoolClosed, schools_named, wants_all
from bot.dialogue.journey_reader import journeys
from tests.actions.conftest import Desk
from tests.actions.talk import FormTalk, executor
from tests.support.sandbox import Sandbox

TOWNS = ("Stockport", "Cheadle", "Marple", "Great Moor")
NAMES = (
    "Mersey Vale High School",
    "Hillgate Infant School",
    "Hillgate Junior School",
    "St Aidan's Catholic Primary School",
    "Cheadle Primary School",
    "Great Moor Primary School",
    "Stockport School",
    "Priestnall School",
)


@pytest.fixture(scope="module")
def actions() -> dict[str, Any]:
    made: ActionExecutor = executor()
    return made.actions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("is mersey vale open", ["Mersey Vale High School"]),
        ("is mersy vale open", ["Mersey Vale High School"]),
        ("is vale open", []),
        ("is hillgate shut", ["Hillgate Infant School", "Hillgate Junior School"]),
        ("is hillgate juniors shut", ["Hillgate Junior School"]),
        ("is Hillgate Junior shut", ["Hillgate Junior School"]),
        ("has St Aidans closed", ["St Aidan's Catholic Primary School"]),
        ("st aidan's primary", ["St Aidan's Catholic Primary School"]),
        ("any schools shut in cheadle", []),
        ("cheadle primary", ["Cheadle Primary School"]),
        ("great moor primary today", ["Great Moor Primary School"]),
        ("school closures stockport", []),
        ("is stockport school closed", ["Stockport School"]),
        ("priestnall", ["Priestnall School"]),
        ("is school closed today", []),
        ("", []),
    ],
)
def test_a_school_is_known_by_the_telling_words_of_its_name(text: str, found: list[str]) -> None:
    assert schools_named(text, NAMES, TOWNS) == found


def test_somebody_may_ask_after_all_of_them() -> None:
    for text in ("which schools are shut", "list of school closures", "are any shut", "all"):
        assert wants_all(text)
    for text in ("is school shut", "is it open"):
        assert not wants_all(text)


async def test_nothing_is_asked_when_nothing_is_closed(desk: Desk, set_settings: Callable[..., None]) -> None:
    assert await SchoolClosed().check("any", await desk.facts("school_closed")) is None
    set_settings(assistant_now="2026-11-28T10:00")
    facts = await desk.facts("school_closed")
    for ending in (await SchoolClosed().check("any", facts), await SchoolClosed().finish(facts)):
        assert ending and ending.name == "none"
        assert ending.values == {"updated": "9.40am on Saturday 28 November"}


async def test_all_of_them(desk: Desk) -> None:
    ending = await SchoolClosed().finish(await desk.facts("school_closed", school=("", "")))
    assert (ending.name, ending.values["updated"]) == ("all", "9.40am on Tuesday 24 November")
    rows = {row["school"]: row for row in ending.values["notices"]}
    assert list(rows) == sorted(rows) and "Goyt Bank High School" not in rows and "Tiviot Primary Academy" not in rows
    assert rows["Mersey Vale High School"] == {
        "school": "Mersey Vale High School",
        "days": "Tuesday 24 November",
        "reason": "The heating has failed.",
        "row": "utter_school_closed_row_closed",
    }
    assert rows["Hillgate Infant School"]["days"] == "from Monday 23 November"
    assert rows["Hillgate Junior School"]["row"] == "utter_school_closed_row_partly"
    assert rows["Hillgate Junior School"]["days"] == "Tuesday 24 November to Thursday 26 November"
    assert rows["St Aidan's Catholic Primary School"]["days"] == "Wednesday 25 November"


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("mersey vale", ["utter_school_closed_row_closed"]),
        ("hillgate", ["utter_school_closed_row_closed", "utter_school_closed_row_partly"]),
        ("tiviot", ["utter_school_closed_row_open"]),
        ("goyt bank", ["utter_school_closed_row_quiet"]),
        ("bramhall high", ["utter_school_closed_row_quiet"]),
    ],
)
async def test_one_school(desk: Desk, asked: str, rows: list[str]) -> None:
    ending = await SchoolClosed().finish(await desk.facts("school_closed", school=asked))
    assert ending.name == "school"
    assert [row["row"] for row in ending.values["notices"]] == rows


async def test_a_school_that_nobody_knows(desk: Desk) -> None:
    ending = await SchoolClosed().finish(await desk.facts("school_closed", school="[Hogwarts](https://example.com)"))
    assert ending.name == "unknown" and len(ending.values["notices"]) == 4
    assert "](" not in ending.values["school"]


async def test_all_may_be_the_answer_to_which(desk: Desk) -> None:
    assert (await SchoolClosed().finish(await desk.facts("school_closed", school="all of them"))).name == "all"


async def test_without_the_directory_the_notices_still_stand(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.fault("directory", "failing")
    ending = await SchoolClosed().finish(await desk.facts("school_closed", school="mersey vale"))
    assert ending.name == "school"


@pytest.mark.parametrize("mode", ["failing", "nonsense"])
async def test_without_the_notices_nothing_is_said(desk: Desk, sandbox: Sandbox, mode: str) -> None:
    sandbox.fault("notices", mode)
    with pytest.raises(BackendError):
        await SchoolClosed().finish(await desk.facts("school_closed"))


async def test_a_parent_who_names_the_school_is_not_asked(council_at_work: Any, actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "school_closed")
    assert await talk.begin("is mersey vale high shut today") == ["utter_school_closed_school"]
    talk = FormTalk(actions, "school_closed")
    assert await talk.begin("list of school closures") == ["utter_school_closed_all"]


async def test_a_parent_who_does_not_is_asked_which(council_at_work: Any, actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "school_closed")
    assert await talk.begin("is school closed today") == ["utter_ask_school_closed_school"]
    assert talk.titles == ["Skip this question"]
    assert await talk.answer("tiviot academy") == ["utter_school_closed_school"]


async def test_the_question_can_be_skipped(council_at_work: Any, actions: dict[str, Any]) -> None:
    talk = FormTalk(actions, "school_closed")
    await talk.begin("is school closed today")
    assert await talk.answer("skip", intent="skip") == ["utter_school_closed_all"]


async def test_a_failing_feed_is_told(council_at_work: Any, actions: dict[str, Any], sandbox: Sandbox) -> None:
    sandbox.fault("notices", "failing")
    assert await FormTalk(actions, "school_closed").begin("closed schools") == ["utter_journey_failed"]


def test_every_row_has_its_words() -> None:
    assert set(journeys()["school_closed"].endings) == {"all", "school", "unknown", "none"}
