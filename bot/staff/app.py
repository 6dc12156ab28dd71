"""The staff application put together: its parts, its guard and its settings."""

from __future__ import annotations

from pathlib import Path

from sanic import HTTPResponse, Request, Sanic
from sanic.response import json

from bot.staff import guard
from bot.staff.accounts.views import accounts_pages
from bot.staff.desk.views import desk_pages
from bot.staff.state import State
from bot.staff.switches.views import switches_pages

LARGEST_FORM = 16_384  # bytes; the longest form is a change of password


def create_app(state: State) -> Sanic:
    """The application, ready to be served."""
    app = Sanic("staff", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_FORM
    app.ctx.state = state
    guard.install(app)
    app.add_route(_health, "/health", name="health")
    app.static("/static", Path(__file__).parent / "static", name="static")
    app.blueprint(accounts_pages())
    app.blueprint(desk_pages())
    app.blueprint(switches_pages())
    return app


async def _health(request: Request) -> HTTPResponse:
    return json({"status": "ok"})
