"""The page of one conversation: what was said, the facts, and what may be done; and what is new since it was opened.

Who reads what they do not own is noted before it is shown. A page that was opened so carries a ticket, with which
its news need no note of their own until the conversation changes hands.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

from itsdangerous import Signer
from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import Forbidden, NotFound
from sanic.response import json, raw

from bot.council import council
from bot.staff.desk import show, summary
from bot.staff.desk.journeys import journey_titles
from bot.staff.desk.reading import Talk, find, slow_minutes, waited
from bot.staff.desk.targets import people_for, teams_for
from bot.staff.pages import page
from bot.staff.state import state_of
from bot.store import audit, uploads
from bot.uploads import upload_path

ROOT = "/desk/c/<conversation_id:str>"
LONGEST = 2000  # characters of what staff say, and of a note


def conversation_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("conversation")
    blueprint.add_route(_conversation, ROOT, name="page")
    blueprint.add_route(_news, f"{ROOT}/news", name="news")
    blueprint.add_route(_upload, f"{ROOT}/uploads/<upload_id:str>", name="upload")
    blueprint.exception(Forbidden)(not_yours)
    return blueprint


async def _conversation(request: Request, conversation_id: str) -> HTTPResponse:
    return await show_talk(request, await find(request, conversation_id))


async def not_yours(request: Request, _error: Exception) -> HTTPResponse:
    """A conversation that is for its owner and for seniors only."""
    return page(request, "desk/not_yours.html", 403, problem="", kept={})


async def show_talk(
    request: Request, talk: Talk, status: int = 200, problem: str = "", kept: Mapping[str, str] | None = None
) -> HTTPResponse:
    """The whole page; ``problem`` is what went wrong with what was just sent, ``kept`` what it had in it."""
    await note_reader(request, talk)
    found = {"problem": problem, "kept": kept or {}, "removed": request.args.get("removed", "")}
    return page(request, "desk/conversation.html", status, **found, **_values(request, talk))


async def note_reader(request: Request, talk: Talk) -> None:
    """Write down who reads what they do not own."""
    if not talk.is_mine:
        state = state_of(request)
        action = audit.TRANSCRIPT_VIEWED if talk.known.ended else audit.LISTENED
        await asyncio.to_thread(audit.add, state.db, talk.me.username, action, talk.known.id, state.now())


def _values(request: Request, talk: Talk) -> dict[str, Any]:
    """What the templates are filled with."""
    now, desk = state_of(request).now(), council().desk
    record = talk.record
    team = desk.team(record.team) if record else None
    viewing, typing = show.company(talk.readers, talk.me.username, talk.names)
    return {
        "talk": talk,
        "lines": talk.lines,
        "summary": summary.read(record.summary if record else {}),
        "reason": show.REASONS.get(record.reason, record.reason) if record else "",
        "team": team.title if team else (record.team if record else ""),
        "seen": show.seen(talk.said, talk.readers),
        "viewing": viewing,
        "typing": typing,
        "slow": slow_minutes(talk, desk.times, now),
        "waited": waited(talk, now),
        "warn_after": desk.times.staff_silent_warn,
        "people": people_for(talk, now),
        "teams": teams_for(talk, now),
        "journeys": journey_titles(),
        "limit": LONGEST,
        "message_id": uuid.uuid4().hex,
        "note_seq": show.last_note(talk.notes),
        "ticket": _ticket(request, talk),
    }


async def _news(request: Request, conversation_id: str) -> HTTPResponse:
    """What a page does not show yet, as fragments; and how things stand. Its query says what the page has."""
    talk = await find(request, conversation_id)
    if request.args.get("ticket") != _ticket(request, talk):
        await note_reader(request, talk)
    values = _values(request, talk)
    is_whole = request.args.get("edition") != talk.edition
    new = talk.lines if is_whole else show.after(talk.lines, _number(request, "after"), _number(request, "note"))
    is_other = _number(request, "version") != talk.standing.version
    panel = page(request, "desk/panel.html", **values, problem="", kept={}).body if is_other else b""
    return json(
        {
            "html": (page(request, "desk/messages.html", **{**values, "lines": new}).body or b"").decode(),
            "is_whole": is_whole,
            "panel": (panel or b"").decode(),
            "seq": talk.known.last_seq,
            "note": values["note_seq"],
            "revision": talk.known.revision,
            "version": talk.standing.version,
            "edition": talk.edition,
            "ticket": values["ticket"],
            "owner": talk.standing.owner,
            "staff": talk.standing.staff,
            "owner_name": talk.owner_name,
            "seen": values["seen"],
            "viewing": values["viewing"],
            "typing": values["typing"],
            "waited": values["waited"],
        }
    )


async def _upload(request: Request, conversation_id: str, upload_id: str) -> HTTPResponse:
    """A photo or document that the resident sent in this conversation."""
    talk = await find(request, conversation_id)
    sent = await asyncio.to_thread(uploads.by_id, state_of(request).db, upload_id)
    path = upload_path(upload_id)
    if sent is None or path is None or sent.conversation_id != talk.known.id:
        raise NotFound("no such file")
    await note_reader(request, talk)
    try:
        data = await asyncio.to_thread(path.read_bytes)
    except FileNotFoundError:
        raise NotFound("the file was erased") from None
    # Whatever it is, it does nothing but be looked at: the headers of every answer forbid it scripts.
    return raw(data, content_type=sent.media_type, headers={"Content-Disposition": "inline"})


def _ticket(request: Request, talk: Talk) -> str:
    """What only a page has that was shown to this browser since the conversation changed hands last."""
    shown = f"{request.ctx.session}:{talk.known.id}:{talk.standing.version}"
    return Signer(state_of(request).key, salt="listening").get_signature(shown.encode()).decode()


def _number(request: Request, name: str) -> int:
    given = request.args.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0
