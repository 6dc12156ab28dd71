"""Who is at their desk, takes conversations, and has how many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from bot.clock import LONDON
from bot.store import presence
from bot.store.engine import Database
from bot.store.presence import Present
from bot.store.schema import presence as presence_table
from bot.store.schema import staff_account
from tests.support.handing import hand_back, pull

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
GONE = timedelta(seconds=60)


@pytest.fixture(autouse=True)
def ann(db: Database) -> str:
    """An account of this name, with room for two."""
    values = {"username": "ann", "password_hash": "", "roles": ["agent"], "must_change": False, "created_at": AT}
    with db.write() as connection:
        connection.execute(insert(staff_account).values(**values, teams=["waste"], capacity=2))
    return "ann"


def after(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def one(db: Database) -> Present:
    found = presence.one(db, "ann")
    assert found is not None
    return found


def test_somebody_who_never_came_takes_nothing(db: Database) -> None:
    assert one(db) == Present("ann", "Ann", ("agent",), ("waste",), 2, 0, False, "", None, None)
    assert not one(db).is_here(AT, GONE) and not one(db).takes(AT, GONE)
    assert presence.one(db, "bob") is None


def test_an_open_desk_takes_conversations_once_somebody_says_so(db: Database) -> None:
    presence.seen(db, "ann", AT)
    assert one(db).is_here(AT, GONE) and not one(db).takes(AT, GONE)
    presence.change(db, "ann", True, "", after(5))
    assert one(db).takes(after(64.9), GONE)
    assert not one(db).takes(after(65), GONE), "the desk was not heard of since"
    presence.seen(db, "ann", after(65))
    assert one(db).takes(after(65), GONE)
    assert one(db).since == after(5), "being seen is no change"


def test_away_has_a_reason_and_a_beginning(db: Database) -> None:
    presence.change(db, "ann", True, "", AT)
    presence.change(db, "ann", False, "break", after(30))
    now = one(db)
    assert (now.is_available, now.reason, now.since) == (False, "break", after(30))
    assert now.is_here(after(30), GONE) and not now.takes(after(30), GONE)


def test_who_signs_out_is_gone_at_once(db: Database) -> None:
    presence.change(db, "ann", True, "", AT)
    presence.gone(db, "ann", after(1))
    assert not one(db).is_here(after(1), GONE) and not one(db).is_available


def test_who_does_not_answer_is_withdrawn_but_still_there(db: Database) -> None:
    presence.change(db, "ann", True, "", AT)
    presence.withdraw(db, "ann", after(1))
    assert one(db).is_here(after(1), GONE) and not one(db).takes(after(1), GONE)


def test_load_is_counted_as_it_is(db: Database, talk: str) -> None:
    pull(db, talk, "ann", AT)
    assert (one(db).has, one(db).capacity) == (1, 2)
    hand_back(db, talk, "ann", AT)
    assert one(db).has == 0


def test_an_account_that_was_switched_off_is_not_there(db: Database) -> None:
    presence.change(db, "ann", True, "", AT)
    with db.write() as connection:
        connection.execute(update(staff_account).values(is_active=False))
    assert presence.everybody(db) == []


def test_many_windows_at_once_are_one_presence(db: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: presence.seen(db, "ann", after(n)), range(8)))
    with db.read() as connection:
        assert len(connection.execute(select(presence_table)).all()) == 1


def test_somebody_without_an_account_is_not_written_down(db: Database) -> None:
    with db.write() as connection:
        connection.execute(delete(staff_account))
    presence.seen(db, "ann", AT)
    with db.read() as connection:
        assert connection.execute(select(presence_table)).all() == []
