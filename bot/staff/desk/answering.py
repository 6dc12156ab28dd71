"""How what was sent from a conversation's page is answered: a page for a form, JSON for a script."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.live.bells import ANY
from bot.staff.desk.access import Access
from bot.staff.desk.conversation import show_talk
from bot.staff.desk.reading import Talk, find_any, read
from bot.staff.forms import file, value
from bot.staff.pages import page, see_other, wants_json
from bot.staff.state import account_of, state_of

KEPT = ("text", "description", "note", "words", "to", "team", "query")  # nothing typed in these may be lost


def done(request: Request, talk: Access, path: str, **about: object) -> HTTPResponse:
    """It was done, which this process's other windows need not find out; a form goes on to ``path``."""
    bells = state_of(request).bells
    bells.wake(talk.known.id)
    bells.wake(ANY)
    return json({"path": path, **about}) if wants_json(request) else see_other(path)


async def refuse(
    request: Request, talk: Access, problem: str, status: int = 422, kind: str = "refused", **also: str
) -> HTTPResponse:
    """It was not done, for a reason in words; a form gets its page again, with what was typed."""
    if wants_json(request):
        return json({"kind": kind, "problem": problem}, status=status)
    shown = await find_any(request, talk.known.id)
    if not shown.may_look:
        return await overtaken(request, talk.known.id)
    return await show_talk(request, shown, status, problem, {**kept(request), **also})


async def refuse_file(request: Request, talk: Access, problem: str) -> HTTPResponse:
    """It was not sent, for its file or for what was said of that."""
    return await refuse(request, talk, problem, kind="file", wrong="file")


async def overtaken(request: Request, conversation_id: str, why: str = "") -> HTTPResponse:
    """Somebody was quicker, or the conversation is not theirs: who has it now, and nothing was changed."""
    state, me = state_of(request), account_of(request)
    now = await asyncio.to_thread(read, state.db, conversation_id, me, state.now())
    problem = f"{why or _winner(now)} Nothing was changed, and nothing was sent."
    if wants_json(request):
        return json({"kind": "overtaken", "problem": problem}, status=409)
    if now is not None and now.may_look:
        return await show_talk(request, now, 409, problem, kept(request))
    return page(request, "desk/not_yours.html", 409, problem=problem, kept=kept(request))


def kept(request: Request) -> Mapping[str, str]:
    """What was typed, and into which form: the last part of its address; of a file its name, which is all that a page
    can be given back."""
    typed = {name: value(request, name) for name in KEPT if value(request, name)}
    sent = file(request)
    return {"form": request.path.rpartition("/")[2], **typed, **({"file": sent.name} if sent else {})}


def _winner(talk: Talk | None) -> str:
    if talk is None:
        return "This conversation is not there any more."
    return "You have this conversation already." if talk.is_mine else f"{talk.owner_name} has this conversation now."
