"""Conversations: who may open which, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot import handover
from bot.clock import LONDON
from bot.store import conversations, messages, ownership
from bot.store.engine import Database
from bot.store.ownership import Change
from bot.store.schema import session

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
LASTS = timedelta(hours=2)


def test_a_token_opens_its_own_conversation_only(db: Database) -> None:
    token, opened = conversations.open_session(db, "webchat", AT, LASTS)
    other, _ = conversations.open_session(db, "webchat", AT, LASTS)
    found = conversations.by_token(db, token, AT)
    assert found == opened
    assert (found.channel, found.owner, found.ended) == ("webchat", conversations.ASSISTANT, False)
    assert conversations.by_token(db, other, AT) != found
    assert conversations.by_token(db, "made up", AT) is None


def test_a_token_is_long_and_not_stored(db: Database) -> None:
    token, _ = conversations.open_session(db, "webchat", AT, LASTS)
    with db.read() as connection:
        stored = connection.execute(select(session.c.token_hash)).scalars().all()
    assert len(token) >= 43 and token not in stored


def test_a_session_ends_with_its_time_and_a_message_prolongs_it(db: Database) -> None:
    token, session_ = conversations.open_session(db, "webchat", AT, LASTS)
    talk = session_.id
    assert conversations.by_token(db, token, AT + LASTS) is None
    messages.receive(db, talk, "p1", "bins", "bins", AT, AT + 2 * LASTS)
    assert conversations.by_token(db, token, AT + LASTS)
    assert conversations.by_token(db, token, AT + 2 * LASTS) is None


def test_an_ended_conversation_is_kept_but_opens_to_nobody(db: Database) -> None:
    token, session_ = conversations.open_session(db, "webchat", AT, LASTS)
    talk = session_.id
    messages.receive(db, talk, "p1", "bins", "bins", AT, AT + LASTS)
    ownership.end(db, talk, AT)
    ownership.end(db, talk, AT + LASTS)
    assert conversations.by_token(db, token, AT) is None
    ended = conversations.by_id(db, talk)
    assert ended and ended.ended
    assert [said.text for said in messages.after(db, talk, 0)] == ["bins"]


def test_an_unknown_conversation_is_none(db: Database) -> None:
    assert conversations.by_id(db, "nobody") is None


def test_whatever_a_reader_should_see_is_news(db: Database, talk: str) -> None:
    seen = []

    def is_news() -> bool:
        seen.append(dict(conversations.changed_since(db, AT))[talk])
        return len(seen) < 2 or seen[-1] > seen[-2]

    assert is_news()
    waiting, _ = messages.receive(db, talk, "p1", "bins", "bins", AT, AT + LASTS)
    assert is_news()
    messages.hand_to_staff(db, waiting, AT)
    assert is_news()
    conversations.keep_open(db, talk, AT, AT + LASTS)
    assert is_news()
    ownership.end(db, talk, AT)
    assert is_news()
    assert not is_news()
    assert conversations.changed_since(db, AT + LASTS) == []


def test_the_place_in_the_queue_counts_who_is_served_no_later(db: Database) -> None:
    talks = [conversations.open_session(db, "webchat", AT, LASTS)[1].id for _ in range(5)]
    waits = (("asked", "waste"), ("asked", "waste"), ("danger", "waste"), ("asked", "money"))
    for minute, (talk, (reason, team)) in enumerate(zip(talks, waits, strict=False)):
        wanted = Change(handover.ASK, "assistant", team=team, reason=reason)
        ownership.change(db, talk, wanted, AT + timedelta(minutes=minute))

    def places() -> list[int | None]:
        with db.snapshot() as connection:
            found = [conversations.by_id(db, talk) for talk in talks]
            return [conversations.place_in_queue(connection, each) for each in found if each]

    assert places() == [2, 3, 1, 1, None]  # danger first, and each team has a queue of its own
    ownership.end(db, talks[0], AT)
    assert places()[1:] == [2, 1, 1, None]
