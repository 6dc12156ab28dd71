"""Who of the staff did what, to whose record, and when.

It stands apart from what it watches, and it only grows: there is no function here that changes or removes a row, and
the database refuses both (migration 0003). A row holds ids, never what anybody wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from bot.store.engine import Database
from bot.store.schema import audit

SIGNED_IN, SIGN_IN_FAILED, SIGNED_OUT = "sign_in", "sign_in_failed", "sign_out"
SIGN_IN_REFUSED = "sign_in_refused"  # known to the council's own sign-in, and not let in here
PASSWORD_CHANGED, PASSWORD_RESET = "password_changed", "password_reset"
ACCOUNT_CREATED, ACCOUNT_CHANGED, ROLES_CHANGED = "account_created", "account_changed", "roles_changed"
ACCOUNT_ACTIVATED, ACCOUNT_DEACTIVATED = "account_activated", "account_deactivated"
SESSION_ENDED, SESSIONS_ENDED = "session_ended", "sessions_ended"
SWITCHED_ON, SWITCHED_OFF = "switched_on", "switched_off"
MESSAGE_VIEWED, TRANSCRIPT_VIEWED, MESSAGE_CLOSED = "message_viewed", "transcript_viewed", "message_closed"
AUDIT_VIEWED = "audit_viewed"
REDACTED, LISTENED, REPORT_VIEWED = "redacted", "listened", "report_viewed"
_LONGEST_SUBJECT = 128


@dataclass(frozen=True)
class Entry:
    """One thing done. ``subject`` is a reference, an id, an account or, for signing in, a network."""

    id: int
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
    values = {"at": at, "actor": actor, "action": action, "subject": subject[:_LONGEST_SUBJECT]}
    connection.execute(insert(audit).values(**values))


def latest(db: Database, limit: int = 200, actor: str = "", action: str = "", before: int | None = None) -> list[Entry]:
    """The newest rows, newest first: of one actor, of one kind, older than the row ``before``, if given."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if actor:
        query = query.where(audit.c.actor == actor)
    if action:
        query = query.where(audit.c.action == action)
    if before is not None:
        query = query.where(audit.c.id < before)
    with db.read() as connection:
        return [Entry(row.id, row.at, row.actor, row.action, row.subject) for row in connection.execute(query)]


def actions(db: Database) -> list[str]:
    """The kinds of what was done until now, by name."""
    with db.read() as connection:
        return list(connection.execute(select(audit.c.action).distinct().order_by(audit.c.action)).scalars())
