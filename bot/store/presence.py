"""Who of the staff is at their desk and takes conversations, and how many each of them has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.handover import STAFF
from bot.store.engine import Database
from bot.store.schema import conversation, presence, staff_account

EVERY = timedelta(seconds=10)  # a desk that is open is written down at most this often
# What every window asks is put into SQL once: that takes longer than the database then needs for it.
_LOAD = (
    select(conversation.c.staff, func.count().label("has"))
    .where(conversation.c.owner == STAFF)
    .group_by(conversation.c.staff)
    .subquery()
)
_ACCOUNT = staff_account.c
_EVERYBODY = (
    select(
        *(_ACCOUNT.username, _ACCOUNT.name, _ACCOUNT.roles, _ACCOUNT.teams, _ACCOUNT.capacity),
        *(presence.c.is_available, presence.c.reason, presence.c.since, presence.c.seen_at),
        _LOAD.c.has,
    )
    .select_from(
        staff_account.outerjoin(presence, presence.c.username == _ACCOUNT.username).outerjoin(
            _LOAD, _LOAD.c.staff == _ACCOUNT.username
        )
    )
    .where(_ACCOUNT.is_active)
    .order_by(_ACCOUNT.username)
)
_ONE = _EVERYBODY.where(_ACCOUNT.username == bindparam("who"))


@dataclass(frozen=True)
class Present:
    """One member of staff. ``name`` is what residents read; ``has`` of ``capacity`` conversations are theirs.

    ``seen_at`` is when their desk was last heard of, None for never; ``reason`` why they take no conversations.
    """

    username: str
    name: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    capacity: int
    has: int
    is_available: bool
    reason: str
    since: datetime | None
    seen_at: datetime | None

    def is_here(self, now: datetime, gone: timedelta) -> bool:
        """Whether their desk is open: it was heard of within ``gone``."""
        return self.seen_at is not None and now - self.seen_at < gone

    def takes(self, now: datetime, gone: timedelta) -> bool:
        """Whether they may be given a conversation, if they have room for it."""
        return self.is_available and self.is_here(now, gone)


def everybody(db: Database) -> list[Present]:
    """All active accounts, by username."""
    with db.read() as connection:
        return [_present(row) for row in connection.execute(_EVERYBODY)]


def _present(row: Any) -> Present:
    return Present(
        row.username,
        row.name,
        tuple(row.roles),
        tuple(row.teams),
        row.capacity,
        row.has or 0,
        bool(row.is_available),
        row.reason or "",
        row.since,
        row.seen_at,
    )


def one(db: Database, username: str) -> Present | None:
    """How one member of staff stands."""
    with db.read() as connection:
        row = connection.execute(_ONE, {"who": username}).first()
    return _present(row) if row else None


def change(db: Database, username: str, is_available: bool, reason: str, at: datetime) -> None:
    """Somebody takes conversations from now on, or takes none for a reason."""
    _write(db, username, at, is_available=is_available, reason=reason, since=at)


def withdraw(db: Database, username: str, at: datetime) -> None:
    """Somebody did not answer: they take no more conversations until they say so again."""
    changes = {"is_available": False, "reason": "", "since": at}
    with db.write() as connection:
        connection.execute(update(presence).where(presence.c.username == username).values(**changes))


def seen(db: Database, username: str, at: datetime) -> None:
    """Somebody's desk is open. One that was never heard of takes no conversations yet."""
    _write(db, username, at)


def gone(db: Database, username: str, at: datetime) -> None:
    """Somebody has signed out: they take no conversations, and their desk is not there any more."""
    long_ago = at - timedelta(days=1)
    _write(db, username, long_ago, is_available=False, reason="", since=at)


def _write(db: Database, username: str, seen_at: datetime, **changes: object) -> None:
    values = {"seen_at": seen_at, **changes}
    with db.write() as connection:
        mine = update(presence).where(presence.c.username == username)
        if connection.execute(mine.values(**values)).rowcount:
            return
    first = {"username": username, "is_available": False, "reason": "", "since": seen_at, **values}
    try:
        with db.write() as connection:
            connection.execute(insert(presence).values(**first))
    except IntegrityError:  # another window was quicker, or the account is gone
        with db.write() as connection:
            connection.execute(mine.values(**values))
