"""What was said in a conversation and noted about it, for one member of staff: all of it, or what a page lacks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from sanic import Request
from sanic.exceptions import Forbidden, NotFound

from bot.handover import ASSISTANT, QUEUED, STAFF, Times, Watched, is_slow
from bot.staff.desk.access import Access
from bot.staff.desk.show import Line, lines
from bot.staff.state import account_of, state_of
from bot.store import handovers, presence, talks
from bot.store.accounts import Account
from bot.store.engine import Database
from bot.store.handovers import Handover
from bot.store.presence import Present
from bot.store.talks import News, Shown


@dataclass(frozen=True)
class Reading(Access):
    """What ``me`` reads of a conversation as it is now."""

    news: News

    @property
    def lines(self) -> list[Line]:
        return lines(self.news.said, self.news.notes, self.news.names)

    @property
    def owner_name(self) -> str:
        """Who has the conversation, as a sentence begins."""
        if self.standing.owner == STAFF:
            return self.news.names.get(self.standing.staff or "", self.standing.staff or "")
        return {ASSISTANT: "The assistant", QUEUED: "The queue"}[self.standing.owner]

    def waited(self, now: datetime) -> int | None:
        """For how many seconds the resident has waited for words of ``me``; None when they do not."""
        since = self.news.unanswered_since if self.is_mine else None
        return max(0, int((now - since).total_seconds())) if since else None

    def slow_minutes(self, times: Times, now: datetime) -> int:
        """For how many minutes the resident has waited for words of ``me``; 0 while that is not too long."""
        seconds = self.waited(now)
        watched = Watched(self.standing.owner, now, unanswered_since=self.news.unanswered_since)
        return max(1, seconds // 60) if seconds is not None and is_slow(watched, times, now) else 0


@dataclass(frozen=True)
class Talk(Reading):
    """The whole conversation. ``record`` is its talk with staff, or the last one; ``people`` are all the staff."""

    record: Handover | None
    people: tuple[Present, ...]


async def find(request: Request, conversation_id: str) -> Talk:
    """The conversation, for who is signed in. Raises NotFound, or Forbidden for what they may not read."""
    found = await find_any(request, conversation_id)
    if not found.may_look:
        raise Forbidden("somebody else's conversation")
    return found


async def find_any(request: Request, conversation_id: str) -> Talk:
    """As ``find``, for a step that somebody else may have made impossible: who asks is told, and reads nothing."""
    state = state_of(request)
    found = await asyncio.to_thread(read, state.db, conversation_id, account_of(request), state.now())
    if found is None:
        raise NotFound("no such conversation")
    return found


async def find_news(request: Request, conversation_id: str, shown: Shown) -> Reading:
    """What a page does not show yet. Raises as ``find`` does."""
    state, me = state_of(request), account_of(request)
    news = await asyncio.to_thread(talks.news, state.db, conversation_id, me.username, state.now(), shown)
    if news is None:
        raise NotFound("no such conversation")
    found = Reading(me, news.found, news)
    if not found.may_look:
        raise Forbidden("somebody else's conversation")
    return found


def read(db: Database, conversation_id: str, me: Account, now: datetime) -> Talk | None:
    """The conversation as it is now; None when there is none."""
    news = talks.news(db, conversation_id, me.username, now)
    if news is None:
        return None
    record = handovers.of_conversation(db, conversation_id)
    return Talk(me, news.found, news, record, tuple(presence.everybody(db)))
