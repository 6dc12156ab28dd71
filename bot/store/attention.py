"""Who looks at a conversation, how far they have read, and who is typing: residents and staff see it of each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.store.conversations import touch
from bot.store.engine import Database
from bot.store.schema import attention

RESIDENT = ""  # whose attention it is, where it is not a member of staff's
VIEWING = timedelta(seconds=45)  # a page says again that it is open well before
TYPING = timedelta(seconds=6)
_OF = select(attention).where(attention.c.conversation_id == bindparam("whose")).order_by(attention.c.who)


@dataclass(frozen=True)
class Attention:
    """One reader. ``who`` is a username, or RESIDENT; ``seen_seq`` the last message that they have seen."""

    who: str
    seen_seq: int
    is_viewing: bool
    is_typing: bool


def look(
    db: Database, conversation_id: str, who: str, seen_seq: int, is_typing: bool, at: datetime, leaves: bool = False
) -> bool:
    """Somebody has a conversation open and has read so far. Whoever reads along is told when that is news; whether it
    is."""
    until = at if leaves else at + VIEWING
    typing_until = at + TYPING if is_typing else at
    key = (attention.c.conversation_id == conversation_id) & (attention.c.who == who)
    with db.write() as connection:
        before = connection.execute(select(attention).where(key)).first()
        values: dict[str, Any] = {"viewing_until": until, "typing_until": typing_until}
        values["seen_seq"] = max(seen_seq, before.seen_seq if before else 0)
        if before is None:
            try:
                with connection.begin_nested():
                    connection.execute(insert(attention).values(conversation_id=conversation_id, who=who, **values))
            except IntegrityError:  # another window was quicker, or the conversation is gone: it says so again soon
                return False
        else:
            connection.execute(update(attention).where(key).values(**values))
        was = (before.seen_seq, before.viewing_until > at, before.typing_until > at) if before else (0, False, False)
        is_news = was != (values["seen_seq"], not leaves, is_typing)
        if is_news:
            touch(connection, conversation_id, at)
        return is_news


def of(connection: Connection, conversation_id: str, at: datetime) -> list[Attention]:
    """Everybody who has looked at a conversation."""
    return [
        Attention(row.who, row.seen_seq, row.viewing_until > at, row.typing_until > at)
        for row in connection.execute(_OF, {"whose": conversation_id})
    ]
