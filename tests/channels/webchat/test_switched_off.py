"""The kill switch: everywhere the ways to reach the council instead of the chat, and nothing is lost by it."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot import clock
from bot.council import council
from bot.store import switches
from bot.store.engine import Database
from channels.webchat.words import words
from tests.channels.webchat.test_api import check_problem, new_id, read_all, say
from tests.channels.webchat.test_page import hidden


async def turn(client: httpx.AsyncClient, db: Database, is_on: bool) -> None:
    """Switch as another process does, and wait until the chat has noticed."""
    switches.turn(Database(db.url), switches.WEBCHAT, is_on, "sam", clock.now())
    async with asyncio.timeout(10):
        while ((await client.get("/")).status_code == 200) != is_on:
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("path", ["/", "/chat/save", "/chat/rate", "/chat/end", "/chat/ended", "/chat/transcript.txt"])
async def test_the_pages_show_how_to_reach_the_council(
    client: httpx.AsyncClient, token: str, db: Database, path: str
) -> None:
    await say(client, "hello")
    await read_all(client)
    form = hidden((await client.get("/")).text)
    await turn(client, db, False)
    answer = await client.get(path)
    assert answer.status_code == 503
    assert words()["off"]["title"] in answer.text and council().said("contact_phone") in answer.text
    assert '<details class="contact" name="help" open>' in answer.text
    assert 'name="text"' not in answer.text and "hello" not in answer.text
    posted = await client.post("/chat", data=form | {"text": "hello?"})
    assert posted.status_code == 503 and words()["off"]["title"] in posted.text


async def test_the_interface_says_so_and_takes_nothing(client: httpx.AsyncClient, token: str, db: Database) -> None:
    await turn(client, db, False)
    for method, path in (("GET", "messages"), ("GET", "events"), ("POST", "sessions"), ("POST", "keep")):
        check_problem(await client.request(method, f"/webchat/{path}"), "switched_off")
    posted = {"id": new_id(), "text": "hello"}
    check_problem(await client.post("/webchat/messages", json=posted), "switched_off")
    assert (await client.get("/webchat/health")).status_code == 200
    assert (await client.get("/chat/privacy")).status_code == 200


async def test_switched_on_again_the_chat_goes_on_where_it_was(
    client: httpx.AsyncClient, token: str, db: Database
) -> None:
    await say(client, "hello")
    before = (await read_all(client))["messages"]
    await turn(client, db, False)
    await turn(client, db, True)
    assert (await read_all(client))["messages"] == before
    assert (await say(client, "again")).status_code == 202
