"""Every report and every case, from a resident's own words to its reference, through the whole assistant.

Each with its back end failing once before the call and once after it was received: nothing is sent twice, nothing
is said to be done that is not, nothing has to be told again. Reports are then found by the next resident, who joins.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.journey_reader import read_journeys
from bot.dialogue.journeys import Journey
from tests.conftest import A_TUESDAY, ROOT
from tests.support.ledger import new_ledger
from tests.support.sandbox import Sandbox, running_sandbox
from tests.support.sentences import read_sentences, sentence_files

pytestmark = pytest.mark.model
JOURNEYS = read_journeys(ROOT / "data")
BACKEND = {"report": "reports", "case": "cases"}
PATH = {"report": "/reports/requests.json", "case": "/cases/cases"}


def _of(shape: str, *, danger: bool = False) -> list[Any]:
    found = [each for each in JOURNEYS.values() if each.shape == shape and (not danger or each.settings.get("danger"))]
    return [pytest.param(each, id=each.id) for each in found]


@asynccontextmanager
async def at_work(
    agent: tuple[Any, Any], folder: Path, set_settings: Callable[..., None]
) -> AsyncIterator[tuple[Any, Sandbox]]:
    """The whole assistant over a sandbox of its own; gives a maker of dialogues, and the sandbox."""
    from actions.backends.factory import close_backends
    from bot.settings import settings
    from bot.store.engine import open_database
    from tests.support.dialogue import Dialogue, wire

    loaded, endpoint = agent
    endpoint.is_down = False
    set_settings(assistant_now=A_TUESDAY, database_url=new_ledger(folder))
    made: list[Any] = []
    with running_sandbox(folder) as sandbox:
        set_settings(**sandbox.environment)
        wire(loaded)

        def dialogue() -> Any:
            made.append(Dialogue(open_database(settings().database), loaded))
            return made[-1]

        try:
            yield dialogue, sandbox
        finally:
            for each in made:
                await each.inbox.close()
            await close_backends()


async def begin(dialogue: Any, journey: Journey) -> Any:
    """The button that every menu has for it: how words find a journey is tested by the sentences."""
    first = await dialogue.say("hello")
    assert first.texts
    return await dialogue.say_payload(f"/{journey.starts[0]}")


@pytest.mark.parametrize("journey", [*_of("report"), *_of("case")])
async def test_it_is_sent_once_whatever_fails(
    journey: Journey, agent: tuple[Any, Any], tmp_path: Path, set_settings: Callable[..., None]
) -> None:
    from tests.support.walk import Walk

    async with at_work(agent, tmp_path, set_settings) as (dialogue, sandbox):
        talk = dialogue()
        heard = await Walk(talk, journey).to_the_summary(await begin(talk, journey))
        for fault in ("failing", "lost"):
            assert heard.responses[-1] == "utter_ask_confirmed", heard
            sandbox.fault(BACKEND[journey.shape], fault)
            heard = await talk.press("Yes")
            assert heard.responses == ["utter_journey_failed"], heard
            sandbox.fault(BACKEND[journey.shape], "ok")
            heard = await talk.press("Try again")
        heard = await talk.press("Yes")
        ending = "opened" if journey.shape == "case" else "reported"
        allowed = {journey.response(ending), journey.response("reported_later")}
        assert set(heard.responses[:1]) <= allowed, heard
        writes = [entry for entry in sandbox.log() if entry["path"] == PATH[journey.shape]]
        assert len({entry["key"] for entry in writes}) == 1, "every try is the same call"
        if journey.shape == "report":
            await _is_joined(dialogue(), journey, sandbox)


async def _is_joined(talk: Any, journey: Journey, sandbox: Sandbox) -> None:
    """The next resident sees the report and joins it: nothing is sent."""
    from tests.support.walk import SAYS

    before = len(sandbox.log())
    heard = await begin(talk, journey)
    if journey.settings.get("danger"):
        heard = await talk.press("No")
    heard = await talk.say(SAYS["spot"])
    if heard.responses[-1] != "utter_ask_report_seen":
        return  # a token's report is not to be seen yet
    heard = await talk.press(next(iter(heard.choices)))
    assert heard.responses[:1] == [journey.response("joined")], heard
    assert len(sandbox.log()) == before


@pytest.mark.parametrize("journey", [*_of("report", danger=True), *_of("case", danger=True)])
async def test_danger_gets_the_telephone_and_sends_nothing(
    journey: Journey, agent: tuple[Any, Any], tmp_path: Path, set_settings: Callable[..., None]
) -> None:
    async with at_work(agent, tmp_path, set_settings) as (dialogue, sandbox):
        talk = dialogue()
        await begin(talk, journey)
        heard = await talk.press("Yes")
        if journey.shape == "report":
            heard = await talk.press("No")
        assert heard.responses[:1] == [journey.response("phoned" if journey.shape == "report" else "danger")], heard
        assert "tel:" in heard.text or "999" in heard.text, heard
        assert not [entry for entry in sandbox.log() if entry["path"] == PATH[journey.shape]]


@pytest.mark.parametrize("journey", _of("nearby"))
async def test_places_are_told_or_the_failure(
    journey: Journey, agent: tuple[Any, Any], tmp_path: Path, set_settings: Callable[..., None]
) -> None:
    async with at_work(agent, tmp_path, set_settings) as (dialogue, sandbox):
        talk = dialogue()
        await begin(talk, journey)
        sandbox.fault("directory", "failing")
        assert (await talk.say("SK1 3XE")).responses == ["utter_journey_failed"]
        sandbox.fault("directory", "ok")
        heard = await talk.press("Try again")
        assert heard.responses[:1] == [journey.response("places")], heard
        assert "miles" in heard.text


@pytest.mark.parametrize("journey", _of("hours"))
async def test_an_answer_by_the_hour(
    journey: Journey, agent: tuple[Any, Any], tmp_path: Path, set_settings: Callable[..., None]
) -> None:
    async with at_work(agent, tmp_path, set_settings) as (dialogue, _):
        talk = dialogue()
        assert (await begin(talk, journey)).responses == [journey.response("open")]
        set_settings(assistant_now="2026-11-24T03:00:00")
        assert (await talk.say_payload(f"/{journey.starts[0]}")).responses == [journey.response("closed")]


def test_every_query_has_sentences_of_its_own() -> None:
    told = {item.query for name in sentence_files() for item in read_sentences(name)}
    assert {start for journey in JOURNEYS.values() for start in journey.starts} - told <= {"erase_chat"}
