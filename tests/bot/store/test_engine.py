"""Databases by URL: what a transaction promises, and that migrations and tables agree."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select

from bot.clock import LONDON
from bot.store import audit, conversations
from bot.store.engine import Database, migrate
from bot.store.schema import conversation, metadata

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)


def test_migrations_make_the_tables_of_the_schema(db: Database) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(db: Database, talk: str) -> None:
    migrate(db.url)
    assert conversations.by_id(db, talk)


def test_processes_that_start_together_all_find_a_migrated_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'new.db'}"
    command = [sys.executable, "-c", "import sys; from bot.store.engine import migrate; migrate(sys.argv[1])", url]
    starting = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(60) for process in starting] == [0, 0]
    audit.add(Database(url), "admin", "test", "x", AT)


def test_a_transaction_that_raises_leaves_nothing(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.write() as connection:
        started = conversations.start(connection, "webchat", AT)
        raise ZeroDivisionError
    assert conversations.by_id(db, started) is None


def test_readers_do_not_wait_for_a_writer_and_see_only_what_is_committed(db: Database) -> None:
    with db.write() as connection:
        started = conversations.start(connection, "webchat", AT)
        assert conversations.by_id(db, started) is None
    assert conversations.by_id(db, started)


def test_moments_come_back_aware_and_equal(db: Database) -> None:
    audit.add(db, "admin", "test", "x", AT)
    stored = audit.latest(db)[0].at
    assert stored == AT
    assert stored.utcoffset() == AT.astimezone(UTC).utcoffset()


def test_a_snapshot_shows_one_moment(db: Database) -> None:
    with db.snapshot() as connection:
        assert conversations.changed_since(db, AT) == []
        first = connection.execute(select(conversation.c.id)).all()
        with db.write() as writer:
            started = conversations.start(writer, "webchat", AT)
        assert connection.execute(select(conversation.c.id)).all() == first
        assert conversations.by_id(db, started), "others see it at once"
    with db.snapshot() as connection:
        assert connection.execute(select(conversation.c.id)).scalar() == started
