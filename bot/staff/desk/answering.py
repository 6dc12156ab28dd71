"""How what was sent from a conversation's page is answered: a page for a form, JSON for a script."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.live.bells import ANY
from bot.staff.desk.conversation import show_talk
from bot.staff.desk.reading import Talk, read
from bot.staff.forms import value
from bot.staff.pages import page, see_other
from bot.staff.state import account_of, state_of

KEPT = ("text", "note", "words", "to", "team", "query")  # the fields of which nothing that was typed may be lost


def wants_json(request: Request) -> bool:
    """Whether a script of the page asks."""
    return "application/json" in request.headers.get("accept", "")


def done(request: Request, talk: Talk, path: str, **about: object) -> HTTPResponse:
    """It was done, which this process's other windows need not find out; a form goes on to ``path``."""
    bells = state_of(request).bells
    bells.wake(talk.known.id)
    bells.wake(ANY)
    return json({"path": path, **about}) if wants_json(request) else see_other(path)


async def refuse(
    request: Request, talk: Talk, problem: str, status: int = 422, kind: str = "refused", **also: str
) -> HTTPResponse:
    """It was not done, for a reason in words; a form gets its page again, with what was typed."""
    if wants_json(request):
        return json({"kind": kind, "problem": problem}, status=status)
    return await show_talk(request, talk, status, problem, {**kept(request), **also})


async def overtaken(request: Request, conversation_id: str, why: str = "") -> HTTPResponse:
    """Somebody was quicker, or the conversation is not theirs: who has it now, and nothing was changed."""
    state, me = state_of(request), account_of(request)
    now = await asyncio.to_thread(read, state.db, conversation_id, me, state.now())
    problem = f"{why or _winner(now)} Nothing was changed, and nothing was sent."
    if now is not None and now.may_look:
        return await refuse(request, now, problem, 409, "overtaken")
    if wants_json(request):
        return json({"kind": "overtaken", "problem": problem}, status=409)
    return page(request, "desk/not_yours.html", 409, problem=problem, kept=kept(request))


def kept(request: Request) -> Mapping[str, str]:
    """What was typed, and into which form: the last part of its address."""
    typed = {name: value(request, name) for name in KEPT if value(request, name)}
    return {"form": request.path.rpartition("/")[2], **typed}


def _winner(talk: Talk | None) -> str:
    if talk is None:
        return "This conversation is not there any more."
    return "You have this conversation already." if talk.is_mine else f"{talk.owner_name} has this conversation now."
