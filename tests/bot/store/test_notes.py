"""Notes among staff: kept in order, news to those who read along, never among what residents read."""

from __future__ import annotations

from datetime import datetime

from bot.clock import LONDON
from bot.store import conversations, messages, notes
from bot.store.engine import Database

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)


def test_notes_come_back_in_order_and_whole(db: Database, talk: str) -> None:
    other = conversations.open_session(db, "webchat", AT, AT - AT)[1].id
    notes.add(db, talk, notes.NOTE, "ann", "Has called twice", AT)
    notes.add(db, talk, notes.WHISPER, "sue", "Offer a call back", AT)
    notes.add(db, other, notes.NOTE, "ann", "Elsewhere", AT)
    assert [(each.kind, each.author, each.text, each.at) for each in notes.of(db, talk)] == [
        ("note", "ann", "Has called twice", AT),
        ("whisper", "sue", "Offer a call back", AT),
    ]


def test_a_note_is_news_and_nothing_that_was_said(db: Database, talk: str) -> None:
    before = conversations.by_id(db, talk)
    notes.add(db, talk, notes.NOTE, "ann", "Has called twice", AT)
    after = conversations.by_id(db, talk)
    assert before and after and after.revision == before.revision + 1
    assert after.last_seq == 0 and messages.after(db, talk, 0) == []
