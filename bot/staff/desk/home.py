"""The desk's first page: how I stand, my conversations, who waits, and for seniors what everybody else has."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from bot.council import council
from bot.live.bells import ANY
from bot.queries import read_queries
from bot.settings import settings
from bot.staff.desk import rows
from bot.staff.desk.board import Board
from bot.staff.desk.moments import waiting
from bot.staff.desk.presence_pages import attend, stand
from bot.staff.pages import page, problem, see_other
from bot.staff.permissions import ADMINISTRATOR, SENIOR, may_open
from bot.staff.state import account_of, state_of
from bot.store import desk

FIRST_PAGES = ("/desk", "/wall", "/reports")  # where somebody begins: the first that their roles open
_SEES_ALL = {SENIOR, ADMINISTRATOR}


def home_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("home")
    blueprint.add_route(_start, "/", name="start")
    blueprint.add_route(_home, "/desk", name="home")
    blueprint.add_route(_list, "/desk/list", name="list")
    return blueprint


async def _start(request: Request) -> HTTPResponse:
    roles = account_of(request).roles
    first = next((path for path in FIRST_PAGES if may_open(roles, path)), None)
    return see_other(first) if first else problem(request, "no_page", 200)


async def _home(request: Request) -> HTTPResponse:
    state = state_of(request)
    if await asyncio.to_thread(attend, state.db, account_of(request).username, state.now()):
        state.bells.wake(ANY)
    return page(request, "desk/home.html", **await _contents(request, await state.boards.now()))


async def _list(request: Request) -> HTTPResponse:
    board = await state_of(request).boards.latest()
    return unless_known(request, page(request, "desk/list.html", **await _contents(request, board)))


async def _contents(request: Request, board: Board) -> dict[str, Any]:
    """What the list shows to whoever asks."""
    account, rules = account_of(request), council().desk
    left = await asyncio.to_thread(desk.to_wrap_up, state_of(request).db, account.username)
    me = board.people[account.username]
    return {
        "away": rules.away,
        "lists": rows.lists(board, rules, titles(), account.username, me.teams),
        "sees_all": bool(_SEES_ALL & set(account.roles)),
        "stand": stand(me, rules),
        "to_wrap_up": [
            (reference, rows.title_of(summary, titles()), waiting(since, board.at))
            for reference, _, summary, since in left
        ],
    }


def unless_known(request: Request, shown: HTTPResponse) -> HTTPResponse:
    """The fragment, or word that the browser has it already."""
    tag = f'"{hashlib.sha256(shown.body or b"").hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == tag:
        return HTTPResponse(status=304, headers={"ETag": tag})
    shown.headers["ETag"] = tag
    return shown


def titles() -> Mapping[str, str]:
    """The titles of the queries, by every name that they are understood by."""
    return _titles(settings().data_dir)


@lru_cache(maxsize=4)
def _titles(data_dir: str) -> Mapping[str, str]:
    return {name: query.title for query in read_queries(Path(data_dir)).values() for name in query.intents}
