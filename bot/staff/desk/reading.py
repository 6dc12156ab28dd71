"""Everything about one conversation that its page and its steps need, read at one time; and who may do what."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sanic import Request
from sanic.exceptions import Forbidden, NotFound

from bot.handover import ASSISTANT, QUEUED, STAFF, Times, Watched, is_slow
from bot.staff.desk.show import Line, lines
from bot.staff.permissions import ADMINISTRATOR, SENIOR
from bot.staff.state import account_of, state_of
from bot.store import attention, conversations, desk, handovers, messages, notes, ownership, presence, turns
from bot.store.accounts import Account
from bot.store.attention import Attention
from bot.store.conversations import Conversation
from bot.store.engine import Database
from bot.store.handovers import Handover
from bot.store.messages import Message
from bot.store.notes import Note
from bot.store.ownership import Standing
from bot.store.presence import Present

SENIORS = frozenset({SENIOR, ADMINISTRATOR})
LONGEST_ID = 64


@dataclass(frozen=True)
class Talk:
    """One conversation as it is now, for one member of staff. ``record`` is its talk with staff, or the last one;
    ``to_wrap_up`` the reference of the record that ``me`` has still to close. ``watched`` is how long who
    has waited for whom, for one that the assistant does not own. ``edition`` changes when something that was shown is
    gone."""

    me: Account
    known: Conversation
    standing: Standing
    record: Handover | None
    said: tuple[Message, ...]
    notes: tuple[Note, ...]
    readers: tuple[Attention, ...]
    people: tuple[Present, ...]
    to_wrap_up: str
    watched: Watched | None
    edition: str

    @property
    def names(self) -> Mapping[str, str]:
        """What the staff are called, by username."""
        return {each.username: each.name for each in self.people}

    @property
    def lines(self) -> list[Line]:
        return lines(self.said, self.notes, self.names)

    @property
    def owner_name(self) -> str:
        """Who has the conversation, as a sentence begins."""
        if self.standing.owner == STAFF:
            return self.names.get(self.standing.staff or "", self.standing.staff or "")
        return {ASSISTANT: "The assistant", QUEUED: "The queue"}[self.standing.owner]

    @property
    def is_mine(self) -> bool:
        return self.standing.staff == self.me.username

    @property
    def is_senior(self) -> bool:
        return bool(SENIORS & set(self.me.roles))

    @property
    def may_look(self) -> bool:
        """Whether ``me`` may read it. What a colleague or the assistant has is for seniors; what one had until now
        stays open until it is wrapped up."""
        return self.is_mine or self.is_senior or self.standing.owner == QUEUED or bool(self.to_wrap_up)

    @property
    def may_pull(self) -> bool:
        return self.standing.owner == ASSISTANT and not self.known.ended and self.may_look

    @property
    def may_move(self) -> bool:
        """Whether ``me`` may give it to somebody else."""
        return self.is_mine or self.standing.owner == QUEUED or (self.standing.owner == STAFF and self.is_senior)

    @property
    def may_assign(self) -> bool:
        """Whether ``me`` may give it to a colleague."""
        return self.is_mine or (self.is_senior and self.standing.owner != ASSISTANT)

    @property
    def may_whisper(self) -> bool:
        return self.is_senior and self.standing.owner == STAFF and not self.is_mine

    @property
    def may_remove(self) -> bool:
        return self.is_mine or self.is_senior


async def find(request: Request, conversation_id: str) -> Talk:
    """The conversation, for who is signed in. Raises NotFound, or Forbidden for what they may not read."""
    found = await find_any(request, conversation_id)
    if not found.may_look:
        raise Forbidden("somebody else's conversation")
    return found


async def find_any(request: Request, conversation_id: str) -> Talk:
    """As ``find``, for a step that somebody else may have made impossible: who asks is told, and reads nothing."""
    state = state_of(request)
    found = None
    if len(conversation_id) <= LONGEST_ID:
        found = await asyncio.to_thread(read, state.db, conversation_id, account_of(request), state.now())
    if found is None:
        raise NotFound("no such conversation")
    return found


def read(db: Database, conversation_id: str, me: Account, now: datetime) -> Talk | None:
    """The conversation as it is now; None when there is none."""
    known = conversations.by_id(db, conversation_id)
    standing = ownership.standing(db, conversation_id)
    if known is None or standing is None:
        return None
    said = messages.after(db, conversation_id, 0)
    with db.read() as connection:
        readers = attention.of(connection, conversation_id, now)
    watched = (each.watched(None) for each in desk.open_conversations(db, conversation_id))
    unwrapped = (reference for reference, talk, *_ in desk.to_wrap_up(db, me.username) if talk == conversation_id)
    redactions = turns.memory(db, conversation_id).redactions
    return Talk(
        me=me,
        known=known,
        standing=standing,
        record=handovers.of_conversation(db, conversation_id),
        said=tuple(said),
        notes=tuple(notes.of(db, conversation_id)),
        readers=tuple(readers),
        people=tuple(presence.everybody(db)),
        to_wrap_up=next(unwrapped, ""),
        watched=next(watched, None),
        edition=f"{redactions}-{said[0].seq if said else 0}",
    )


def slow_minutes(talk: Talk, times: Times, now: datetime) -> int:
    """For how many minutes the resident has waited for words of ``me``; 0 while that is not too long."""
    seconds = waited(talk, now)
    if talk.watched is None or seconds is None or not is_slow(talk.watched, times, now):
        return 0
    return max(1, seconds // 60)


def waited(talk: Talk, now: datetime) -> int | None:
    """For how many seconds the resident has waited for words of ``me``; None when they do not."""
    since = talk.watched.unanswered_since if talk.watched and talk.is_mine else None
    return max(0, int((now - since).total_seconds())) if since else None
