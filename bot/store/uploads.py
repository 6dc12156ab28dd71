"""Photos and documents that people sent: whose they are and what they are. The bytes are files elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
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
        write(connection, sent)


def write(connection: Connection, sent: Upload) -> None:
    """As ``add``, in a transaction of the caller's."""
    connection.execute(insert(upload).values(**vars(sent)))


def by_id(db: Database, upload_id: str) -> Upload | None:
    with db.read() as connection:
        row = connection.execute(select(upload).where(upload.c.id == upload_id)).first()
    return Upload(**row._mapping) if row else None


def has_any(db: Database, conversation_id: str) -> bool:
    """Whether a file was sent in this conversation."""
    query = select(upload.c.id).where(upload.c.conversation_id == conversation_id).limit(1)
    with db.read() as connection:
        return connection.execute(query).first() is not None


def remove(db: Database, upload_id: str) -> None:
    """Forget a file."""
    with db.write() as connection:
        connection.execute(delete(upload).where(upload.c.id == upload_id))


def ids(db: Database) -> frozenset[str]:
    """The ids of all files that are anybody's."""
    with db.read() as connection:
        return frozenset(connection.execute(select(upload.c.id)).scalars())
