"""Conversations: who may open which, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.clock import LONDON
from bot.store import conversations, messages
from bot.store.engine import Database
from bot.store.schema import session

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
LASTS = timedelta(hours=2)


def test_a_token_opens_its_own_conversation_only(db: Database) -> None:
    token, talk = conversations.open_session(db, "webchat", AT, LASTS)
    other, _ = conversations.open_session(db, "webchat", AT, LASTS)
    found = conversations.by_token(db, token, AT)
    assert found == conversations.Conversation(talk, "webchat", conversations.ASSISTANT, 0, False)
    assert conversations.by_token(db, other, AT) != found
    assert conversations.by_token(db, "made up", AT) is None


def test_a_token_is_long_and_not_stored(db: Database) -> None:
    token, _ = conversations.open_session(db, "webchat", AT, LASTS)
    with db.read() as connection:
        stored = connection.execute(select(session.c.token_hash)).scalars().all()
    assert len(token) >= 43 and token not in stored


def test_a_session_ends_with_its_time_and_a_message_prolongs_it(db: Database) -> None:
    token, talk = conversations.open_session(db, "webchat", AT, LASTS)
    assert conversations.by_token(db, token, AT + LASTS) is None
    messages.receive(db, talk, "p1", "bins", "bins", AT, AT + 2 * LASTS)
    assert conversations.by_token(db, token, AT + LASTS)
    assert conversations.by_token(db, token, AT + 2 * LASTS) is None


def test_an_ended_conversation_is_kept_but_opens_to_nobody(db: Database) -> None:
    token, talk = conversations.open_session(db, "webchat", AT, LASTS)
    messages.receive(db, talk, "p1", "bins", "bins", AT, AT + LASTS)
    conversations.end(db, talk, AT)
    conversations.end(db, talk, AT + LASTS)
    assert conversations.by_token(db, token, AT) is None
    ended = conversations.by_id(db, talk)
    assert ended and ended.ended
    assert [said.text for said in messages.after(db, talk, 0)] == ["bins"]


def test_an_unknown_conversation_is_none(db: Database) -> None:
    assert conversations.by_id(db, "nobody") is None
