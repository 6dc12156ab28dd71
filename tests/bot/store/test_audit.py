"""The audit trail: rows are added, and nothing in the program can change or remove one."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import LONDON
from bot.store import audit
from bot.store.engine import Database

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)


def test_rows_come_back_newest_first(db: Database) -> None:
    for minute, action in enumerate((audit.SIGNED_IN, audit.MESSAGE_VIEWED, audit.MESSAGE_CLOSED)):
        audit.add(db, "admin", action, "M-1", AT + timedelta(minutes=minute))
    rows = audit.latest(db, limit=2)
    assert [row.action for row in rows] == [audit.MESSAGE_CLOSED, audit.MESSAGE_VIEWED]
    assert rows[1] == audit.Entry(AT + timedelta(minutes=1), "admin", audit.MESSAGE_VIEWED, "M-1")


def test_no_code_changes_or_removes_a_row() -> None:
    root = Path(audit.__file__).parent.parent
    change = re.compile(r"(update|delete)\(\s*audit\b")
    assert [path for path in root.rglob("*.py") if change.search(path.read_text("utf-8"))] == []
