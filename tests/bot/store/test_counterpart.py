"""Who a resident talks to, as their page asks it at every look."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy.engine import Connection

from bot import clock
from bot.store import attention, conversations, counterpart, ratings
from bot.store.counterpart import NOBODY, Counterpart
from bot.store.engine import Database
from bot.store.ratings import Rating
from tests.support.staff import Staff, ask


@pytest.fixture
def talk(db: Database) -> str:
    return conversations.open_session(db, "webchat", clock.now(), timedelta(hours=2))[1].id


@pytest.fixture
def sam(db: Database) -> Staff:
    return Staff(db)


def look(db: Database, talk: str) -> Counterpart:
    now = conversations.by_id(db, talk)
    assert now
    with db.read() as connection:
        return counterpart.of(connection, now, clock.now())


def test_who_has_it_and_what_they_have_seen(db: Database, talk: str, sam: Staff) -> None:
    alex = Staff(db, "alex", "Alex")
    ask(db, talk)
    assert look(db, talk) == Counterpart("general")
    sam.take(talk)
    assert look(db, talk) == Counterpart("general", "Sam")
    alex.looks(talk, seen=1, is_typing=True)
    assert look(db, talk) == Counterpart("general", "Sam"), "who only looks on is not told of"
    sam.looks(talk, seen=1, is_typing=True)
    assert look(db, talk) == Counterpart("general", "Sam", 1, True)
    sam.transfer(talk, alex)
    assert look(db, talk) == Counterpart("general", "Alex", 1, True)


def test_typing_is_over_when_nothing_more_is_heard_of_it(
    db: Database, talk: str, sam: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(db, talk)
    sam.take(talk)
    sam.looks(talk, is_typing=True)
    later = clock.now() + attention.TYPING
    monkeypatch.setattr(clock, "now", lambda: later)
    assert not look(db, talk).is_typing


def test_a_talk_that_staff_ended_can_be_rated_until_it_is(db: Database, talk: str, sam: Staff) -> None:
    ask(db, talk)
    sam.take(talk)
    sam.end(talk)
    assert not look(db, talk).has_left, "nothing was said"
    ask(db, talk)
    sam.take(talk)
    sam.says(talk, "Hello")
    sam.end(talk)
    assert look(db, talk).has_left
    ratings.give(db, talk, Rating(5, ""), clock.now())
    assert not look(db, talk).has_left
    ask(db, talk)
    assert not look(db, talk).has_left
    sam.take(talk)
    sam.end(talk)
    assert look(db, talk).has_left, "another talk"
    ask(db, talk)
    sam.take(talk)
    sam.hand_back(talk)
    assert not look(db, talk).has_left, "the assistant goes on with what there was to do"


def test_where_no_person_had_to_do_with_it_nothing_is_asked(db: Database, talk: str) -> None:
    now = conversations.by_id(db, talk)
    assert now and counterpart.of(cast("Connection", None), now, clock.now()) == NOBODY
