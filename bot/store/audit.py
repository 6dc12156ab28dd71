"""Who of the staff did what, to whose record, and when.

It stands apart from what it watches, and it only grows: there is no function here that changes or removes a row.
A row holds ids, never what anybody wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from bot.store.engine import Database
from bot.store.schema import audit

SIGNED_IN, SIGN_IN_FAILED, SIGNED_OUT = "sign_in", "sign_in_failed", "sign_out"
PASSWORD_CHANGED = "password_changed"
SWITCHED_ON, SWITCHED_OFF = "switched_on", "switched_off"
MESSAGE_VIEWED, TRANSCRIPT_VIEWED, MESSAGE_CLOSED = "message_viewed", "transcript_viewed", "message_closed"


@dataclass(frozen=True)
class Entry:
    """One thing done. ``subject`` is a reference, a conversation's id or, for signing in, a network."""

    at: datetime
    actor: str
    action: str
    subject: str


def add(db: Database, actor: str, action: str, subject: str, at: datetime) -> None:
    """Write one row."""
    with db.write() as connection:
        note(connection, actor, action, subject, at)


def note(connection: Connection, actor: str, action: str, subject: str, at: datetime) -> None:
    """As ``add``, in the same transaction as what was done."""
    connection.execute(insert(audit).values(at=at, actor=actor, action=action, subject=subject))


def latest(db: Database, limit: int = 200) -> list[Entry]:
    """The newest rows, newest first."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    with db.read() as connection:
        return [Entry(row.at, row.actor, row.action, row.subject) for row in connection.execute(query)]
