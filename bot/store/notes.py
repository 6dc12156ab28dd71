"""What staff write about a conversation among themselves, and what was nearly said. Residents' code never reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.engine import Connection

from bot.store.conversations import touch
from bot.store.engine import Database
from bot.store.schema import note

# A colleague's note; a senior's word to the owner; why a step was made; an answer that a take-over cut off.
NOTE, WHISPER, STEP, UNSAID = "note", "whisper", "step", "unsaid"
_AFTER = (
    select(note).where(note.c.conversation_id == bindparam("whose"), note.c.id > bindparam("known")).order_by(note.c.id)
)


@dataclass(frozen=True)
class Note:
    """One note. ``kind`` is NOTE, WHISPER, STEP or UNSAID; ``author`` a username, or who caused a step."""

    id: int
    conversation_id: str
    kind: str
    author: str
    text: str
    at: datetime


def add(db: Database, conversation_id: str, kind: str, author: str, text: str, at: datetime) -> None:
    """Add a note, and tell those who read along."""
    with db.write() as connection:
        write(connection, conversation_id, kind, author, text, at)
        touch(connection, conversation_id, at)


def write(connection: Connection, conversation_id: str, kind: str, author: str, text: str, at: datetime) -> None:
    """As ``add``, in a transaction that tells the readers itself."""
    values = {"conversation_id": conversation_id, "kind": kind, "author": author, "text": text, "at": at}
    connection.execute(insert(note).values(**values))


def of(db: Database, conversation_id: str) -> list[Note]:
    """All notes about a conversation, oldest first."""
    with db.read() as connection:
        return after(connection, conversation_id, 0)


def after(connection: Connection, conversation_id: str, note_id: int) -> list[Note]:
    """The notes about a conversation that were written after the one of this id."""
    return [
        Note(row.id, row.conversation_id, row.kind, row.author, row.text, row.at)
        for row in connection.execute(_AFTER, {"whose": conversation_id, "known": note_id})
    ]
