"""What the desk's lists and the wall are made of: who looks where, and how long those who asked today waited."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import LONDON
from bot.handover import END
from bot.store import attention, conversations, desk, ownership
from bot.store.attention import RESIDENT, Attention
from bot.store.desk import Asked
from bot.store.engine import Database
from bot.store.ownership import Change
from tests.support.handing import ask, pull, replies, take

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def another(db: Database) -> str:
    return conversations.open_session(db, "webchat", AT, timedelta(hours=2))[1].id


def test_staff_who_look_are_found_and_residents_are_not(db: Database, talk: str) -> None:
    other = another(db)
    for who, seen in (("ann", 3), (RESIDENT, 5), ("bob", 4)):
        attention.look(db, talk, who, seen, False, AT)
    attention.look(db, other, "ann", 1, True, AT)
    found = desk.looks(db, [talk, other], AT)
    assert list(found[talk]) == [Attention("ann", 3, True, False), Attention("bob", 4, True, False)]
    assert list(found[other]) == [Attention("ann", 1, True, True)]
    assert list(desk.looks(db, [talk], later(5))[talk])[0] == Attention("ann", 3, False, False)
    assert desk.looks(db, [], AT) == {}


def test_who_asked_since_a_moment_and_what_came_of_it(db: Database, talk: str) -> None:
    waits, pulled, before = another(db), another(db), another(db)
    ask(db, before, later(-10))
    ask(db, talk, AT)
    take(db, talk, "ann", later(1))
    replies(db, talk, "ann", "Hello", later(2))
    ownership.change(db, talk, Change(END, "ann"), later(9))
    ask(db, waits, later(3), team="care")
    pull(db, pulled, "ann", later(4))
    assert desk.asked_since(db, AT) == [
        Asked("waste", AT, later(1), later(2), later(9)),
        Asked("care", later(3), None, None, None),
    ]
