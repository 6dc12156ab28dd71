"""Messages left for staff: listed fairly, closed once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from bot.clock import LONDON
from bot.store import handovers, turns
from bot.store.engine import Database
from bot.store.turns import LeftMessage, Turn

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)


def _leave(db: Database, talk: str, reference: str, at: datetime) -> None:
    left = LeftMessage(reference, "asked", {"title": "Missed bin", "contact": {"phone": "07700 900123"}})
    turns.commit_turn(db, Turn(talk, 0, (), (), left_message=left), at)


def test_the_longest_waiting_comes_first(db: Database, talk: str) -> None:
    for number, minutes in enumerate((5, 0, 9)):
        _leave(db, talk, f"M-{number}", AT + timedelta(minutes=minutes))
    assert [left.reference for left in handovers.listed(db)] == ["M-1", "M-0", "M-2"]
    assert [left.reference for left in handovers.listed(db, limit=1)] == ["M-1"]


def test_a_message_comes_back_as_it_was_left(db: Database, talk: str) -> None:
    _leave(db, talk, "M-1", AT)
    found = handovers.by_reference(db, "M-1")
    assert found and found.summary == {"title": "Missed bin", "contact": {"phone": "07700 900123"}}
    assert (found.conversation_id, found.reason, found.created_at) == (talk, "asked", AT)
    assert (found.state, found.done_at, found.done_by) == (handovers.MESSAGE_LEFT, None, None)
    assert handovers.by_reference(db, "M-2") is None


def test_one_of_many_closes_a_message_and_their_name_stays(db: Database, talk: str) -> None:
    _leave(db, talk, "M-1", AT)
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda n: handovers.close(db, "M-1", f"agent{n}", AT), range(8)))
    assert won.count(True) == 1
    closed = handovers.listed(db, handovers.CLOSED)
    assert [(left.reference, left.done_by, left.done_at) for left in closed] == [("M-1", f"agent{won.index(True)}", AT)]
    assert handovers.listed(db) == []


def test_closing_what_is_not_there_says_so(db: Database) -> None:
    assert not handovers.close(db, "M-9", "admin", AT)
