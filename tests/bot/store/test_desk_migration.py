"""A ledger from before the desk, brought to today's shape: nothing is lost, nothing is let through."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from bot.clock import LONDON
from bot.store import conversations, desk, handovers, messages, turns
from bot.store.engine import MIGRATIONS, Database, migrate
from tests.support.handing import ask, hand_back, take

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
BEFORE = "0003"
# As the ledger looked then, written by nothing of today.
ROWS = """
insert into conversation (id, channel, owner, version, last_seq, revision, changed_at, owner_since, created_at, last_at)
  values ('talk', 'webchat', 'assistant', 0, 2, 7, {at}, {at}, {at}, {at});
insert into conversation (id, channel, owner, version, last_seq, revision, changed_at, owner_since, created_at, last_at)
  values ('other', 'webchat', 'assistant', 0, 0, 0, {at}, {at}, {at}, {at});
insert into session (token_hash, conversation_id, expires_at) values ('hash', 'talk', {at});
insert into message (id, conversation_id, seq, sender, text, choices, payload, provider_id, state, attempts, at)
  values (1001, 'talk', 1, 'resident', 'bins', '[]', 'bins', 'p1', 'handled', 1, {at});
insert into message (id, conversation_id, seq, sender, text, choices, payload, state, attempts, at)
  values (1002, 'talk', 2, 'assistant', 'On Monday', '[]', '', 'handled', 0, {at});
insert into turn (message_id, conversation_id, query, confidence, runner_up_confidence, refused, entities, model, at)
  values (1001, 'talk', 'bin_day', 0.9, 0.0, {no}, '[]', 'm', {at});
insert into tracker_event (conversation_id, n, data) values ('talk', 0, '{{"event": "user"}}');
insert into handover (reference, conversation_id, state, reason, summary, created_at)
  values ('M-1', 'talk', 'message_left', 'asked', '{{}}', {at});
insert into handover (reference, conversation_id, state, reason, summary, created_at, done_at, done_by)
  values ('M-2', 'talk', 'closed', 'asked', '{{}}', {at}, {at}, 'ann');
insert into rating (conversation_id, score, comment, at) values ('talk', 4, 'good', {at});
insert into upload (id, conversation_id, media_type, size, at) values ('u', 'talk', 'image/png', 5, {at});
"""
TABLES = ("conversation", "session", "message", "turn", "tracker_event", "handover", "rating", "upload")


@contextmanager
def empty_postgres() -> Iterator[str]:
    """The URL of a schema in which nothing is yet."""
    server = os.environ.get("TEST_POSTGRES_URL")
    if not server:
        pytest.skip("TEST_POSTGRES_URL is not set")
    schema = f"test_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    yield make_url(server).update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A ledger from before the desk, with something in every table."""
    if request.param == "sqlite":
        yield from made(f"sqlite:///{tmp_path / 'ledger.db'}")
    else:
        with empty_postgres() as url:
            yield from made(url)


def made(url: str) -> Iterator[Database]:
    database = Database(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
    is_sqlite = database.engine.dialect.name == "sqlite"
    rows = ROWS.format(at="'2025-03-03 10:00:00.000000'", no="0" if is_sqlite else "false")
    with database.write() as connection:
        for statement in rows.strip().rstrip(";").split(";\n"):
            connection.exec_driver_sql(statement)
    yield database
    database.close()


def contents(db: Database) -> dict[str, list[dict[str, Any]]]:
    with db.read() as connection:
        rows = {name: connection.exec_driver_sql(f"select * from {name} order by 1, 2").all() for name in TABLES}
    return {name: [dict(row) for row in found] for name, found in rows.items()}


def test_every_row_is_still_there_and_as_it_was(old: Database) -> None:
    before = contents(old)
    assert all(before.values())
    migrate(old.url)
    after = contents(old)
    for name, rows in before.items():
        assert [{column: row[column] for column in rows[0]} for row in after[name]] == rows, name


def test_old_conversations_can_be_handed_over_and_old_messages_dealt_with(old: Database) -> None:
    migrate(old.url)
    assert conversations.by_id(old, "talk")
    assert [message.text for message in messages.after(old, "talk", 0)] == ["bins", "On Monday"]
    assert turns.memory(old, "talk") == turns.Memory(1, None, 0)
    assert [left.reference for left in handovers.listed(old)] == ["M-1"]
    ask(old, "talk", AT)
    take(old, "talk", "ann", AT)
    assert [each.conversation_id for each in desk.open_conversations(old)] == ["talk"]
    hand_back(old, "talk", "ann", AT)
    assert [each.last_seq for each in desk.steps_of(old, "talk")] == [2, 2, 2]


def test_what_belongs_to_a_conversation_still_goes_with_it(old: Database) -> None:
    migrate(old.url)
    with old.write() as connection:
        connection.exec_driver_sql("delete from conversation where id = 'talk'")
    assert [row["id"] for row in contents(old)["conversation"]] == ["other"]
    assert not any(rows for name, rows in contents(old).items() if name != "conversation")


def test_nothing_can_refer_to_a_conversation_that_is_not_there(old: Database) -> None:
    migrate(old.url)
    with pytest.raises(IntegrityError), old.write() as connection:
        connection.exec_driver_sql("insert into tracker_event (conversation_id, n, data) values ('nobody', 0, '')")
