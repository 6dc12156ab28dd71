"""The audit trail: rows are added, and neither the program nor the database lets one be changed or removed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.clock import LONDON
from bot.store import audit
from bot.store.engine import Database

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)


def test_rows_come_back_newest_first(db: Database) -> None:
    for minute, action in enumerate((audit.SIGNED_IN, audit.MESSAGE_VIEWED, audit.MESSAGE_CLOSED)):
        audit.add(db, "admin", action, "M-1", AT + timedelta(minutes=minute))
    rows = audit.latest(db, limit=2)
    assert [row.action for row in rows] == [audit.MESSAGE_CLOSED, audit.MESSAGE_VIEWED]
    assert rows[1] == audit.Entry(rows[1].id, AT + timedelta(minutes=1), "admin", audit.MESSAGE_VIEWED, "M-1")


def test_rows_are_found_by_who_and_what_and_page_by_page(db: Database) -> None:
    for actor, action in (("sam", audit.SIGNED_IN), ("kim", audit.SIGNED_IN), ("sam", audit.SIGNED_OUT)):
        audit.add(db, actor, action, "x", AT)
    assert [row.action for row in audit.latest(db, actor="sam")] == [audit.SIGNED_OUT, audit.SIGNED_IN]
    assert [row.actor for row in audit.latest(db, action=audit.SIGNED_IN)] == ["kim", "sam"]
    assert [row.actor for row in audit.latest(db, actor="sam", action=audit.SIGNED_IN)] == ["sam"]
    newest = audit.latest(db, limit=1)[0]
    assert [row.actor for row in audit.latest(db, before=newest.id)] == ["kim", "sam"]
    assert audit.actions(db) == [audit.SIGNED_IN, audit.SIGNED_OUT]


def test_a_subject_too_long_for_its_column_is_cut(db: Database) -> None:
    audit.add(db, "sam", audit.ROLES_CHANGED, "x" * 200, AT)
    assert audit.latest(db)[0].subject == "x" * 128


CHANGES = [
    "UPDATE audit SET actor = 'nobody'",
    "UPDATE audit SET actor = 'nobody' WHERE id = 7",
    "DELETE FROM audit",
    "INSERT OR REPLACE INTO audit (id, at, actor, action, subject) SELECT id, at, 'nobody', action, subject FROM audit",
    "TRUNCATE audit",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_itself_refuses_to_change_or_remove_a_row(db: Database, statement: str) -> None:
    is_sqlite = db.engine.dialect.name == "sqlite"
    if statement.startswith("TRUNCATE") and is_sqlite or "REPLACE" in statement and not is_sqlite:
        pytest.skip("the other database's words")
    audit.add(db, "sam", audit.SIGNED_IN, "x", AT)
    statement = statement.replace("7", str(audit.latest(db)[0].id))
    with pytest.raises(DBAPIError, match="the audit trail cannot be changed"), db.write() as connection:
        connection.execute(text(statement))
    assert [row.actor for row in audit.latest(db)] == ["sam"]
    audit.add(db, "kim", audit.SIGNED_IN, "x", AT)
    assert [row.actor for row in audit.latest(db)] == ["kim", "sam"], "what is new is still taken"


def test_no_code_changes_or_removes_a_row() -> None:
    root = Path(audit.__file__).parent.parent
    change = re.compile(r"(update|delete)\(\s*audit\b")
    assert [path for path in root.rglob("*.py") if change.search(path.read_text("utf-8"))] == []
