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
from sqlalchemy.exc import OperationalError

from bot.clock import LONDON
from bot.store import audit, conversations, engine
from bot.store.engine import Database, migrate, open_database
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


NOBODY = "postgresql://nobody@127.0.0.1:1/none"


def test_a_server_that_is_just_starting_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    real, tries = engine.migrate, 0

    def migrate_third_time(url: str) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            real(url)  # nobody listens there

    monkeypatch.setattr(engine, "migrate", migrate_third_time)
    monkeypatch.setattr(engine, "LOOK_EVERY", 0.01)
    open_database.cache_clear()
    assert open_database(NOBODY).url == NOBODY and tries == 3
    open_database.cache_clear()


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "STARTING_SECONDS", 0.05)
    monkeypatch.setattr(engine, "LOOK_EVERY", 0.01)
    with pytest.raises(OperationalError):
        open_database(NOBODY)
