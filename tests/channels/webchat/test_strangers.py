"""Nobody reads or writes another's conversation: every address of the web chat, tried with a stranger's token."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from sanic import Sanic

from bot import clock
from bot.store import conversations, messages, ratings
from bot.store.engine import Database
from channels.webchat.input import build
from tests.channels.webchat.conftest import wide
from tests.channels.webchat.test_api import new_id, read_all, say
from tests.channels.webchat.test_page import hidden
from tests.support.asgi import application

SECRET = "my secret words"
# Addresses that show and take nothing of any conversation.
OPEN_TO_ALL = {
    *("GET /webchat/health", "POST /webchat/sessions", "GET /widget.js", "GET /favicon.ico", "GET /chat/privacy"),
    *("GET /static/chat/<name:str>", "GET /chat/refresh"),
}


def addresses(db: Database) -> list[tuple[str, str]]:
    """Every route that the web chat has, as (method, path)."""

    async def nobody(_message: object) -> None: ...

    app: Sanic = application(build(db, nobody, clock.now, wide()), prefix="/")
    app.router.finalize()
    found = [(method, f"/{route.path}") for route in app.router.routes for method in sorted(route.methods)]
    return [pair for pair in found if pair[0] in ("GET", "POST") and "/widget-" not in pair[1]]


@pytest.fixture
async def victim(base: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=30) as client:
        client.headers["authorization"] = "Bearer " + (await client.post("/webchat/sessions")).json()["token"]
        yield client


def bodies(path: str) -> list[dict[str, object]]:
    """What could be sent there, right in its form."""
    told = {"id": new_id(), "text": "taken over"}
    if path == "/webchat/messages":
        return [{"json": told}, {"json": {"id": new_id(), "location": {"latitude": 1, "longitude": 1}}}]
    if path == "/webchat/uploads":
        return [{"data": {"id": new_id()}, "files": {"file": b"\xff\xd8\xff"}}]
    if path == "/webchat/rating":
        return [{"json": {"score": 1, "comment": "taken over"}}]
    return [{}]


async def test_every_address_with_a_strangers_token(
    db: Database, victim: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    """The stranger has a session of its own, a page of its own, and knows the ids that a page shows."""
    await say(victim, SECRET)
    page = await read_all(victim)
    choice = page["messages"][-1]["choices"][0]["id"]
    talk = conversations.by_token(db, victim.headers["authorization"].split()[1], clock.now())
    assert talk
    before = messages.after(db, talk.id, 0)
    tried = 0
    for token in ("guessed", talk.id, talk.key):
        for method, path in addresses(db):
            if f"{method} {path}" in OPEN_TO_ALL:
                continue
            for cookies in (False, True):
                headers = {"cookie": f"chat={token}; rate={talk.id}"} if cookies else {}
                headers |= {} if cookies else {"authorization": f"Bearer {token}"}
                for body in bodies(path):
                    url = path.replace("<token:str>", talk.id)
                    async with client.stream(method, url, headers=headers, **body) as answer:  # type: ignore[arg-type]
                        text = (
                            ""
                            if "event-stream" in answer.headers.get("content-type", "")
                            else (await answer.aread()).decode("utf-8", "replace")
                        )
                    tried += 1
                    assert SECRET not in text, f"{method} {path} {token}"
                    if path.startswith("/webchat/"):
                        assert answer.status_code in (401, 403), f"{method} {path}: {answer.status_code}"
    assert tried > 100

    own = hidden((await client.get("/")).text)
    await client.post("/webchat/sessions")
    for path, form in (
        ("/chat", {"choice": choice}),
        ("/chat", {"text": "taken over"}),
        ("/chat/rate", {"score": "1", "comment": "taken over"}),
        ("/chat/keep", {}),
        ("/chat/end", {}),
    ):
        answer = await client.post(path, data=own | {"message_id": new_id()} | form)
        assert SECRET not in answer.text
    assert messages.after(db, talk.id, 0) == before, "nothing was added, nothing was ended"
    assert ratings.of(db, talk.id) is None
    assert (await read_all(victim))["messages"] == page["messages"]


async def test_no_token_is_in_a_page_or_an_address(client: httpx.AsyncClient, token: str) -> None:
    await say(client, "hello")
    await read_all(client)
    for path in ("/", "/chat/save", "/chat/rate", "/chat/end", "/chat/transcript.html"):
        answer = await client.get(path)
        assert token not in answer.text and token not in str(answer.url), path
