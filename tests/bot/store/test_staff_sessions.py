"""Sessions of staff, as administrators see and end them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store import accounts, audit, staff_sessions
from bot.store.engine import Database
from tests.bot.store.people import AT, PASSWORD, add


@pytest.fixture
def tokens(db: Database) -> list[str]:
    """Two sessions of Sam's, from two networks."""
    add(db, "sam", "agent")
    made = [accounts.sign_in(db, "sam", PASSWORD, AT + timedelta(minutes=n), f"10.0.{n}.0/24") for n in (0, 1)]
    return [token for token in made if token]


def test_they_are_listed_with_since_when_and_from_where(db: Database, tokens: list[str]) -> None:
    newest, oldest = staff_sessions.listed(db, "sam", AT)
    assert (newest.network, newest.since) == ("10.0.1.0/24", AT + timedelta(minutes=1))
    assert (oldest.network, oldest.expires_at) == ("10.0.0.0/24", AT + timedelta(minutes=30))
    assert newest.id != oldest.id and not {newest.id, oldest.id} & set(tokens)
    assert staff_sessions.listed(db, "sam", AT + timedelta(minutes=30)) == [newest]


def test_one_is_ended_and_it_is_noted(db: Database, tokens: list[str]) -> None:
    _, oldest = staff_sessions.listed(db, "sam", AT)
    assert staff_sessions.end(db, "admin", "sam", oldest.id, AT)
    assert accounts.by_token(db, tokens[0], AT) is None
    assert accounts.by_token(db, tokens[1], AT)
    assert not staff_sessions.end(db, "admin", "sam", oldest.id, AT)
    assert [(row.actor, row.action, row.subject) for row in audit.latest(db)] == [("admin", audit.SESSION_ENDED, "sam")]


def test_nobody_elses_session_is_ended_by_its_id(db: Database, tokens: list[str]) -> None:
    add(db, "kim", "agent")
    assert not staff_sessions.end(db, "admin", "kim", staff_sessions.listed(db, "sam", AT)[0].id, AT)
    assert len(staff_sessions.listed(db, "sam", AT)) == 2


def test_all_are_ended_at_once(db: Database, tokens: list[str]) -> None:
    staff_sessions.end_all(db, "admin", "sam", AT)
    assert [accounts.by_token(db, token, AT) for token in tokens] == [None, None]
    assert [row.action for row in audit.latest(db)] == [audit.SESSIONS_ENDED]


def test_all_are_replaced_by_one(db: Database, tokens: list[str]) -> None:
    token = staff_sessions.replace_all(db, "sam", "10.0.2.0/24", AT)
    assert [accounts.by_token(db, each, AT) for each in tokens] == [None, None]
    assert accounts.by_token(db, token, AT)
    assert [session.network for session in staff_sessions.listed(db, "sam", AT)] == ["10.0.2.0/24"]
