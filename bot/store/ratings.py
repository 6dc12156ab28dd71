"""What residents thought of their conversations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from bot.store.engine import Database
from bot.store.schema import conversation, rating

WORST, BEST = 1, 5


@dataclass(frozen=True)
class Rating:
    """``score`` goes from WORST to BEST; ``comment`` may be empty."""

    score: int
    comment: str


def give(db: Database, conversation_id: str, given: Rating, at: datetime) -> None:
    """Keep a rating; a later one of the same conversation takes its place."""
    with db.write() as connection:
        # Two at once queue here, so that the second replaces the first.
        connection.execute(select(conversation.c.id).where(conversation.c.id == conversation_id).with_for_update())
        connection.execute(delete(rating).where(rating.c.conversation_id == conversation_id))
        values = {"conversation_id": conversation_id, "score": given.score, "comment": given.comment, "at": at}
        connection.execute(insert(rating).values(**values))


def of(db: Database, conversation_id: str) -> Rating | None:
    """The rating of a conversation, if its resident gave one."""
    with db.read() as connection:
        row = connection.execute(select(rating).where(rating.c.conversation_id == conversation_id)).first()
    return Rating(row.score, row.comment) if row else None
