"""Removing words from a conversation for good: first a page that says what that means, then the removal itself."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request

from bot.staff.desk.answering import done, overtaken, refuse
from bot.staff.desk.conversation import LONGEST, ROOT, note_reader
from bot.staff.desk.reading import find_any
from bot.staff.forms import value
from bot.staff.pages import page
from bot.staff.state import state_of
from bot.store import redaction

SHORTEST = 3


def removal_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("removal")
    blueprint.add_route(_redact, f"{ROOT}/redact", methods=["POST"], name="redact")
    return blueprint


async def _redact(request: Request, conversation_id: str) -> HTTPResponse:
    """Owners and seniors. Nothing is removed before it was confirmed."""
    talk = await find_any(request, conversation_id)
    words, state = value(request, "words").replace("\r\n", "\n").strip(), state_of(request)
    if not talk.may_remove:
        return await overtaken(request, conversation_id)
    if not SHORTEST <= len(words) <= LONGEST:
        return await refuse(request, talk, f"Give the words to be removed: {SHORTEST} to {LONGEST:,} characters.")
    if value(request, "confirmed") != "yes":
        await note_reader(request, talk)
        lines = [line for line in talk.lines if words.casefold() in f"{line.text}\n{line.file}".casefold()]
        return page(request, "desk/redact.html", talk=talk, words=words, lines=lines)
    count = await asyncio.to_thread(redaction.redact, state.db, talk.known.id, words, talk.me.username, state.now())
    return done(request, talk, f"/desk/c/{talk.known.id}?removed={count}")
