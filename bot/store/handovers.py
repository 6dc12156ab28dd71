"""Messages that residents left for staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bot.store.engine import Database
from bot.store.schema import handover

MESSAGE_LEFT, CLOSED = "message_left", "closed"


@dataclass(frozen=True)
class Handover:
    """A message left: ``reference`` is what the resident was told; ``summary`` what they asked for and gave."""

    reference: str
    conversation_id: str
    state: str
    reason: str
    summary: Mapping[str, Any]
    created_at: datetime
    done_at: datetime | None
    done_by: str | None


def listed(db: Database, state: str = MESSAGE_LEFT, limit: int = 200) -> list[Handover]:
    """The messages in one state: those that wait, longest first; those dealt with, latest first."""
    order = handover.c.created_at if state == MESSAGE_LEFT else handover.c.done_at.desc()
    query = select(handover).where(handover.c.state == state).order_by(order).limit(limit)
    with db.read() as connection:
        return [_handover(row) for row in connection.execute(query)]


def by_reference(db: Database, reference: str) -> Handover | None:
    with db.read() as connection:
        row = connection.execute(select(handover).where(handover.c.reference == reference)).first()
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
    )
