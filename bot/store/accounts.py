"""The staff's own accounts and the sessions they sign in to.

Passwords are kept as Argon2id hashes and session tokens as SHA-256 hashes (a token has 256 random bits, so that a
fast hash is enough): a copy of the database lets nobody in. What a password must be like is decided by
``bot/staff/accounts``.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.store.engine import Database
from bot.store.schema import staff_account, staff_session

FIRST_USERNAME = "admin"
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
TOUCH = timedelta(minutes=1)  # a session is prolonged at most this often, so that reading pages hardly writes
# Crockford's base 32: no letter that is mistaken for a digit, and 5 bits each.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP_LENGTH = 4, 4  # 16 characters: 80 bits


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in. With ``must_change`` they may do nothing before they have chosen a password."""

    username: str
    roles: tuple[str, ...]
    must_change: bool


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """The hash that a try with an unknown name is held against, so that it takes as long as any other."""
    return _hasher().hash(secrets.token_urlsafe(32))


def _plain(password: str) -> str:
    """The same characters, however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password)


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def create_first_administrator(db: Database, now: datetime) -> str | None:
    """Where there is no account yet, add "admin" and return its one-time password; otherwise None."""
    with db.read() as connection:
        if connection.execute(select(func.count()).select_from(staff_account)).scalar():
            return None
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    password = "-".join(groups)
    values = {
        "username": FIRST_USERNAME,
        "password_hash": _hasher().hash(password),
        "roles": ["administrator"],
        "must_change": True,
        "created_at": now,
    }
    try:
        with db.write() as connection:
            connection.execute(insert(staff_account).values(**values))
    except IntegrityError:  # another process started at the same moment, and its password counts
        return None
    return password


def exists(db: Database, username: str) -> bool:
    """Whether there is an account of this name."""
    return _row(db, username) is not None


def is_password(db: Database, username: str, password: str) -> bool:
    """Whether this is the account's password; an unknown name takes as long to refuse as a wrong password."""
    row = _row(db, username)
    return _matches(row.password_hash if row else _nobodys_hash(), password) and row is not None


def sign_in(db: Database, username: str, password: str, at: datetime) -> str | None:
    """The token of a new session; None when name and password do not go together."""
    row = _row(db, username)
    if not _matches(row.password_hash if row else _nobodys_hash(), password) or row is None:
        return None
    known_as = row.password_hash
    kept_as = known_as
    if _hasher().check_needs_rehash(known_as):
        kept_as = _hasher().hash(_plain(password))
    with db.write() as connection:
        # Only while it is still the password: it may have been changed while this try was being checked.
        still = connection.execute(
            update(staff_account)
            .where(staff_account.c.username == username, staff_account.c.password_hash == known_as)
            .values(password_hash=kept_as)
        )
        if still.rowcount != 1:
            return None
        connection.execute(delete(staff_session).where(staff_session.c.expires_at <= at))
        return _open(connection, username, at)


def change_password(db: Database, username: str, password: str, at: datetime) -> str:
    """Give an account a new password and end all its sessions; the token of the new session that replaces them."""
    hashed = _hasher().hash(_plain(password))
    with db.write() as connection:
        connection.execute(
            update(staff_account)
            .where(staff_account.c.username == username)
            .values(password_hash=hashed, must_change=False)
        )
        connection.execute(delete(staff_session).where(staff_session.c.username == username))
        return _open(connection, username, at)


def by_token(db: Database, token: str, at: datetime) -> Account | None:
    """Whose session this is, which lives on for another half hour; None for an unknown or ended one."""
    key = staff_session.c.token_hash == _hash_token(token)
    with db.read() as connection:
        row = connection.execute(
            select(staff_account, staff_session.c.created_at.label("since"), staff_session.c.expires_at)
            .join(staff_session)
            .where(key, staff_session.c.expires_at > at)
        ).first()
    if row is None:
        return None
    until = min(at + IDLE, row.since + ABSOLUTE)
    if until - row.expires_at >= TOUCH:
        with db.write() as connection:
            connection.execute(update(staff_session).where(key).values(expires_at=until))
    return Account(row.username, tuple(row.roles), row.must_change)


def sign_out(db: Database, token: str) -> None:
    """End one session."""
    with db.write() as connection:
        connection.execute(delete(staff_session).where(staff_session.c.token_hash == _hash_token(token)))


def _open(connection: Connection, username: str, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    values = {
        "token_hash": _hash_token(token),
        "username": username,
        "created_at": at,
        "expires_at": at + IDLE,
    }
    connection.execute(insert(staff_session).values(**values))
    return token


def _row(db: Database, username: str) -> Any:
    with db.read() as connection:
        return connection.execute(select(staff_account).where(staff_account.c.username == username)).first()


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, _plain(password))
    except (VerificationError, InvalidHashError):
        return False
