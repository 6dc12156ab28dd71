"""What administrators do to accounts, each with its row of the audit trail in the same transaction.

Nobody locks themselves out, and one active administrator with a password of their own always stays: the way in must
not hang on the council's own sign-in. What would break that raises ``Refused`` and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.store import audit, staff_sessions
from bot.store.accounts import ADMINISTRATOR, Account, account_of, hash_password, one_time_password
from bot.store.engine import Database
from bot.store.schema import staff_account

TAKEN, GONE, OWN_ROLE, OWN_ACCOUNT, LAST, NOT_OURS = "taken", "gone", "own_role", "own_account", "last", "not_ours"


class Refused(Exception):
    """It cannot be done; ``why`` is one of the words above."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Details:
    """What an administrator may say about an account."""

    name: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    capacity: int


def listed(db: Database) -> list[Account]:
    """All accounts by username, those that are switched off last."""
    query = select(staff_account).order_by(staff_account.c.is_active.desc(), staff_account.c.username)
    with db.read() as connection:
        return [account_of(row) for row in connection.execute(query)]


def by_username(db: Database, username: str) -> Account | None:
    """One account; None when nobody has this name."""
    with db.read() as connection:
        row = connection.execute(select(staff_account).where(staff_account.c.username == username)).first()
    return account_of(row) if row else None


def create(db: Database, who: str, username: str, details: Details, at: datetime) -> str:
    """Add an account; its one-time password. Refused (TAKEN) when the name has one already."""
    password = one_time_password()
    values = {
        "username": username,
        "password_hash": hash_password(password),
        "must_change": True,
        "created_at": at,
        **_values(details),
    }
    try:
        with db.write() as connection:
            connection.execute(insert(staff_account).values(**values))
            audit.note(connection, who, audit.ACCOUNT_CREATED, username, at)
            _note_roles(connection, who, username, details.roles, at)
    except IntegrityError:
        raise Refused(TAKEN) from None
    return password


def change(db: Database, who: str, username: str, details: Details, at: datetime) -> bool:
    """Change an account; whether its roles are others now, which ends its sessions.

    Name and roles of an account of the council's own sign-in come from there and stay as they are.
    """
    with db.write() as connection:
        row, others = _locked(connection, username)
        values = _values(details)
        if row.issuer is not None:
            values.update(name=row.name, roles=row.roles)
        has_new_roles = set(values["roles"]) != set(row.roles)
        if ADMINISTRATOR in row.roles and ADMINISTRATOR not in values["roles"]:
            _check_stays(who, row, others, OWN_ROLE)
        connection.execute(update(staff_account).where(_is(username)).values(**values))
        audit.note(connection, who, audit.ACCOUNT_CHANGED, username, at)
        if has_new_roles:
            _note_roles(connection, who, username, values["roles"], at)
            staff_sessions.drop_all(connection, username)
        return has_new_roles


def reset_password(db: Database, who: str, username: str, at: datetime) -> str:
    """End an account's password and sessions; the one-time password that replaces it."""
    password = one_time_password()
    hashed = hash_password(password)
    with db.write() as connection:
        row, _ = _locked(connection, username)
        if row.issuer is not None:
            raise Refused(NOT_OURS)
        if who == username:
            raise Refused(OWN_ACCOUNT)
        connection.execute(update(staff_account).where(_is(username)).values(password_hash=hashed, must_change=True))
        staff_sessions.drop_all(connection, username)
        audit.note(connection, who, audit.PASSWORD_RESET, username, at)
    return password


def deactivate(db: Database, who: str, username: str, at: datetime) -> None:
    """Switch an account off: its sessions end at once and it opens no other."""
    with db.write() as connection:
        row, others = _locked(connection, username)
        _check_stays(who, row, others, OWN_ACCOUNT)
        connection.execute(update(staff_account).where(_is(username)).values(is_active=False))
        staff_sessions.drop_all(connection, username)
        audit.note(connection, who, audit.ACCOUNT_DEACTIVATED, username, at)


def activate(db: Database, who: str, username: str, at: datetime) -> None:
    """Switch an account on again."""
    with db.write() as connection:
        _locked(connection, username)
        connection.execute(update(staff_account).where(_is(username)).values(is_active=True))
        audit.note(connection, who, audit.ACCOUNT_ACTIVATED, username, at)


def _locked(connection: Connection, username: str) -> tuple[Any, list[Any]]:
    """An account and all others, which nobody else can change before this transaction ends."""
    rows = connection.execute(select(staff_account).order_by(staff_account.c.username).with_for_update()).all()
    row = next((row for row in rows if row.username == username), None)
    if row is None:
        raise Refused(GONE)
    return row, [other for other in rows if other.username != username]


def _check_stays(who: str, row: Any, others: list[Any], own: str) -> None:
    """Refuse to take away somebody's own rights, or the last administrator who can sign in with a password."""
    if who == row.username:
        raise Refused(own)
    if _keeps_the_way_in(row) and not any(map(_keeps_the_way_in, others)):
        raise Refused(LAST)


def _keeps_the_way_in(row: Any) -> bool:
    return ADMINISTRATOR in row.roles and row.is_active and row.issuer is None


def _values(details: Details) -> dict[str, Any]:
    return {
        "name": details.name,
        "roles": list(details.roles),
        "teams": list(details.teams),
        "capacity": details.capacity,
    }


def _note_roles(connection: Connection, who: str, username: str, roles: Any, at: datetime) -> None:
    audit.note(connection, who, audit.ROLES_CHANGED, f"{username}: {' '.join(roles)}", at)


def _is(username: str) -> Any:
    return staff_account.c.username == username
