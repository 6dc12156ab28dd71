"""The pages about messages that residents left: those that wait, those dealt with, and one with its transcript."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound

from bot.staff.desk import summary
from bot.staff.desk.moments import waiting
from bot.staff.desk.show import called
from bot.staff.desk.summary import Summary
from bot.staff.pages import page, see_other
from bot.staff.state import account_of, state_of
from bot.store import audit, handovers, messages
from bot.store.handovers import Handover

SHOWN = 200  # messages on one page
_REFERENCE = re.compile(r"[A-Za-z0-9-]{1,32}")


@dataclass(frozen=True)
class Row:
    """One line of a list of messages."""

    message: Handover
    summary: Summary
    waited: str


def desk_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("desk")
    blueprint.add_route(_waiting, "/messages", name="waiting")
    blueprint.add_route(_closed, "/messages/closed", name="closed")
    blueprint.add_route(_message, "/messages/<reference:str>", name="message")
    blueprint.add_route(_close, "/messages/<reference:str>/close", methods=["POST"], name="close")
    return blueprint


async def _waiting(request: Request) -> HTTPResponse:
    rows = await _rows(request, handovers.MESSAGE_LEFT)
    return page(request, "waiting.html", rows=rows, is_full=len(rows) == SHOWN)


async def _closed(request: Request) -> HTTPResponse:
    rows = await _rows(request, handovers.CLOSED)
    newest_first = sorted(rows, key=lambda row: row.message.done_at or row.message.created_at, reverse=True)
    return page(request, "closed.html", rows=newest_first)


async def _rows(request: Request, state: str) -> list[Row]:
    now = state_of(request).now()
    found = await asyncio.to_thread(handovers.listed, state_of(request).db, state, SHOWN)
    return [
        Row(message, summary.read(message.summary), waiting(message.created_at, message.done_at or now))
        for message in found
    ]


async def _message(request: Request, reference: str) -> HTTPResponse:
    return await _show(request, await _find(request, reference))


async def _close(request: Request, reference: str) -> HTTPResponse:
    """Mark as dealt with. When a colleague was quicker, say who."""
    state, who = state_of(request), account_of(request).username
    await _find(request, reference)
    if await asyncio.to_thread(handovers.close, state.db, reference, who, state.now()):
        await asyncio.to_thread(audit.add, state.db, who, audit.MESSAGE_CLOSED, reference, state.now())
        return see_other(f"/messages/{reference}")
    return await _show(request, await _find(request, reference), status=409, was_late=True)


async def _find(request: Request, reference: str) -> Handover:
    found = None
    if _REFERENCE.fullmatch(reference):
        found = await asyncio.to_thread(handovers.by_reference, state_of(request).db, reference)
    if found is None or found.left_at is not None or found.state not in (handovers.MESSAGE_LEFT, handovers.CLOSED):
        raise NotFound("no such message")  # the record of a talk has a page of its own, and rules of its own
    return found


async def _show(request: Request, found: Handover, status: int = 200, was_late: bool = False) -> HTTPResponse:
    """The page of one message. That it was looked at is noted before it is shown."""
    state, who = state_of(request), account_of(request).username
    for action, subject in (
        (audit.MESSAGE_VIEWED, found.reference),
        (audit.TRANSCRIPT_VIEWED, found.conversation_id),
    ):
        await asyncio.to_thread(audit.add, state.db, who, action, subject, state.now())
    return page(
        request,
        "message.html",
        status,
        message=found,
        summary=summary.read(found.summary),
        transcript=await asyncio.to_thread(messages.after, state.db, found.conversation_id, 0),
        waited=waiting(found.created_at, found.done_at or state.now()),
        was_late=was_late,
        called=called,
    )
