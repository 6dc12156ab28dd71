"""The stream of news for open windows (server-sent events): numbers only; whoever listens fetches what it shows.

``news`` says what has changed: of one conversation, for the window that shows it, its revision (``{"<id>": 12}``); for
every other window how often anything did since the stream began (``{"*": 3}``). ``beat`` says that the stream is
alive, and ``end`` that the session has ended. While a stream of the desk is open, the desk of whoever opened it is;
and the session is in use.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping

from sanic import Blueprint, HTTPResponse, Request

from bot.live.bells import ANY, Bell
from bot.staff.desk import board
from bot.staff.desk.presence_pages import attend
from bot.staff.pages import problem
from bot.staff.permissions import may_open
from bot.staff.state import account_of, state_of
from bot.store import accounts, conversations
from bot.store.engine import OutOfReach

BEAT = 10.0  # seconds; by then a revoked session has ended, and the desk is heard of
LEAST = 0.25  # seconds between two pieces of news of a conversation; other windows read the board, that often
PATIENCE = 30.0  # seconds in which a reader must take what is sent
RETRY_MS = 1000
MEDIA_TYPE = "text/event-stream"
HEADERS = {"X-Accel-Buffering": "no"}  # nginx would keep events back
_CONVERSATION = re.compile(r"[A-Za-z0-9_-]{1,64}")


def events_pages() -> Blueprint:
    """The blueprint of this part. A window of the wall is nobody's desk."""
    blueprint = Blueprint("events")
    blueprint.add_route(_desk, "/desk/events", name="desk")
    blueprint.add_route(_wall, "/wall/events", name="wall")
    return blueprint


async def _desk(request: Request) -> HTTPResponse | None:
    talk = request.args.get("c", "")
    return await _answer(request, "/desk/events", talk if _CONVERSATION.fullmatch(talk) else None)


async def _wall(request: Request) -> HTTPResponse | None:
    return await _answer(request, "/wall/events", None)


async def _answer(request: Request, path: str, talk: str | None) -> HTTPResponse | None:
    """The stream; who does not ask for one is told so, and by that knows that they may."""
    if MEDIA_TYPE not in request.headers.get("accept", ""):
        return problem(request, "bad_request", 406)
    with state_of(request).bells.listen(talk or ANY) as bell:
        response = await request.respond(headers=HEADERS, content_type=f"{MEDIA_TYPE}; charset=utf-8")

        async def send(text: str) -> None:
            async with asyncio.timeout(PATIENCE):  # who does not read holds what is sent in our memory
                await response.send(text)

        try:
            await _follow(request, path, talk, bell, send)
        except TimeoutError:
            request.transport.abort()
            return None
        except OutOfReach:  # the window asks again
            pass
        await response.eof()
    return None


async def _follow(
    request: Request, path: str, talk: str | None, bell: Bell, send: Callable[[str], Awaitable[None]]
) -> None:
    """Send news and beats until the session ends or this process stops."""
    clock = asyncio.get_running_loop().time
    count, due = 0, clock()
    await send(f"retry: {RETRY_MS}\n\n{await _news(request, count, talk, bell)}")
    while not bell.is_stopped:
        if clock() >= due:
            if not await _beat(request, path):
                return await send("event: end\ndata: {}\n\n")
            await send("event: beat\ndata: {}\n\n")
            due = clock() + BEAT
        if await bell.ring(due - clock()):
            count += 1
            await send(await _news(request, count, talk, bell))
            await asyncio.sleep(LEAST if talk else board.EVERY)


async def _news(request: Request, count: int, talk: str | None, bell: Bell) -> str:
    """Of a conversation that is gone there is nothing to say."""
    if talk is None:
        return _event({ANY: count})
    revision = await asyncio.to_thread(conversations.revision, state_of(request).db, talk)
    if revision is None:
        return _event({})
    bell.seen = revision  # or the watcher would ring for what this process has rung for
    return _event({talk: revision})


def _event(numbers: Mapping[str, int]) -> str:
    return f"event: news\ndata: {json.dumps(numbers)}\n\n"


async def _beat(request: Request, path: str) -> bool:
    """Whether the session still opens this stream. The desk of whoever listens is open."""
    state = state_of(request)
    account = await asyncio.to_thread(accounts.by_token, state.db, request.ctx.session, state.now())
    if account is None or account.must_change or not may_open(account.roles, path):
        return False
    if path == "/desk/events" and await asyncio.to_thread(attend, state.db, account_of(request).username, state.now()):
        state.bells.wake(ANY)
    return True
