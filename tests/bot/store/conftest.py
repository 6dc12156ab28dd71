"""Every test of the store runs on SQLite and, where TEST_POSTGRES_URL names a server, on PostgreSQL too."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from bot.clock import LONDON
from bot.store import conversations, messages
from bot.store.engine import Database, migrate
from bot.store.schema import metadata
from tests.support.ledger import new_ledger

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
LASTS = timedelta(hours=2)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a schema of this run's own, migrated and dropped at the end."""
    server = os.environ.get("TEST_POSTGRES_URL")
    if not server:
        pytest.skip("TEST_POSTGRES_URL is not set")
    schema = f"test_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    url = make_url(server).update_query_dict({"options": f"-csearch_path={schema}"})
    whole = url.render_as_string(hide_password=False)
    migrate(whole)
    yield whole
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database."""
    url = new_ledger(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = Database(url)
    with database.write() as connection:
        if request.param == "postgresql":  # rows of the test before, which its triggers keep
            connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER USER")
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        if request.param == "postgresql":
            connection.exec_driver_sql("ALTER TABLE audit ENABLE TRIGGER USER")
    yield database
    database.close()


@pytest.fixture
def talk(db: Database) -> str:
    """The id of a conversation that has just begun."""
    return conversations.open_session(db, "webchat", AT, LASTS)[1].id


@pytest.fixture
def asked(db: Database, talk: str) -> int:
    """The id of a resident's message that waits for an answer."""
    return messages.receive(db, talk, "p1", "bins", "bins", AT, AT + LASTS)[0]
