"""Rasa's server carries the chat at its root, in place of its own greeting."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from rasa.core.channels.channel import register
from rasa.core.run import _create_app_without_api
from sanic import Sanic

from bot.settings import settings
from channels.webchat.input import WebChatInput
from tests.support.asgi import serve


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Sanic:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    settings.cache_clear()
    Sanic._app_registry.pop("rasa_core_no_api", None)
    Sanic.test_mode = True
    made = _create_app_without_api()
    register([WebChatInput.from_credentials({})], made, "/webhooks/")
    return made


async def test_the_chat_is_at_the_root(app: Sanic) -> None:
    async with serve(app) as base, httpx.AsyncClient(base_url=base, trust_env=False) as client:
        assert "Rasa" not in (await client.get("/")).text
        assert (await client.post("/webchat/sessions")).status_code == 201
        assert (await client.post("//webchat/sessions")).status_code == 404


async def test_it_is_not_healthy_before_the_model_is_loaded(app: Sanic) -> None:
    async with serve(app) as base, httpx.AsyncClient(base_url=base, trust_env=False) as client:
        response = await client.get("/webchat/health")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"


def test_no_channel_takes_huge_requests(app: Sanic) -> None:
    assert app.config.REQUEST_MAX_SIZE <= 1_000_000
