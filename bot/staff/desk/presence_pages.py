"""Whether somebody takes conversations: what they choose at the desk, and what their desk being open says by itself."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from sanic import Blueprint, HTTPResponse, Request

from bot.council import council
from bot.live.bells import ANY
from bot.profile_desk import Desk
from bot.staff import forms
from bot.staff.desk.moments import clock
from bot.staff.pages import problem, see_other
from bot.staff.state import account_of, state_of
from bot.store import presence
from bot.store.engine import Database
from bot.store.presence import Present

AVAILABLE = "available"


@dataclass(frozen=True)
class Stand:
    """How somebody stands, in words: "You are away: Break", since 10.05am, with 2 of 4 conversations."""

    sentence: str
    is_available: bool
    since: str
    has: int
    capacity: int

    @property
    def is_full(self) -> bool:
        return self.has >= self.capacity


def presence_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("presence")
    blueprint.add_route(_change, "/desk/presence", methods=["POST"], name="change")
    return blueprint


async def _change(request: Request) -> HTTPResponse:
    state, username, wanted = state_of(request), account_of(request).username, forms.value(request, "state")
    if wanted != AVAILABLE and wanted not in {choice.id for choice in council().desk.away}:
        return problem(request, "bad_request", 400)
    is_available = wanted == AVAILABLE
    reason = "" if is_available else wanted
    await asyncio.to_thread(presence.change, state.db, username, is_available, reason, state.now())
    state.bells.wake(ANY)
    return see_other("/desk")


def attend(db: Database, username: str, at: datetime) -> bool:
    """Somebody's desk is open. Whether they are away now because it was closed before: opening it is not enough."""
    me = presence.one(db, username)
    gone = timedelta(seconds=council().desk.times.staff_gone_requeue)
    if me and me.is_available and not me.is_here(at, gone):
        presence.change(db, username, False, "", at)
        return True
    if me and (me.seen_at is None or at - me.seen_at >= presence.EVERY):
        presence.seen(db, username, at)
    return False


def stand(me: Present, desk: Desk) -> Stand:
    """How somebody stands, as they read it themselves."""
    since = clock(me.since) if me.since else ""
    sentence = "You take conversations" if me.is_available else f"You are {away(me, desk)}"
    return Stand(sentence, me.is_available, since, me.has, me.capacity)


def away(each: Present, desk: Desk) -> str:
    """As "away: Break"; nobody has said why where a desk was closed."""
    reason = next((choice.title for choice in desk.away if choice.id == each.reason), each.reason)
    return f"away: {reason}" if reason else "away"
