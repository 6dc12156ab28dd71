"""Records of what was given to staff: messages that residents left, and what is written down after a talk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.handover import CLOSED, MESSAGE_LEFT, WRAP_UP
from bot.store import notes
from bot.store.conversations import touch
from bot.store.engine import Database
from bot.store.schema import conversation, handover

_IS_NOW = handover.c.reference == conversation.c.handover
_LAST_OF = (
    select(handover)
    .join(conversation, conversation.c.id == handover.c.conversation_id)
    .where(handover.c.conversation_id == bindparam("whose"), _IS_NOW | handover.c.left_at.is_not(None))
    .order_by(_IS_NOW.desc(), handover.c.left_at.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Handover:
    """A message left, or a talk with staff: ``reference`` is what the resident was told of a message; ``summary`` what
    they asked for and gave. ``staff`` is who had the talk last, and ``left_at`` when it was over."""

    reference: str
    conversation_id: str
    state: str
    reason: str
    summary: Mapping[str, Any]
    created_at: datetime
    done_at: datetime | None
    done_by: str | None
    team: str = ""
    staff: str | None = None
    left_at: datetime | None = None
    outcome: str | None = None
    tags: tuple[str, ...] = ()


def listed(db: Database, state: str = MESSAGE_LEFT, limit: int = 200) -> list[Handover]:
    """The messages in one state: those that wait, longest first; those dealt with, latest first."""
    order = handover.c.created_at if state == MESSAGE_LEFT else handover.c.done_at.desc()
    # A talk with staff is closed too in the end, but it was no message.
    query = select(handover).where(handover.c.state == state, handover.c.left_at.is_(None)).order_by(order)
    with db.read() as connection:
        return [_handover(row) for row in connection.execute(query.limit(limit))]


def by_reference(db: Database, reference: str) -> Handover | None:
    with db.read() as connection:
        row = connection.execute(select(handover).where(handover.c.reference == reference)).first()
    return _handover(row) if row else None


def of_conversation(db: Database, conversation_id: str) -> Handover | None:
    """The talk with staff that a conversation is in, else the last one that it was in; None when there was none."""
    with db.read() as connection:
        row = connection.execute(_LAST_OF, {"whose": conversation_id}).first()
    return _handover(row) if row else None


def close(db: Database, reference: str, who: str, at: datetime) -> bool:
    """Mark a message as dealt with; False when somebody was quicker or there is none."""
    with db.write() as connection:
        changed = connection.execute(
            update(handover)
            .where(handover.c.reference == reference, handover.c.state == MESSAGE_LEFT)
            .values(state=CLOSED, done_at=at, done_by=who)
        )
    return changed.rowcount == 1


def wrap_up(db: Database, reference: str, outcome: str, tags: Sequence[str], note: str, who: str, at: datetime) -> bool:
    """Close the record of a talk: how it ended, its tags, and a note for staff. False when it is closed already."""
    mine = handover.c.reference == reference
    closed = {"state": CLOSED, "outcome": outcome, "tags": list(tags), "done_at": at, "done_by": who}
    with db.write() as connection:
        if connection.execute(update(handover).where(mine, handover.c.state == WRAP_UP).values(**closed)).rowcount != 1:
            return False
        if note:
            talk = connection.execute(select(handover.c.conversation_id).where(mine)).scalar()
            notes.write(connection, talk, notes.NOTE, who, note, at)
            touch(connection, talk, at)
    return True


def close_overdue(db: Database, before: datetime, at: datetime) -> int:
    """Close the records that nobody has wrapped up since ``before``, with what is there; how many."""
    late = (handover.c.state == WRAP_UP) & (handover.c.left_at <= before)
    with db.read() as connection:  # every second: so that it hardly ever writes
        if connection.execute(select(handover.c.reference).where(late).limit(1)).first() is None:
            return 0
    with db.write() as connection:
        return int(connection.execute(update(handover).where(late).values(state=CLOSED, done_at=at)).rowcount)


def _handover(row: Any) -> Handover:
    return Handover(
        row.reference,
        row.conversation_id,
        row.state,
        row.reason,
        row.summary,
        row.created_at,
        row.done_at,
        row.done_by,
        row.team,
        row.staff,
        row.left_at,
        row.outcome,
        tuple(row.tags or ()),
    )
