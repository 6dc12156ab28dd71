"""What the desk shows and the keeper watches: conversations that wait for staff or are with them, in one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.handover import ASSISTANT, PULLED, STAFF, WRAP_UP, Watched
from bot.store.attention import Attention
from bot.store.engine import Database
from bot.store.messages import RESIDENT, SYSTEM
from bot.store.messages import STAFF as BY_STAFF
from bot.store.ownership import KEEPER
from bot.store.schema import attention, conversation, handover, message, step

# Every second: put into SQL once, and of each table no more than is needed.
_STATE = (
    *(conversation.c.id, conversation.c.channel, conversation.c.language, conversation.c.owner),
    *(conversation.c.owner_since, conversation.c.staff, conversation.c.version, conversation.c.revision),
    conversation.c.last_seq,
)
_ABOUT = (handover.c.reference, handover.c.team, handover.c.priority, handover.c.reason, handover.c.summary)
_MOMENTS = (handover.c.created_at.label("asked_at"), handover.c.queued_at, handover.c.taken_at)
_OPEN = (
    select(*_STATE, *_ABOUT, *_MOMENTS)
    .join(handover, handover.c.reference == conversation.c.handover)
    .where(conversation.c.owner != ASSISTANT)
    .order_by(handover.c.priority, func.coalesce(handover.c.queued_at, handover.c.created_at), conversation.c.id)
)
# Who said what when since a conversation was taken, from the last words of staff on and without the words.
_EARLIER = message.alias()
_SPOKEN = (
    select(func.max(_EARLIER.c.seq))
    .where(_EARLIER.c.conversation_id == conversation.c.id, _EARLIER.c.sender == BY_STAFF)
    .correlate(conversation)
    .scalar_subquery()
)
_TALKS = (
    select(message.c.conversation_id, message.c.sender, message.c.at, message.c.provider_id)
    .join(conversation, conversation.c.id == message.c.conversation_id)
    .where(conversation.c.owner == STAFF, message.c.at >= conversation.c.owner_since)
    .where(message.c.seq >= func.coalesce(_SPOKEN, 0))
    .order_by(message.c.conversation_id, message.c.seq)
)


@dataclass(frozen=True)
class Open:
    """A conversation that the assistant does not own. ``summary`` is the handover's; ``queued_at`` is None for one
    that staff pulled. ``unanswered_since``: the resident waits for words of its owner since then; ``quiet_since``:
    the owner waits for the resident. ``said``: what the keeper has told the resident since the last of these."""

    conversation_id: str
    channel: str
    language: str
    owner: str
    owner_since: datetime
    staff: str | None
    version: int
    revision: int
    last_seq: int
    reference: str
    team: str
    priority: int
    reason: str
    summary: Mapping[str, Any]
    created_at: datetime
    queued_at: datetime | None
    taken_at: datetime | None
    unanswered_since: datetime | None
    quiet_since: datetime | None
    said: frozenset[str]

    def watched(self, staff_seen_at: datetime | None) -> Watched:
        """As bot/handover.py looks at it."""
        return Watched(self.owner, self.owner_since, staff_seen_at, self.unanswered_since, self.quiet_since, self.said)


def open_conversations(db: Database) -> list[Open]:
    """All conversations that wait for staff or are with them, the most urgent and then the longest waiting first."""
    with db.read() as connection:
        rows = connection.execute(_OPEN).all()
        talks: dict[str, list[Any]] = {}
        for said in connection.execute(_TALKS):
            talks.setdefault(said.conversation_id, []).append(said)
    return [_open(row, talks.get(row.id, [])) for row in rows]


def _open(row: Any, talk: list[Any]) -> Open:
    unanswered: datetime | None = row.owner_since
    quiet: datetime | None = None
    said: set[str] = set()
    for each in talk:
        if each.sender == BY_STAFF:
            unanswered, quiet, said = None, each.at, set()
        elif each.sender == RESIDENT:
            unanswered, quiet, said = unanswered or each.at, None, set()
        elif each.sender == SYSTEM and (each.provider_id or "").startswith(f"{KEEPER}-"):
            said.add(str(each.provider_id).split("-")[1])
    return Open(
        row.id,
        row.channel,
        row.language,
        row.owner,
        row.owner_since,
        row.staff,
        row.version,
        row.revision,
        row.last_seq,
        row.reference,
        row.team,
        row.priority,
        row.reason,
        row.summary,
        row.asked_at,
        row.queued_at,
        row.taken_at,
        unanswered if row.owner == STAFF else None,
        quiet,
        frozenset(said),
    )


@dataclass(frozen=True)
class Active:
    """A conversation with the assistant, as those who may listen in find it."""

    conversation_id: str
    channel: str
    language: str
    last_at: datetime
    last_seq: int


def with_assistant(db: Database, since: datetime, limit: int = 100) -> list[Active]:
    """Conversations that the assistant has had words in since a moment, the latest first."""
    query = (
        select(conversation)
        .where(
            conversation.c.owner == ASSISTANT,
            conversation.c.ended_at.is_(None),
            conversation.c.last_at >= since,
            conversation.c.last_seq > 0,
        )
        .order_by(conversation.c.last_at.desc())
        .limit(limit)
    )
    with db.read() as connection:
        return [
            Active(row.id, row.channel, row.language, row.last_at, row.last_seq) for row in connection.execute(query)
        ]


def waits_since(db: Database, since: datetime) -> list[tuple[str, float]]:
    """Of the handovers that were taken since a moment: (team, seconds between asking and being taken)."""
    asked = handover.c.queued_at.is_not(None) & (handover.c.taken_at >= since)
    query = select(handover.c.team, handover.c.created_at, handover.c.taken_at).where(asked)
    with db.read() as connection:
        return [(row.team, (row.taken_at - row.created_at).total_seconds()) for row in connection.execute(query)]


@dataclass(frozen=True)
class Asked:
    """Somebody asked for staff. What has not happened yet is None; ``left_at`` is when the conversation went back."""

    team: str
    asked_at: datetime
    taken_at: datetime | None
    first_reply_at: datetime | None
    left_at: datetime | None


def asked_since(db: Database, since: datetime) -> list[Asked]:
    """Those who have asked for staff since a moment. What staff took over by themselves is not among them."""
    moments = (handover.c.created_at, handover.c.taken_at, handover.c.first_reply_at, handover.c.left_at)
    asked = handover.c.queued_at.is_not(None) & (handover.c.reason != PULLED) & (handover.c.created_at >= since)
    query = select(handover.c.team, *moments).where(asked).order_by(handover.c.created_at)
    with db.read() as connection:
        return [
            Asked(row.team, row.created_at, row.taken_at, row.first_reply_at, row.left_at)
            for row in connection.execute(query)
        ]


def looks(db: Database, ids: Sequence[str], at: datetime) -> Mapping[str, Sequence[Attention]]:
    """Who looks at each of these conversations, and how far they have read."""
    query = (
        select(attention).where(attention.c.conversation_id.in_(ids), attention.c.who != "").order_by(attention.c.who)
    )
    found: dict[str, list[Attention]] = {}
    with db.read() as connection:
        for row in connection.execute(query) if ids else ():
            look = Attention(row.who, row.seen_seq, row.viewing_until > at, row.typing_until > at)
            found.setdefault(row.conversation_id, []).append(look)
    return found


def to_wrap_up(db: Database, username: str) -> list[tuple[str, str, Mapping[str, Any], datetime]]:
    """What somebody has still to wrap up: (reference, conversation, summary, since when), oldest first."""
    query = (
        select(handover).where(handover.c.state == WRAP_UP, handover.c.staff == username).order_by(handover.c.left_at)
    )
    with db.read() as connection:
        return [(row.reference, row.conversation_id, row.summary, row.left_at) for row in connection.execute(query)]


def steps_of(db: Database, conversation_id: str) -> list[Any]:
    """All changes of owner of a conversation, in order: rows of the table ``step``."""
    query = select(step).where(step.c.conversation_id == conversation_id).order_by(step.c.version)
    with db.read() as connection:
        return list(connection.execute(query))
