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
from bot.notices import told
from bot.staff.desk import attaching, rows, show, summary
from bot.staff.desk.access import Access
from bot.staff.desk.journeys import journey_titles
from bot.staff.desk.reading import Reading, Talk, find, find_news
from bot.staff.desk.targets import people_for, teams_for
from bot.staff.pages import fragment, page
from bot.staff.state import state_of
from bot.store import audit, uploads
from bot.store.talks import Shown
from bot.uploads import files
from bot.uploads.cleaning import MAX_BYTES

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


async def note_reader(request: Request, talk: Access) -> None:
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
    return {
        **_said(request, talk),
        "note_seq": show.last_note(talk.news.notes),
        "summary": summary.read(record.summary if record else {}),
        "reason": show.REASONS.get(record.reason, record.reason) if record else "",
        "channel": rows.channel(talk.known.channel),
        "language": rows.language(talk.found.language),
        "team": team.title if team else (record.team if record else ""),
        "slow": talk.slow_minutes(desk.times, now),
        "warn_after": desk.times.staff_silent_warn,
        "people": people_for(talk, now),
        "teams": teams_for(talk, now),
        "journeys": journey_titles(),
        "limit": LONGEST,
        "may_attach": talk.known.channel in attaching.CHANNELS,
        "largest_file": MAX_BYTES,
        "longest_description": attaching.LONGEST_DESCRIPTION,
        "told": told,
        "message_id": uuid.uuid4().hex,
    }


def _said(request: Request, found: Reading) -> dict[str, Any]:
    """What the lines of a conversation are filled with, and who is there."""
    viewing, typing = show.company(found.news.readers, found.me.username, found.news.names)
    return {
        "talk": found,
        "lines": found.lines,
        "seen": found.news.seen,
        "viewing": viewing,
        "typing": typing,
        "waited": found.waited(state_of(request).now()),
        "ticket": _ticket(request, found),
    }


async def _news(request: Request, conversation_id: str) -> HTTPResponse:
    """What a page does not show yet, as fragments; and how things stand. Its query says what the page has."""
    shown = Shown(request.args.get("edition", ""), _number(request, "after"), _number(request, "note"))
    found = await find_news(request, conversation_id, shown)
    values = _said(request, found)
    if request.args.get("ticket") != values["ticket"]:
        await note_reader(request, found)
    has_moved = _number(request, "version") != found.standing.version
    return json(
        {
            "html": fragment(request, "desk/messages.html", **values),
            "is_whole": found.news.is_whole,
            "panel": await _panel(request, conversation_id) if has_moved else "",
            "seq": found.known.last_seq,
            "note": max(show.last_note(found.news.notes), 0 if found.news.is_whole else shown.note),
            "revision": found.known.revision,
            "version": found.standing.version,
            "edition": found.edition,
            "owner": found.standing.owner,
            "staff": found.standing.staff,
            "owner_name": found.owner_name,
            **{name: values[name] for name in ("ticket", "seen", "viewing", "typing", "waited")},
        }
    )


async def _panel(request: Request, conversation_id: str) -> str:
    """What may be done, anew."""
    values = _values(request, await find(request, conversation_id))
    return fragment(request, "desk/panel.html", **values, problem="", kept={})


async def _upload(request: Request, conversation_id: str, upload_id: str) -> HTTPResponse:
    """A photo or document that was sent in this conversation."""
    talk = await find(request, conversation_id)
    sent = await asyncio.to_thread(uploads.by_id, state_of(request).db, upload_id)
    if sent is None or sent.conversation_id != talk.known.id:
        raise NotFound("no such file")
    await note_reader(request, talk)
    try:
        data = await asyncio.to_thread(files.read, sent.id)
    except FileNotFoundError:
        raise NotFound("the file was erased") from None
    # Whatever it is, it does nothing but be looked at: the headers of every answer forbid it scripts.
    return raw(data, content_type=sent.media_type, headers={"Content-Disposition": "inline"})


def _ticket(request: Request, talk: Access) -> str:
    """What only a page has that was shown to this browser since the conversation changed hands last."""
    shown = f"{request.ctx.session}:{talk.known.id}:{talk.standing.version}"
    return Signer(state_of(request).key, salt="listening").get_signature(shown.encode()).decode()


def _number(request: Request, name: str) -> int:
    given = request.args.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0
