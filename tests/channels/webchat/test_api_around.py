"""The interface around the talk: rating, keeping open, who is believed to call, and what is no sound request."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx
import pytest

from bot import clock
from bot.settings import settings
from bot.store import conversations, messages, ratings
from bot.store.engine import Database
from bot.store.ratings import Rating
from channels.messages import STATUS
from channels.webchat import chat as chat_module
from channels.webchat.limits import Limits
from tests.channels.webchat.conftest import wide
from tests.channels.webchat.test_api import check_problem, read, read_all, say


async def test_a_rating_by_the_interface(client: httpx.AsyncClient, token: str, db: Database) -> None:
    assert (await client.post("/webchat/rating", json={"score": 4, "comment": "quick"})).status_code == 204
    talk = conversations.by_token(db, token, clock.now())
    assert talk and ratings.of(db, talk.id) == Rating(4, "quick")
    check_problem(await client.post("/webchat/rating", json={"score": 6}), "bad_rating")
    check_problem(await client.post("/webchat/rating", json={"score": 5, "comment": "x" * 501}), "too_long")
    check_problem(await client.post("/webchat/rating", content=b"score=5"), "unsupported")
    assert ratings.of(db, talk.id) == Rating(4, "quick")


async def test_a_session_is_kept_open(client: httpx.AsyncClient, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESSION_MINUTES", "600")
    settings.cache_clear()
    assert (await read(client))["state"]["expires_in"] <= 7200
    assert (await client.post("/webchat/keep")).status_code == 204
    assert (await read(client))["state"]["expires_in"] > 35_000


@pytest.mark.parametrize("limits", [wide(sessions=2)])
async def test_an_address_that_a_stranger_made_up_does_not_help_him(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, limits: Limits
) -> None:
    async def begin(forwarded_for: str) -> int:
        return (await client.post("/webchat/sessions", headers={"x-forwarded-for": forwarded_for})).status_code

    assert [await begin(f"198.51.{number}.7") for number in range(3)] == [201, 201, 429]
    monkeypatch.setenv("TRUSTED_PROXIES", "127.0.0.0/8")
    settings.cache_clear()
    assert [await begin(f"198.51.{number}.7") for number in range(3)] == [201, 201, 201]
    assert [await begin(f"198.51.{number}.7, 203.0.113.9") for number in range(3)] == [201, 201, 429]


def test_every_problem_is_in_the_contract() -> None:
    """Those of forms only are shown on the page, with their sentence."""
    of_forms = {"no_file", "sensitive", "bad_email", "email_failed"}
    contract = (Path(__file__).parents[3] / "docs" / "webchat-api.md").read_text(encoding="utf-8")
    listed = {line.split("|")[2].strip(" `") for line in contract.splitlines() if re.match(r"\| [45]\d\d \|", line)}
    assert listed == set(STATUS) - of_forms


async def test_a_conversation_that_is_very_long_takes_no_more(
    client: httpx.AsyncClient, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(client, "hello")
    await read_all(client)
    monkeypatch.setattr(chat_module, "MOST_MESSAGES", 2)
    check_problem(await say(client, "again"), "full")


async def test_what_was_erased_is_told(client: httpx.AsyncClient, token: str, db: Database) -> None:
    await say(client, "one")
    await read_all(client)
    talk = conversations.by_token(db, token, clock.now())
    assert talk
    messages.erase(db, talk.id)
    await say(client, "two")
    assert (await read_all(client))["state"]["first"] == 3


@pytest.mark.parametrize(
    "head",
    [
        "POST /webchat/keep HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab",
        "POST /webchat/keep HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /webchat/keep HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
    ],
    ids=["two lengths", "a length and chunks", "no number"],
)
async def test_a_body_of_two_lengths_or_none_is_refused(base: str, head: str) -> None:
    host, port = base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(head.encode())
    async with asyncio.timeout(10):
        assert b" 400 " in await reader.readline()
    writer.close()
