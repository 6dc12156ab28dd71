"""What migrations do to the rows of a database that is in use."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from bot.store import accounts, administration, engine
from bot.store.conversations import hash_token
from bot.store.engine import Database, migrate
from tests.bot.store.people import AT, HASH, PASSWORD

SOON = "2025-03-03 10:20:00"


def _migrate_to(revision: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = command.upgrade
    with monkeypatch.context() as patched:
        patched.setattr(engine.command, "upgrade", lambda config, _: real(config, revision))
        migrate(url)


def test_accounts_and_sessions_of_before_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    _migrate_to("0002", url, monkeypatch)
    db = Database(url)
    with db.write() as connection:
        account = "INSERT INTO staff_account (username, password_hash, roles, must_change, created_at)"
        connection.execute(
            text(f"{account} VALUES ('sam', :hash, '[\"agent\"]', false, :at)"), {"hash": HASH, "at": SOON}
        )
        session = "INSERT INTO staff_session (token_hash, username, created_at, expires_at)"
        connection.execute(text(f"{session} VALUES (:token, 'sam', :at, :at)"), {"token": hash_token("t"), "at": SOON})
    migrate(url)
    assert administration.listed(db) == [accounts.Account("sam", ("agent",), False, "Sam")]
    assert accounts.is_password(db, "sam", PASSWORD)
    assert accounts.by_token(db, "t", AT) == accounts.Account("sam", ("agent",), False, "Sam")
    db.close()
