"""Who looks, how far they have read, who types; and when that is news to others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from bot.clock import LONDON
from bot.store import attention, conversations
from bot.store.attention import RESIDENT, TYPING, VIEWING, Attention
from bot.store.engine import Database

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)


def look(db: Database, talk: str, who: str = "ann", seen: int = 0, typing: bool = False, at: datetime = AT) -> bool:
    """Whether it was news."""
    before = revision(db, talk)
    is_news = attention.look(db, talk, who, seen, typing, at)
    assert is_news == (revision(db, talk) > before)
    return is_news


def revision(db: Database, talk: str) -> int:
    found = conversations.by_id(db, talk)
    assert found is not None
    return found.revision


def of(db: Database, talk: str, at: datetime = AT) -> list[Attention]:
    with db.read() as connection:
        return attention.of(connection, talk, at)


def test_residents_and_staff_are_seen_side_by_side(db: Database, talk: str) -> None:
    look(db, talk, "ann", 3, True)
    look(db, talk, RESIDENT, 2)
    assert of(db, talk) == [Attention(RESIDENT, 2, True, False), Attention("ann", 3, True, True)]


def test_attention_ends_by_itself(db: Database, talk: str) -> None:
    look(db, talk, typing=True)
    soon = timedelta(seconds=1)
    assert of(db, talk, AT + TYPING - soon) == [Attention("ann", 0, True, True)]
    assert of(db, talk, AT + TYPING) == [Attention("ann", 0, True, False)]
    assert of(db, talk, AT + VIEWING) == [Attention("ann", 0, False, False)]


def test_leaving_is_at_once(db: Database, talk: str) -> None:
    look(db, talk, seen=2)
    attention.look(db, talk, "ann", 2, False, AT, leaves=True)
    assert of(db, talk) == [Attention("ann", 2, False, False)]


def test_nobody_unreads(db: Database, talk: str) -> None:
    look(db, talk, seen=5)
    look(db, talk, seen=3)
    assert of(db, talk)[0].seen_seq == 5


def test_only_a_change_is_news(db: Database, talk: str) -> None:
    assert look(db, talk)
    assert not look(db, talk, at=AT + timedelta(seconds=20)), "a page that is still open"
    assert look(db, talk, seen=1, at=AT + timedelta(seconds=20))
    assert look(db, talk, seen=1, typing=True, at=AT + timedelta(seconds=20))
    assert not look(db, talk, seen=1, typing=True, at=AT + timedelta(seconds=22))
    assert look(db, talk, seen=1, at=AT + timedelta(seconds=23)), "stopped typing"
    assert look(db, talk, seen=1, at=AT + timedelta(minutes=5)), "came back"


@pytest.mark.parametrize("count", [8])
def test_many_windows_at_once(db: Database, talk: str, count: int) -> None:
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(lambda _: attention.look(db, talk, "ann", 1, False, AT), range(count)))
    assert of(db, talk) == [Attention("ann", 1, True, False)]


def test_a_conversation_that_is_gone_is_no_trouble(db: Database) -> None:
    attention.look(db, "nobody", "ann", 1, True, AT)
    assert of(db, "nobody") == []
