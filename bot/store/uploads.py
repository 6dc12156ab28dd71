"""Photos and documents that residents sent: whose they are and what they are. The bytes are files elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from bot.store.engine import Database
from bot.store.schema import upload


@dataclass(frozen=True)
class Upload:
    """One file. ``size`` is in bytes."""

    id: str
    conversation_id: str
    media_type: str
    size: int
    at: datetime


def add(db: Database, sent: Upload) -> None:
    """Note a file that has been kept."""
    with db.write() as connection:
        connection.execute(insert(upload).values(**vars(sent)))


def by_id(db: Database, upload_id: str) -> Upload | None:
    with db.read() as connection:
        row = connection.execute(select(upload).where(upload.c.id == upload_id)).first()
    return Upload(**row._mapping) if row else None


def count(db: Database, conversation_id: str) -> int:
    """How many files a conversation holds."""
    with db.read() as connection:
        query = select(func.count()).where(upload.c.conversation_id == conversation_id)
        return int(connection.execute(query).scalar() or 0)


def ids_of(connection: Connection, conversation_id: str) -> list[str]:
    """The ids of a conversation's files."""
    return list(
        connection.execute(select(upload.c.id).where(upload.c.conversation_id == conversation_id)).scalars()
    )
