"""A web chat on a real loopback port, with a stand-in for Rasa, limits wide open and a client for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace

import httpx
import pytest
from rasa.core.channels.channel import UserMessage

from bot import clock
from bot.settings import settings
from bot.store.engine import Database
from channels.webchat.input import build
from channels.webchat.limits import Limits, Window
from tests.channels.standin import echo
from tests.support.asgi import application, serve


class Rasa:
    """What answers; while ``open`` is cleared it waits."""

    def __init__(self, db: Database) -> None:
        self._echo = echo(db)
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, message: UserMessage) -> None:
        await self.open.wait()
        await self._echo(message)


@pytest.fixture(autouse=True)
def _settings() -> Iterator[None]:
    yield
    settings.cache_clear()


@pytest.fixture
def rasa(db: Database) -> Rasa:
    return Rasa(db)


def wide(messages: int = 10_000, sessions: int = 10_000) -> Limits:
    windows = [Window(most, 60, lambda: 0.0) for most in (messages, 10_000, 10_000, sessions)]
    return Limits(*windows)


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
    async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as made:
        yield made


@pytest.fixture
async def token(client: httpx.AsyncClient) -> str:
    """A session; the client has its cookie too."""
    return (await client.post("/webchat/sessions")).json()["token"]
