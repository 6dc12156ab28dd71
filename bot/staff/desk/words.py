"""What staff write: to the resident, or among themselves; and that they look, read and type.

A note has a form, an address and a table of its own: there is no way from here to what a resident reads.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import nullcontext

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty

from bot.handover import STAFF
from bot.notices import told
from bot.staff.desk import attaching
from bot.staff.desk.access import Access, access_to
from bot.staff.desk.answering import done, overtaken, refuse, refuse_file
from bot.staff.desk.conversation import LONGEST, ROOT
from bot.staff.desk.presence_pages import attend
from bot.staff.forms import file, value
from bot.staff.state import State, state_of
from bot.store import attention, notes, ownership
from bot.store.ownership import Overtaken
from bot.text.redaction import withheld
from bot.uploads.refused import Refused

KINDS = {"card": "bank card", "insurance": "National Insurance", "health": "NHS"}
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def words_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("words")
    for name, handler in (("say", _say), ("note", _note), ("whisper", _whisper), ("look", _look)):
        is_stream = name == "say"  # it may bring a file, which is read only of those who may be here
        blueprint.add_route(handler, f"{ROOT}/{name}", methods=["POST"], name=name, stream=is_stream)
    return blueprint


async def _say(request: Request, conversation_id: str) -> HTTPResponse:
    """To the resident, once by the page's own id however often it is sent; only by the owner. It may bring a file."""
    talk = await access_to(request, conversation_id)
    if not talk.is_mine:
        return await overtaken(request, conversation_id)
    text, description, sent_as = _text(request), _text(request, "description"), value(request, "sent_as")
    try:
        if wrong := attaching.problem(file(request), description, talk.known.channel):
            return await refuse_file(request, talk, told(wrong))
        if problem := _not_to_be_sent(text, sent_as, has_file=file(request) is not None):
            return await refuse(request, talk, problem)
        found = withheld(f"{text}\n{description}")[1]
        if found and not value(request, "sure"):
            return await refuse(request, talk, _warning(found), kind="sensitive", sensitive="yes")
        seq = await _tell(request, talk, text, description, sent_as)
    except Refused as refused:
        return await refuse_file(request, talk, told(refused.kind))
    except Overtaken:
        return await overtaken(request, conversation_id)
    return done(request, talk, f"/desk/c/{talk.known.id}#text", seq=seq)


async def _tell(request: Request, talk: Access, text: str, description: str, sent_as: str) -> int:
    """Say it; its number in the conversation. Raises Refused, or Overtaken."""
    me, state, sent = talk.me, state_of(request), file(request)
    async with attaching.kept(state, sent, description) if sent else nullcontext() as attachment:
        return await asyncio.to_thread(
            ownership.staff_says,
            *(state.db, talk.known.id, me.username, me.name, text, sent_as, state.now(), attachment),
        )


async def _note(request: Request, conversation_id: str) -> HTTPResponse:
    return await _write(request, await access_to(request, conversation_id), notes.NOTE)


async def _whisper(request: Request, conversation_id: str) -> HTTPResponse:
    """A senior's word to the colleague who has the conversation."""
    talk = await access_to(request, conversation_id)
    if not talk.may_whisper:
        return await overtaken(request, conversation_id)
    return await _write(request, talk, notes.WHISPER)


async def _write(request: Request, talk: Access, kind: str) -> HTTPResponse:
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
    talk = await access_to(request, conversation_id)
    if not talk.may_look:
        return empty(204)
    state, seen = state_of(request), value(request, "seen")
    is_owner = talk.standing.owner == STAFF and talk.is_mine
    is_news = await asyncio.to_thread(
        _attend_to,
        state,
        talk,
        min(int(seen), talk.known.last_seq) if is_owner and seen.isdecimal() and len(seen) < 10 else 0,
        is_owner and value(request, "typing") == "1",
        value(request, "leaves") == "1",
    )
    if is_news:
        state.bells.wake(talk.known.id)
    return empty(204)


def _attend_to(state: State, talk: Access, seen: int, is_typing: bool, leaves: bool) -> bool:
    """Write down that the page and the desk are open; whether that is news for those who have the conversation open."""
    username, at = talk.me.username, state.now()
    attend(state.db, username, at)
    return attention.look(state.db, talk.known.id, username, seen, is_typing, at, leaves)


def _text(request: Request, name: str = "text") -> str:
    """What was typed; a form sends line ends of two characters, which would count twice."""
    return value(request, name).replace("\r\n", "\n").strip()


def _not_to_be_sent(text: str, sent_as: str, has_file: bool) -> str:
    """What keeps a message from being sent, in words. With a file it needs no words of its own."""
    if problem := "" if has_file and not text else _problem(text):
        return problem
    return "" if _ID.fullmatch(sent_as) else "The message has no id. Open the page again."


def _problem(text: str) -> str:
    if not text:
        return "Write something first."
    return f"That has {len(text):,} characters. {LONGEST:,} are the most." if len(text) > LONGEST else ""


def _warning(found: tuple[str, ...]) -> str:
    kinds = " and a ".join(KINDS[kind] for kind in found)
    return f"This looks like a {kinds} number. Nobody should need one in a chat. Take it out, or send it anyway."
