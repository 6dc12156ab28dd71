"""A plugin (``pytest_plugins``): the demonstration's websites, on another origin than the chat, and pages of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html

from actions.sandbox import site
from bot.settings import settings
from tests.support.asgi import application, serve
from tests.support.widget import Browser, Page, new_page


@pytest.fixture
def made() -> dict[str, str]:
    """Pages that a test adds to the websites: text by name, served below ``made/``."""
    return {}


@pytest.fixture
async def website(
    base: str, made: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """The demonstration's websites, which have the chat at ``base``."""
    more = Blueprint("made")

    @more.get("/made/<name:str>", name="page")
    async def page(_request: Request, name: str) -> HTTPResponse:
        return html(made[name])

    async with serve(application(site.blueprint, more, prefix="/site")) as url:
        for name, value in (("VAR_DIR", tmp_path), ("PUBLIC_URL", base), ("SANDBOX_PORT", urlsplit(url).port)):
            monkeypatch.setenv(name, str(value))
        settings.cache_clear()
        yield f"{url}/site"
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
async def live(chromium: Browser, website: str) -> AsyncIterator[Page]:
    """A browser's page on which nothing may go wrong, with the chat as it is."""
    wrong: list[str] = []
    yield await new_page(chromium, wrong)
    assert not wrong


@pytest.fixture
async def staged(chromium: Browser, base: str, website: str) -> AsyncIterator[Page]:
    """The same with a stand-in for the chat page."""
    wrong: list[str] = []
    yield await new_page(chromium, wrong, base)
    assert not wrong
