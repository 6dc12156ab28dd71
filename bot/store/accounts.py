"""The staff's own accounts, their passwords, and whose session it is.

Passwords are kept as Argon2id hashes, session tokens as hashes too (``staff_sessions.py``): a copy of the database
lets nobody in. What a password must be like is decided by ``bot/staff/accounts``. What administrators do to accounts
is in ``administration.py``, signing in with the council's own accounts in ``provider_accounts.py``.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.store import staff_sessions
from bot.store.conversations import hash_token
from bot.store.engine import Database
from bot.store.schema import staff_account, staff_session
from bot.store.staff_sessions import ABSOLUTE, IDLE, NOWHERE, TOUCH

FIRST_USERNAME = "admin"
ADMINISTRATOR = "administrator"
# Crockford's base 32: no letter that is mistaken for a digit, and 5 bits each.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP_LENGTH = 4, 4  # 16 characters: 80 bits
# What every request asks is put into SQL once: that takes longer than the database then needs for it.
_BY_KEY = (
    select(staff_account, staff_session.c.created_at.label("since"), staff_session.c.expires_at)
    .join(staff_session)
    .where(
        staff_session.c.token_hash == bindparam("key"),
        staff_session.c.expires_at > bindparam("at"),
        staff_account.c.is_active,
    )
)


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in. With ``must_change`` they may do nothing before they have chosen a password.

    ``name`` is what residents see; ``capacity`` how many conversations they hold at once. An account with an
    ``issuer`` belongs to the council's own sign-in: it has no password here, and name and roles come from there.
    """

    username: str
    roles: tuple[str, ...]
    must_change: bool
    name: str
    teams: tuple[str, ...] = ()
    capacity: int = 4
    is_active: bool = True
    issuer: str | None = None


def account_of(row: Any) -> Account:
    """An account from its row."""
    return Account(
        username=row.username,
        roles=tuple(row.roles),
        must_change=row.must_change,
        name=row.name,
        teams=tuple(row.teams),
        capacity=row.capacity,
        is_active=row.is_active,
        issuer=row.issuer,
    )


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


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return _hasher().hash(_plain(password))


def one_time_password() -> str:
    """A password that is shown once and changed at once: easy to read out, hard to guess."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def create_first_administrator(db: Database, now: datetime) -> str | None:
    """Where there is no account yet, add "admin" and return its one-time password; otherwise None."""
    with db.read() as connection:
        if connection.execute(select(func.count()).select_from(staff_account)).scalar():
            return None
    password = one_time_password()
    values = {
        "username": FIRST_USERNAME,
        "password_hash": hash_password(password),
        "roles": [ADMINISTRATOR],
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
    return _matches(_hash_in(row), password) and row is not None


def sign_in(db: Database, username: str, password: str, at: datetime, network: str = NOWHERE) -> str | None:
    """The token of a new session; None when name and password do not go together, or the account is switched off."""
    row = _row(db, username)
    if not _matches(_hash_in(row), password) or row is None:
        return None
    known_as = row.password_hash
    kept_as = known_as
    if _hasher().check_needs_rehash(known_as):
        kept_as = hash_password(password)
    with db.write() as connection:
        # Only while it is still so: password or account may have been changed while this try was being checked.
        is_still = (staff_account.c.password_hash == known_as) & staff_account.c.is_active
        still = connection.execute(
            update(staff_account).where(staff_account.c.username == username, is_still).values(password_hash=kept_as)
        )
        return staff_sessions.begin(connection, username, network, at) if still.rowcount == 1 else None


def change_password(db: Database, username: str, password: str, at: datetime, network: str = NOWHERE) -> str:
    """Give an account a new password and end all its sessions; the token of the new session that replaces them."""
    hashed = hash_password(password)
    with db.write() as connection:
        connection.execute(
            update(staff_account)
            .where(staff_account.c.username == username)
            .values(password_hash=hashed, must_change=False)
        )
        staff_sessions.drop_all(connection, username)
        return staff_sessions.begin(connection, username, network, at)


def by_token(db: Database, token: str, at: datetime) -> Account | None:
    """Whose session this is, which lives on for another half hour; None for an unknown or ended one."""
    key = hash_token(token)
    with db.read() as connection:
        row = connection.execute(_BY_KEY, {"key": key, "at": at}).first()
    if row is None:
        return None
    until = min(at + IDLE, row.since + ABSOLUTE)
    if until - row.expires_at >= TOUCH:
        with db.write() as connection:
            mine = staff_session.c.token_hash == key
            connection.execute(update(staff_session).where(mine).values(expires_at=until))
    return account_of(row)


def _row(db: Database, username: str) -> Any:
    with db.read() as connection:
        return connection.execute(select(staff_account).where(staff_account.c.username == username)).first()


def _hash_in(row: Any) -> str:
    """The hash to hold a password against, be there an account or a password or not."""
    return row.password_hash if row and row.password_hash else _nobodys_hash()


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, _plain(password))
    except (VerificationError, InvalidHashError):
        return False
