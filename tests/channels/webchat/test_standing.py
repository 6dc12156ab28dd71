"""How long people typically waited, as who waits is told it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import clock
from bot.store import conversations, counterpart, desk
from bot.store.engine import Database
from channels.webchat.standing import State, Waits
from tests.support.staff import Staff, ask, let_wait


def waiting(db: Database, team: str = "general") -> State:
    """A conversation that waits for a person of a team."""
    _, session = conversations.open_session(db, "webchat", clock.now(), timedelta(hours=2))
    ask(db, session.id, team=team)
    with db.read() as connection:
        now = conversations.by_key(connection, session.key, clock.now())
        assert now
        person = counterpart.of(connection, now, clock.now())
        return State(now.owner, False, 1, now.ended, now.expires_at, now.revision, 1, person)


def test_the_wait_is_what_others_of_the_team_waited_and_is_read_now_and_then(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, moment = [], 0.0
    waits_since = desk.waits_since
    monkeypatch.setattr(desk, "waits_since", lambda *asked: reads.append(1) or waits_since(*asked))
    waits = Waits(db, clock.now, lambda: moment)
    mine, other = waiting(db), waiting(db, "housing")
    assert waits.fill(mine).wait_minutes is None
    let_wait(db, Staff(db), minutes=4)
    moment = 9.9
    assert [waits.fill(mine).wait_minutes for _ in range(5)] == [None] * 5
    moment = 10.0
    assert [waits.fill(mine).wait_minutes for _ in range(5)] == [4] * 5
    assert waits.fill(other).wait_minutes is None
    assert len(reads) == 2


def test_a_wait_is_never_less_than_a_minute(db: Database) -> None:
    let_wait(db, Staff(db), minutes=0.1)
    assert Waits(db, clock.now, lambda: 0.0).fill(waiting(db)).wait_minutes == 1


def test_for_who_does_not_wait_nothing_is_read(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "waits_since", None)
    state = State("assistant", False, None, False, clock.now(), 1, 1)
    assert Waits(db, clock.now, lambda: 0.0).fill(state) == state
