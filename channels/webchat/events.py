"""GET /webchat/events: what is said, as it is said (server-sent events, WHATWG HTML section 9.2).

A ``message`` event carries one message and its number as id, so that a browser that lost the connection asks with
``Last-Event-ID`` for what it missed; ``state`` says how the conversation stands; ``end`` why there is nothing more.
"""

from __future__ import annotations

import asyncio
import json
import logging
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

logger = logging.getLogger(__name__)

RETRY_MS = 1000
PATIENCE = 30.0  # seconds in which a reader must take what is sent
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

            async def send(text: str) -> None:
                async with asyncio.timeout(PATIENCE):  # who does not read holds what is sent in our memory
                    await response.send(text)

            try:
                await send(f"retry: {RETRY_MS}\n\n{_events(chat, first)}")
                async for page in pages:
                    await send(_events(chat, page))
            except Problem as refused:
                await send(event("end", problems.details(request, refused)))
            except TimeoutError:
                logger.info("A reader of events has stopped reading")
                request.transport.abort()
                return
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
