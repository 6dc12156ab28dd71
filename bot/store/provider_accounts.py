"""Accounts of the council's own sign-in (OpenID Connect), made and kept up to date whenever somebody signs in.

An account belongs to whoever the issuer calls by its subject, and to nobody else: a local account of the same name,
or another issuer's, is never taken over. The newcomer then gets a number behind the name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.store import audit, staff_sessions
from bot.store.engine import Database
from bot.store.schema import staff_account


@dataclass(frozen=True)
class Person:
    """Who somebody is, by the word of the issuer. ``username`` is what they would like to be called here."""

    issuer: str
    subject: str
    username: str
    name: str
    roles: tuple[str, ...]


def sign_in(db: Database, person: Person, network: str, at: datetime) -> str | None:
    """The token of a new session; None when the account is switched off."""
    try:
        return _sign_in(db, person, network, at)
    except IntegrityError:  # two browsers signed in for the first time at once: now the account is there
        return _sign_in(db, person, network, at)


def _sign_in(db: Database, person: Person, network: str, at: datetime) -> str | None:
    is_theirs = (staff_account.c.issuer == person.issuer) & (staff_account.c.subject == person.subject)
    with db.write() as connection:
        row = connection.execute(select(staff_account).where(is_theirs).with_for_update()).first()
        if row is not None and not row.is_active:
            audit.note(connection, row.username, audit.SIGN_IN_REFUSED, network, at)
            return None
        username = row.username if row else _create(connection, person, at)
        if row is not None:
            _update(connection, row, person, at)
        audit.note(connection, username, audit.SIGNED_IN, network, at)
        return staff_sessions.begin(connection, username, network, at)


def _create(connection: Connection, person: Person, at: datetime) -> str:
    username = _free_name(connection, person.username)
    values = {
        "username": username,
        "password_hash": "",
        "roles": list(person.roles),
        "must_change": False,
        "created_at": at,
        "name": person.name,
        "issuer": person.issuer,
        "subject": person.subject,
    }
    connection.execute(insert(staff_account).values(**values))
    audit.note(connection, username, audit.ACCOUNT_CREATED, username, at)
    audit.note(connection, username, audit.ROLES_CHANGED, f"{username}: {' '.join(person.roles)}", at)
    return username


def _update(connection: Connection, row: Any, person: Person, at: datetime) -> None:
    """Take over name and roles as they are now. Sessions with other roles end."""
    if set(row.roles) != set(person.roles):
        staff_sessions.drop_all(connection, row.username)
        subject = f"{row.username}: {' '.join(person.roles)}"
        audit.note(connection, row.username, audit.ROLES_CHANGED, subject, at)
    elif row.name == person.name:
        return
    connection.execute(
        update(staff_account)
        .where(staff_account.c.username == row.username)
        .values(name=person.name, roles=list(person.roles))
    )


def _free_name(connection: Connection, wanted: str) -> str:
    """The name, or the name with the first number that nobody has."""
    taken = set(connection.execute(select(staff_account.c.username)).scalars())
    candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(name for name in candidates if name not in taken)
