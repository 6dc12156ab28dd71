"""What staff write: to the resident, or among themselves; and that they look, read and type.

A note has a form, an address and a table of its own: there is no way from here to what a resident reads.
"""

from __future__ import annotations

import asyncio
import re

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty

from bot.handover import STAFF
from bot.staff.desk.answering import done, overtaken, refuse
from bot.staff.desk.conversation import LONGEST, ROOT
from bot.staff.desk.presence_pages import attend
from bot.staff.desk.reading import Talk, find_any
from bot.staff.forms import value
from bot.staff.state import state_of
from bot.store import attention, notes, ownership
from bot.store.ownership import Overtaken
from bot.text.redaction import withheld

KINDS = {"card": "bank card", "insurance": "National Insurance", "health": "NHS"}
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def words_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("words")
    for name, handler in (("say", _say), ("note", _note), ("whisper", _whisper), ("look", _look)):
        blueprint.add_route(handler, f"{ROOT}/{name}", methods=["POST"], name=name)
    return blueprint


async def _say(request: Request, conversation_id: str) -> HTTPResponse:
    """To the resident, once by the page's own id however often it is sent; only by the owner."""
    talk = await find_any(request, conversation_id)
    text, sent_as = _text(request), value(request, "sent_as")
    if not talk.is_mine:
        return await overtaken(request, conversation_id)
    if problem := _problem(text) or ("" if _ID.fullmatch(sent_as) else "The message has no id. Open the page again."):
        return await refuse(request, talk, problem)
    found = withheld(text)[1]
    if found and not value(request, "sure"):
        return await refuse(request, talk, _warning(found), kind="sensitive", sensitive="yes")
    me, state = talk.me, state_of(request)
    try:
        seq = await asyncio.to_thread(
            ownership.staff_says, state.db, talk.known.id, me.username, me.name, text, sent_as, state.now()
        )
    except Overtaken:
        return await overtaken(request, conversation_id)
    return done(request, talk, f"/desk/c/{talk.known.id}#text", seq=seq)


async def _note(request: Request, conversation_id: str) -> HTTPResponse:
    return await _write(request, await find_any(request, conversation_id), notes.NOTE)


async def _whisper(request: Request, conversation_id: str) -> HTTPResponse:
    """A senior's word to the colleague who has the conversation."""
    talk = await find_any(request, conversation_id)
    if not talk.may_whisper:
        return await overtaken(request, conversation_id)
    return await _write(request, talk, notes.WHISPER)


async def _write(request: Request, talk: Talk, kind: str) -> HTTPResponse:
    if not talk.may_look:
        return await overtaken(request, talk.known.id)
    text, state = _text(request, "note"), state_of(request)
    if problem := _problem(text):
        return await refuse(request, talk, problem)
    await asyncio.to_thread(notes.add, state.db, talk.known.id, kind, talk.me.username, text, state.now())
    return done(request, talk, f"/desk/c/{talk.known.id}")


async def _look(request: Request, conversation_id: str) -> HTTPResponse:
    """The page is open. How far it was read and that something is typed counts only of the owner: the resident sees
    both, and must not take them for a listener's."""
    talk = await find_any(request, conversation_id)
    if not talk.may_look:
        return empty(204)
    state, me = state_of(request), talk.me.username
    seen = value(request, "seen")
    is_owner = talk.standing.owner == STAFF and talk.is_mine
    await asyncio.to_thread(attend, state.db, me, state.now())
    await asyncio.to_thread(
        attention.look,
        state.db,
        talk.known.id,
        me,
        min(int(seen), talk.known.last_seq) if is_owner and seen.isdecimal() and len(seen) < 10 else 0,
        is_owner and value(request, "typing") == "1",
        state.now(),
        value(request, "leaves") == "1",
    )
    state.bells.wake(talk.known.id)
    return empty(204)


def _text(request: Request, name: str = "text") -> str:
    """What was typed; a form sends line ends of two characters, which would count twice."""
    return value(request, name).replace("\r\n", "\n").strip()


def _problem(text: str) -> str:
    if not text:
        return "Write something first."
    return f"That has {len(text):,} characters. {LONGEST:,} are the most." if len(text) > LONGEST else ""


def _warning(found: tuple[str, ...]) -> str:
    kinds = " and a ".join(KINDS[kind] for kind in found)
    return f"This looks like a {kinds} number. Nobody should need one in a chat. Take it out, or send it anyway."
