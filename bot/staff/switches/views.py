"""The page that says how the web chat stands, with the one button that turns it; off only after a second page.

How it stands was read by the guard for this request (``request.ctx.webchat``). A form says what it wants, never
"the other way": who comes second changes nothing and sees who was first.
"""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request

from bot.staff.pages import page, see_other
from bot.staff.state import account_of, state_of
from bot.store import switches

SWITCHES = "/switches"


def switches_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("switches")
    blueprint.add_route(_show, SWITCHES, name="show")
    blueprint.add_route(_ask, f"{SWITCHES}/webchat/off", name="ask")
    blueprint.add_route(_switch_off, f"{SWITCHES}/webchat/off", methods=["POST"], name="switch_off")
    blueprint.add_route(_switch_on, f"{SWITCHES}/webchat/on", methods=["POST"], name="switch_on")
    return blueprint


async def _show(request: Request) -> HTTPResponse:
    return page(request, "switches.html")


async def _ask(request: Request) -> HTTPResponse:
    return page(request, "switch_off.html") if request.ctx.webchat.is_on else see_other(SWITCHES)


async def _switch_off(request: Request) -> HTTPResponse:
    return await _turn(request, is_on=False)


async def _switch_on(request: Request) -> HTTPResponse:
    return await _turn(request, is_on=True)


async def _turn(request: Request, is_on: bool) -> HTTPResponse:
    state = state_of(request)
    if request.ctx.webchat.is_on != is_on:
        who = account_of(request).username
        await asyncio.to_thread(switches.turn, state.db, switches.WEBCHAT, is_on, who, state.now())
    return see_other(SWITCHES)
