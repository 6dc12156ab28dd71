"""A web chat on a real loopback port, with a stand-in for Rasa, limits wide open and a client for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from rasa.core.channels.channel import UserMessage

from bot import clock
from bot.settings import settings
from bot.store.engine import Database
from bot.store.messages import Wants
from bot.store.turns import Reply
from channels.webchat.input import build
from channels.webchat.limits import SESSION_EMAILS, Limits, Window
from tests.channels.standin import answer, echo
from tests.support.asgi import application, serve
from tests.support.browser import ZOOMED


class Rasa:
    """What answers: what ``says`` has for the words, otherwise the words. While ``open`` is cleared it waits."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._echo = echo(db)
        self.says: dict[str, Reply] = {
            "photo?": Reply("Please add a photo.", (("Skip", "/skip"),), Wants("photo", "spill_photo")),
            "document?": Reply("Please add your papers.", (), Wants("document", "papers")),
            "place?": Reply("Where are you?", (), Wants("place", "near")),
        }
        self.heard: list[str] = []
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, message: UserMessage) -> None:
        await self.open.wait()
        self.heard.append(message.text)
        if message.text in self.says:
            await asyncio.to_thread(answer, self._db, message, self.says[message.text])
        else:
            await self._echo(message)


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A var folder of its own for each test: its secret, its uploads."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def rasa(db: Database) -> Rasa:
    return Rasa(db)


def wide(
    messages: int = 10_000,
    sessions: int = 10_000,
    uploads: int = 10_000,
    attention: int = 10_000,
    network_uploads: int = 10_000,
    mails: int = 10_000,
) -> Limits:
    """Limits that nobody reaches but by asking for it."""

    def window(most: int = 10_000) -> Window:
        return Window(most, 60, lambda: 0.0)

    return Limits(
        messages=window(messages),
        reads=window(),
        attention=window(attention),
        network_messages=window(),
        network_sessions=window(sessions),
        emails=window(SESSION_EMAILS),
        recipients=window(),
        network_emails=window(mails),
        uploads=window(uploads),
        network_uploads=window(network_uploads),
    )


@pytest.fixture
def limits() -> Limits:
    return wide()


@pytest.fixture
async def base(db: Database, rasa: Rasa, limits: Limits) -> AsyncIterator[str]:
    app = application(build(db, rasa, clock.now, limits), prefix="/")
    app.ctx.agent = SimpleNamespace(is_ready=lambda: True, model_id="m1")
    async with serve(app) as url:
        yield url


@pytest.fixture
async def client(base: str) -> AsyncIterator[httpx.AsyncClient]:
    # Nothing is encrypted here, and reading whose certificates are trusted takes longer than most tests.
    async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False, verify=False) as made:
        yield made


@pytest.fixture
async def token(client: httpx.AsyncClient) -> str:
    """A session; the client has its cookie too."""
    return (await client.post("/webchat/sessions")).json()["token"]


@pytest.fixture
async def page(chromium: Any, base: str) -> AsyncIterator[Any]:
    """The chat page at 400 %, without smooth scrolling, whose end could not be waited for."""
    context = await chromium.new_context(viewport=ZOOMED, reduced_motion="reduce")
    opened = await context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    await opened.goto(base)
    yield opened
    assert not wrong
