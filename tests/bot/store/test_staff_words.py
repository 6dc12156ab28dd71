"""What is said around a change of owner: by the owner only, once, and with nothing left waiting; how it ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.clock import LONDON
from bot.handover import LEAVE, TRANSFER
from bot.store import conversations, desk, messages, ownership, uploads
from bot.store.engine import Database
from bot.store.messages import Attachment
from bot.store.ownership import Change, Overtaken
from bot.store.schema import handover
from tests.support.handing import BACK, ask, give_up, hand_back, pull, replies, said, take, talks

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def test_only_the_owner_speaks_and_once_by_id(db: Database, talk: str) -> None:
    pull(db, talk, "ann", AT)
    first = replies(db, talk, "ann", "Hello", AT)
    assert replies(db, talk, "ann", "Hello", later(1)) == first
    with pytest.raises(Overtaken):
        replies(db, talk, "bob", "Me too", AT)
    ownership.change(db, talk, Change(TRANSFER, "ann", as_owner=True, staff="bob"), later(2))
    assert replies(db, talk, "ann", "Hello", later(3)) == first, "her answer was lost on the way, and she asks again"
    with pytest.raises(Overtaken):
        replies(db, talk, "ann", "One more thing", later(3))
    replies(db, talk, "bob", "I am Bob", later(4))
    assert [(each.author, each.name, each.text) for each in messages.after(db, talk, 0)] == [
        ("ann", "Ann", "Hello"),
        ("bob", "Bob", "I am Bob"),
    ]


def test_the_same_words_sent_at_once_are_said_once(db: Database, talk: str) -> None:
    pull(db, talk, "ann", AT)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: replies(db, talk, "ann", "Hello", AT), range(8))) == {1}
    assert said(db, talk) == [("staff", "Hello", "handled")]


PHOTO = Attachment("ab" * 16, "image/jpeg", 1234, description="The gate", width=40, height=30)


def _sends(db: Database, talk: str, who: str, sent_as: str, file: Attachment) -> int:
    return ownership.staff_says(db, talk, who, who.capitalize(), "", sent_as, AT, file)


def test_a_file_comes_into_the_conversation_with_its_message(db: Database, talk: str) -> None:
    pull(db, talk, "ann", AT)
    seq = _sends(db, talk, "ann", "first-id", PHOTO)
    (message,) = messages.after(db, talk, 0)
    assert (message.seq, message.text, message.attachment) == (seq, "", PHOTO)
    assert uploads.by_id(db, PHOTO.upload) == uploads.Upload(PHOTO.upload, talk, "image/jpeg", 1234, AT)
    again = Attachment("cd" * 16, "image/jpeg", 1234)
    assert _sends(db, talk, "ann", "first-id", again) == seq, "her answer was lost on the way, and she asks again"
    assert uploads.ids(db) == {PHOTO.upload}
    messages.erase(db, talk)
    assert not uploads.ids(db) and not messages.after(db, talk, 0)


def test_who_may_not_speak_leaves_no_file(db: Database, talk: str) -> None:
    pull(db, talk, "ann", AT)
    with pytest.raises(Overtaken):
        _sends(db, talk, "bob", "first-id", PHOTO)
    assert not uploads.ids(db) and not messages.after(db, talk, 0)


def test_taking_leaves_nothing_waiting_for_the_assistant(db: Database, talk: str, asked: int) -> None:
    talks(db, talk, "hello?", AT)
    pull(db, talk, "ann", AT)
    assert messages.unhandled(db, talk) == []
    assert said(db, talk) == [("resident", "bins", "handled"), ("resident", "hello?", "handled")]


def test_a_hand_back_leaves_exactly_one_message_for_the_assistant(db: Database, talk: str, asked: int) -> None:
    pull(db, talk, "ann", AT)
    replies(db, talk, "ann", "Hello", AT)
    hand_back(db, talk, "ann", AT)
    (waiting,) = messages.unhandled(db, talk)
    assert (waiting.sender, waiting.payload, waiting.text, waiting.seq) == ("system", BACK, "ann has left.", 3)
    assert messages.conversations_waiting(db, messages.SYSTEM) == [talk]
    with pytest.raises(Overtaken):
        hand_back(db, talk, "ann", AT)
    assert len(messages.unhandled(db, talk)) == 1


def test_a_hand_back_that_was_not_taken_up_is_read_by_whoever_pulls(db: Database, talk: str) -> None:
    ask(db, talk, AT)
    give_up(db, talk, AT)
    pull(db, talk, "ann", AT)
    assert messages.unhandled(db, talk) == []


@pytest.mark.parametrize("staff_came", [True, False])
def test_the_resident_ends_it_whoever_has_it(db: Database, talk: str, staff_came: bool) -> None:
    ask(db, talk, AT)
    if staff_came:
        take(db, talk, "ann", AT)
    ownership.end(db, talk, later(1))
    ended = conversations.by_id(db, talk)
    with db.read() as connection:
        kept = connection.execute(select(handover)).one()
    assert ended and ended.ended and ended.owner == "assistant"
    assert (kept.state, kept.how) == (("wrap_up" if staff_came else "abandoned"), LEAVE)
    assert desk.steps_of(db, talk)[-1].actor == ownership.RESIDENT
    assert said(db, talk) == [] and desk.open_conversations(db) == []


def test_ending_what_the_assistant_has_is_no_step(db: Database, talk: str) -> None:
    ownership.end(db, talk, AT)
    ended = conversations.by_id(db, talk)
    assert ended and ended.ended and desk.steps_of(db, talk) == []


def test_a_reminder_is_said_once_since_anybody_spoke(db: Database, talk: str) -> None:
    version = pull(db, talk, "ann", AT).version

    def remind(kind: str = "staff_gone") -> bool:
        return ownership.remind(db, talk, version, kind, "We may have lost Ann.", AT)

    assert [remind(), remind(), remind("other")] == [True, False, True]
    (talked,) = desk.open_conversations(db)
    assert talked.said == {"staff_gone", "other"}
    talks(db, talk, "hello?", AT)
    assert [remind(), remind()] == [True, False]
    take_over = Change(TRANSFER, "ann", staff="bob")
    ownership.change(db, talk, take_over, AT)
    with pytest.raises(Overtaken):
        remind()
