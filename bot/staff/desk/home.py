"""The desk's first page: how I stand, my conversations, who waits, and for seniors what everybody else has."""

from __future__ import annotations

import asyncio
import hashlib
from functools import partial
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from bot.council import council
from bot.dialogue.titles import query_titles
from bot.live.bells import ANY
from bot.staff.desk import rows
from bot.staff.desk.board import Board
from bot.staff.desk.lists import lists
from bot.staff.desk.moments import waiting
from bot.staff.desk.presence_pages import attend, stand
from bot.staff.desk.rows import Row
from bot.staff.pages import macro, page, problem, see_other
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
    me, sees_all = board.people[account.username], bool(_SEES_ALL & set(account.roles))
    return {
        "away": rules.away,
        "row": partial(_write, board),
        "lists": lists(board, rules, account.username, me.teams, sees_all),
        "sees_all": sees_all,
        "stand": stand(me, rules),
        "to_wrap_up": [
            (reference, rows.title_of(summary, query_titles()), waiting(since, board.at))
            for reference, _, summary, since in left
        ],
    }


def _write(board: Board, row: Row, kind: str) -> str:
    """A row of the list as HTML. One that is the same for all who read the board is written once for them."""
    write = macro("desk/rows.html", "row")
    if row is not board.rows[row.conversation_id]:
        return write(row, kind)
    key = (row.conversation_id, kind)
    if key not in board.written:
        board.written[key] = write(row, kind)
    return board.written[key]


def unless_known(request: Request, shown: HTTPResponse) -> HTTPResponse:
    """The fragment, or word that the browser has it already."""
    tag = f'"{hashlib.sha256(shown.body or b"").hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == tag:
        return HTTPResponse(status=304, headers={"ETag": tag})
    shown.headers["ETag"] = tag
    return shown
