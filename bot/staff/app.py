"""The staff application put together: its parts, its guard and its settings."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import json

from bot.council import council
from bot.dialogue.titles import query_titles
from bot.staff import guard
from bot.staff.accounts.views import accounts_pages
from bot.staff.desk.answer_pages import answers_pages
from bot.staff.desk.conversation import conversation_pages
from bot.staff.desk.events import events_pages
from bot.staff.desk.home import home_pages
from bot.staff.desk.presence_pages import presence_pages
from bot.staff.desk.removal import removal_pages
from bot.staff.desk.steps import steps_pages
from bot.staff.desk.views import desk_pages
from bot.staff.desk.wall import wall_pages
from bot.staff.desk.words import words_pages
from bot.staff.desk.wrap_up import wrap_up_pages
from bot.staff.insights.views import insights_pages
from bot.staff.state import State
from bot.staff.switches.views import switches_pages

PARTS = (
    *(accounts_pages, switches_pages, insights_pages),
    *(home_pages, presence_pages, events_pages, wall_pages, desk_pages),
    *(conversation_pages, words_pages, steps_pages, wrap_up_pages, removal_pages, answers_pages),
)
LARGEST_FORM = 32_768  # bytes; 2,000 letters of some scripts are nearly 20,000 bytes in a form


def create_app(state: State) -> Sanic:
    """The application, ready to be served."""
    app = Sanic("staff", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_FORM
    app.ctx.state = state
    guard.install(app)
    app.add_route(_health, "/health", name="health")
    app.static("/static", Path(__file__).parent / "static", name="static")
    for pages in PARTS:
        app.blueprint(pages())
    app.register_listener(_start, "after_server_start")
    app.register_listener(_stop, "before_server_stop")
    return app


async def _start(app: Sanic, _loop: Any) -> None:
    await app.ctx.state.watcher.start()
    app.add_task(asyncio.to_thread(_read_content))


def _read_content() -> None:
    """Read what the pages are filled with before anybody asks: while a page reads it, nobody is answered."""
    council()
    query_titles()


async def _stop(app: Sanic, _loop: Any) -> None:
    """Whoever listens stops waiting, or the server would wait for them."""
    app.ctx.state.bells.close()
    await app.ctx.state.watcher.close()


async def _health(request: Request) -> HTTPResponse:
    return json({"status": "ok"})
