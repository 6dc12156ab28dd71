"""Server-sent events: what is said as it is said, from where a reader left off, until there is nothing more."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from bot import clock
from bot.store import conversations, messages, switches
from bot.store.engine import Database
from channels.webchat import chat as chat_module
from channels.webchat import events as events_module
from channels.webchat.limits import SESSION_STREAMS
from tests.channels.webchat.conftest import Rasa
from tests.channels.webchat.test_api import check_problem, new_id, read_all, say

Event = tuple[str, str, Any]


@asynccontextmanager
async def following(client: httpx.AsyncClient, **headers: str) -> AsyncIterator[AsyncIterator[Event]]:
    """The events of a stream as (name, id, data)."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.stream("GET", "/webchat/events", headers=names) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        yield _events(response)


async def _events(response: httpx.Response) -> AsyncIterator[Event]:
    name, number, data = "", "", None
    async for line in response.aiter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "id":
            number = value
        elif field == "data":
            data = json.loads(value)
        elif not line and name:
            yield name, number, data
            name, number, data = "", "", None


async def until(events: AsyncIterator[Event], name: str, **wanted: Any) -> list[Event]:
    """The events up to the first of a name, and with these values."""
    found = []
    async with asyncio.timeout(20):
        async for event in events:
            found.append(event)
            if event[0] == name and all(event[2][key] == value for key, value in wanted.items()):
                return found
    raise AssertionError(f"the stream ended without {name}: {found}")


async def test_it_begins_with_how_things_stand_and_goes_on_as_they_happen(
    client: httpx.AsyncClient, token: str, rasa: Rasa
) -> None:
    rasa.open.clear()
    async with following(client) as events:
        (state,) = await until(events, "state")
        assert (state[2]["owner"], state[2]["busy"]) == ("assistant", False)
        await say(client, "hello")
        asked, _ = await until(events, "state", busy=True)
        assert asked[:2] == ("message", "1") and asked[2]["text"] == "hello"
        rasa.open.set()
        answered, _ = await until(events, "state", busy=False)
        assert answered[:2] == ("message", "2") and answered[2]["from"] == "assistant"


async def test_a_reader_goes_on_where_it_left_off(client: httpx.AsyncClient, token: str) -> None:
    for text in ("one", "two"):
        await say(client, text)
        await read_all(client)
    async with following(client, last_event_id="2") as events:
        *said, _ = await until(events, "state")
        assert [event[1] for event in said] == ["3", "4"]
    async with following(client, last_event_id="4") as events:
        assert [event[0] for event in await until(events, "state")] == ["state"]


async def test_several_readers_all_see_the_same(client: httpx.AsyncClient, token: str) -> None:
    async with following(client) as one, following(client) as two:
        for events in (one, two):
            await until(events, "state")
        await say(client, "hello")
        seen = []
        for events in (one, two):
            found: list[Event] = []
            while len([event for event in found if event[0] == "message"]) < 2:
                found += await until(events, "state")
            seen.append([event[2] for event in found if event[0] == "message"])
        assert seen[0] == seen[1]


async def test_what_another_process_writes_is_seen_too(client: httpx.AsyncClient, token: str, db: Database) -> None:
    talk = conversations.by_token(db, token, clock.now())
    assert talk
    other = Database(db.url)
    async with following(client) as events:
        await until(events, "state")
        conversations.keep_open(other, talk.id, clock.now(), clock.now().replace(year=2099))
        assert (await until(events, "state"))[-1][2]["expires_in"] > 10**6


async def test_a_quiet_stream_beats(client: httpx.AsyncClient, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_module, "HEARTBEAT", 0.05)
    async with following(client) as events:
        await until(events, "beat")


async def test_the_end_of_the_chat_ends_the_stream(client: httpx.AsyncClient, token: str) -> None:
    async with following(client) as events:
        await until(events, "state")
        await client.post("/webchat/end")
        (*_, end) = await until(events, "end")
        assert end[2]["status"] == 401
        assert [event async for event in events] == []


async def test_switching_off_ends_the_stream_with_a_sentence(
    client: httpx.AsyncClient, token: str, db: Database
) -> None:
    async with following(client) as events:
        await until(events, "state")
        switches.turn(Database(db.url), switches.WEBCHAT, False, "sam", clock.now())
        (*_, end) = await until(events, "end")
        assert (end[2]["status"], end[2]["type"]) == (503, "/webchat/problems/switched_off")


async def test_without_a_session_there_is_no_stream(client: httpx.AsyncClient) -> None:
    check_problem(await client.get("/webchat/events"), "no_session")


async def test_a_cursor_must_make_sense(client: httpx.AsyncClient, token: str) -> None:
    check_problem(await client.get("/webchat/events", headers={"Last-Event-ID": "x"}), "bad_request")


async def test_a_session_has_only_so_many_streams(client: httpx.AsyncClient, token: str) -> None:
    async with asyncio.timeout(30):
        streams = [client.stream("GET", "/webchat/events") for _ in range(SESSION_STREAMS)]
        for stream in streams:
            await stream.__aenter__()
        check_problem(await client.get("/webchat/events"), "too_many")
        for stream in streams:
            await stream.__aexit__(None, None, None)
        await say(client, "hello")  # wakes those whose reader has gone
        while (answer := await client.send(client.build_request("GET", "/webchat/events"), stream=True)).is_error:
            await answer.aclose()
            await asyncio.sleep(0.05)
        await answer.aclose()


async def test_a_read_knows_that_the_state_has_changed(client: httpx.AsyncClient, token: str) -> None:
    """An answer may end without words between two reads; the second must not wait for more."""
    before = (await client.get("/webchat/messages")).json()["state"]["revision"]
    posted = {"id": new_id(), "text": "hello"}
    await client.post("/webchat/messages", json=posted)
    cursor = (await read_all(client))["cursor"]
    async with asyncio.timeout(5):
        query = {"after": cursor, "wait": 25, "known": before}
        assert (await client.get("/webchat/messages", params=query)).json()["messages"] == []


async def test_a_long_conversation_is_read_in_pieces(client: httpx.AsyncClient, token: str, db: Database) -> None:
    talk = conversations.by_token(db, token, clock.now())
    assert talk
    with db.write() as connection:
        for number in range(2 * chat_module.MOST_AT_ONCE + 5):
            messages.add(connection, talk.id, messages.STAFF, f"word {number}", clock.now())
    read, cursor = 0, 0
    while (page := (await client.get("/webchat/messages", params={"after": cursor})).json())["messages"]:
        assert len(page["messages"]) <= chat_module.MOST_AT_ONCE
        read, cursor = read + len(page["messages"]), page["cursor"]
    assert read == 2 * chat_module.MOST_AT_ONCE + 5
    async with following(client) as events:
        found: list[Event] = []
        while len([event for event in found if event[0] == "message"]) < read:
            found += await until(events, "state")
    shown = (await client.get("/")).text
    assert "word 404" in shown and "word 4<" not in shown, "the newest"
    assert "word 4\n" in (await client.get("/chat/transcript.txt")).text, "a copy has all"


async def test_a_reader_who_stops_reading_is_let_go(
    token: str, base: str, db: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr(events_module, "PATIENCE", 0.3)
    monkeypatch.setattr(chat_module, "HEARTBEAT", 0.1)
    talk = conversations.by_token(db, token, clock.now())
    assert talk
    host, port = base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
    writer.write(f"GET /webchat/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    await reader.readuntil(b"event: state")
    with db.write() as connection:
        for _ in range(150):
            messages.add(connection, talk.id, messages.STAFF, "x" * 100_000, clock.now())
    async with asyncio.timeout(20):
        while not caplog.messages.count("A reader of events has stopped reading"):
            await asyncio.sleep(0.05)
    writer.close()
