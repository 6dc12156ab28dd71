"""The sessions that staff are signed in with: opened, seen by administrators, ended.

Tokens are kept as SHA-256 hashes (a token has 256 random bits, so that a fast hash is enough). A session's ``id`` is
how pages speak of it, and opens nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from bot.store import audit
from bot.store.conversations import hash_token
from bot.store.engine import Database
from bot.store.schema import staff_session

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
TOUCH = timedelta(minutes=1)  # a session is prolonged at most this often, so that reading pages hardly writes
NOWHERE = "unknown"  # the network of a session that was opened before networks were kept


@dataclass(frozen=True)
class Session:
    """One browser that an account is signed in with. It ends at ``expires_at`` unless it is used before."""

    id: str
    network: str
    since: datetime
    expires_at: datetime


def begin(connection: Connection, username: str, network: str, at: datetime) -> str:
    """Open a session in the caller's transaction; its token. Sessions that have ended are cleared away."""
    connection.execute(delete(staff_session).where(staff_session.c.expires_at <= at))
    token = secrets.token_urlsafe(32)
    values = {
        "token_hash": hash_token(token),
        "id": secrets.token_hex(8),
        "username": username,
        "network": network,
        "created_at": at,
        "expires_at": at + IDLE,
    }
    connection.execute(insert(staff_session).values(**values))
    return token


def replace_all(db: Database, username: str, network: str, at: datetime) -> str:
    """End all sessions of an account but for a new one, whose token is returned."""
    with db.write() as connection:
        drop_all(connection, username)
        return begin(connection, username, network, at)


def drop_all(connection: Connection, username: str) -> int:
    """End all sessions of an account in the caller's transaction; how many there were."""
    return int(connection.execute(delete(staff_session).where(staff_session.c.username == username)).rowcount)


def sign_out(db: Database, token: str) -> None:
    """End the session of this token."""
    with db.write() as connection:
        connection.execute(delete(staff_session).where(staff_session.c.token_hash == hash_token(token)))


def listed(db: Database, username: str, at: datetime) -> list[Session]:
    """The sessions of an account that have not ended, the newest first."""
    query = (
        select(staff_session)
        .where(staff_session.c.username == username, staff_session.c.expires_at > at)
        .order_by(staff_session.c.created_at.desc(), staff_session.c.id)
    )
    with db.read() as connection:
        rows = connection.execute(query).all()
    return [Session(row.id, row.network, row.created_at, row.expires_at) for row in rows]


def end(db: Database, who: str, username: str, session_id: str, at: datetime) -> bool:
    """End one session of an account; False when it had ended already."""
    is_it = (staff_session.c.username == username) & (staff_session.c.id == session_id)
    with db.write() as connection:
        if not connection.execute(delete(staff_session).where(is_it)).rowcount:
            return False
        audit.note(connection, who, audit.SESSION_ENDED, username, at)
        return True


def end_all(db: Database, who: str, username: str, at: datetime) -> None:
    """End all sessions of an account."""
    with db.write() as connection:
        drop_all(connection, username)
        audit.note(connection, who, audit.SESSIONS_ENDED, username, at)
