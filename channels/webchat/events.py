"""GET /webchat/events: what is said, as it is said (server-sent events, WHATWG HTML section 9.2).

A ``message`` event carries one message and its number as id, so that a browser that lost the connection asks with
``Last-Event-ID`` for what it missed; ``state`` says how the conversation stands; ``end`` why there is nothing more.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

from sanic.request import Request

from bot.store.conversations import Session
from channels.messages import Problem
from channels.webchat import problems
from channels.webchat.chat import Chat, Page
from channels.webchat.codec import parse_read
from channels.webchat.shape import message_of, state_of

RETRY_MS = 1000
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would keep events back
Find = Callable[[Request], Awaitable[Session]]
AddressOf = Callable[[Request], str]


def handler_of(chat: Chat, find: Find, address_of: AddressOf) -> problems.Handler:
    """The route's handler, over a chat and the ways in which the interface knows its callers."""

    async def events(request: Request) -> None:
        session = await find(request)
        after, _ = parse_read(request.headers.get("last-event-id") or request.args.get("after", ""), "")
        async with aclosing(chat.follow(session, after, address_of(request))) as pages:
            first = await anext(pages, None)  # a refusal comes before the answer begins, with its own status
            response = await request.respond(headers=HEADERS, content_type="text/event-stream; charset=utf-8")
            await response.send(f"retry: {RETRY_MS}\n\n")
            try:
                await response.send(_events(chat, first))
                async for page in pages:
                    await response.send(_events(chat, page))
            except Problem as refused:
                await response.send(event("end", problems.details(request, refused)))
            await response.eof()

    return events


def _events(chat: Chat, page: Page | None) -> str:
    if page is None:
        return event("beat", {})
    said = [event("message", message_of(message), message.seq) for message in page.messages]
    return "".join([*said, event("state", state_of(page.state, chat.now()))])


def event(name: str, data: Any, number: int | None = None) -> str:
    """One event in the stream's format; JSON has no line breaks of its own."""
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
