"""Accounts for tests of the store."""

from __future__ import annotations

from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import insert

from bot.clock import LONDON
from bot.store.engine import Database
from bot.store.schema import staff_account

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
PASSWORD = "correct horse battery"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def add(db: Database, username: str, *roles: str, **more: object) -> None:
    """An account with PASSWORD, whose hash is made cheaply."""
    values = {"username": username, "password_hash": HASH, "roles": list(roles), "must_change": False, "created_at": AT}
    with db.write() as connection:
        connection.execute(insert(staff_account).values(**values, **more))
