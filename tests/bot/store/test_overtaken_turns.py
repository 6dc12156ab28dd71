"""A turn that is under way while staff take over: it writes nothing but a note of what it would have said."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from bot.clock import LONDON
from bot.store import conversations, messages, notes, ownership, turns
from bot.store.engine import Database
from bot.store.schema import handover
from bot.store.turns import Asks, LeftMessage, Memory, Reply, StaleTurn, Turn
from tests.support.handing import ask, give_up, hand_back, pull, replies, said, take, talks

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
HEARD = ({"event": "user", "text": "bins"}, {"event": "bot", "text": "On Monday."})


def answer(db: Database, talk: str, message_id: int, *texts: str, stored: int = 0) -> None:
    turns.commit_turn(db, Turn(talk, stored, HEARD, [Reply(text) for text in texts], message_id=message_id), AT)


def test_what_the_assistant_was_about_to_say_is_left_for_staff(db: Database, talk: str, asked: int) -> None:
    pull(db, talk, "ann", AT)
    before = conversations.by_id(db, talk)
    with pytest.raises(StaleTurn):
        answer(db, talk, asked, "On Monday.", "", "Anything else?")
    assert said(db, talk) == [("resident", "bins", "handled")]
    assert turns.load_events(db, talk) == []
    (note,) = notes.of(db, talk)
    assert (note.kind, note.author, note.text) == (notes.UNSAID, "assistant", "On Monday.\n\nAnything else?")
    after = conversations.by_id(db, talk)
    assert before and after and after.revision > before.revision, "her desk shows it"


def test_nothing_to_say_leaves_no_note(db: Database, talk: str, asked: int) -> None:
    ask(db, talk, AT)
    with pytest.raises(StaleTurn):
        answer(db, talk, asked)
    assert notes.of(db, talk) == []


def test_neither_a_message_nor_another_wish_is_left_by_it(db: Database, talk: str, asked: int) -> None:
    ask(db, talk, AT)
    left = LeftMessage("M-1", "asked", {})
    for turn in (
        Turn(talk, 0, HEARD, (), message_id=asked, left_message=left),
        Turn(talk, 0, HEARD, (), message_id=asked, asks=Asks("asked", "waste", {})),
        Turn(talk, 0, HEARD, (), message_id=asked, erase=True),
    ):
        with pytest.raises(StaleTurn):
            turns.commit_turn(db, turn, AT)
    with db.read() as connection:
        assert connection.execute(select(handover.c.state)).scalars().all() == ["queued"]
    assert ownership.standing(db, talk).version == 1  # type: ignore[union-attr]
    assert said(db, talk) == [("resident", "bins", "handled")]


def test_a_turn_from_before_is_not_taken_after_the_conversation_came_back(db: Database, talk: str, asked: int) -> None:
    pull(db, talk, "ann", AT)
    hand_back(db, talk, "ann", AT)
    with pytest.raises(StaleTurn):
        answer(db, talk, asked, "On Monday.")
    assert [sender for sender, _, _ in said(db, talk)] == ["resident", "system"]
    assert turns.load_events(db, talk) == []


def test_a_turn_that_asks_for_a_person_speaks_first_and_then_has_nothing_to_say(db: Database, talk: str) -> None:
    wish = talks(db, talk, "a person please", AT)
    meanwhile = talks(db, talk, "hello?", AT)
    reply, asks = Reply("I will find somebody."), Asks("asked", "waste", {"title": "Missed bin"})
    turns.commit_turn(db, Turn(talk, 0, HEARD, [reply], message_id=wish, asks=asks), AT)
    now = ownership.standing(db, talk)
    assert now and (now.owner, now.version) == ("queued", 1)
    assert said(db, talk) == [
        ("resident", "a person please", "handled"),
        ("resident", "hello?", "handled"),
        ("assistant", "I will find somebody.", "handled"),
    ]
    with pytest.raises(StaleTurn):
        answer(db, talk, meanwhile, "Hello!", stored=2)


def test_of_two_assistants_one_goes_on_after_a_hand_back(db: Database, talk: str) -> None:
    pull(db, talk, "ann", AT)
    hand_back(db, talk, "ann", AT)
    (waiting,) = messages.unhandled(db, talk)
    answer(db, talk, waiting.id, "I am back.")
    for stored in (0, 2):
        with pytest.raises(StaleTurn):
            answer(db, talk, waiting.id, "I am back.", stored=stored)
    assert [text for sender, text, _ in said(db, talk) if sender == "assistant"] == ["I am back."]


def test_what_was_said_without_the_assistant_is_known_until_it_has_heard_it(db: Database, talk: str) -> None:
    first = talks(db, talk, "bins", AT)
    answer(db, talk, first, "On Monday.")
    talks(db, talk, "but it was not", AT)
    pull(db, talk, "ann", AT)
    replies(db, talk, "ann", "Sorry", AT)
    late = talks(db, talk, "thanks", AT)
    messages.hand_to_staff(db, late, AT)
    hand_back(db, talk, "ann", AT)
    assert turns.memory(db, talk) == Memory(2, 2, 0)
    unheard = [each.text for each in messages.unheard(db, talk, 2)]
    assert unheard == ["but it was not", "Sorry", "thanks"]
    answer(db, talk, messages.unhandled(db, talk)[0].id, "I am back.", stored=2)
    assert turns.memory(db, talk) == Memory(4, None, 0)


def test_a_talk_with_staff_in_two_parts_is_unheard_from_its_beginning(db: Database, talk: str) -> None:
    ask(db, talk, AT)
    talks(db, talk, "anybody?", AT)
    give_up(db, talk, AT)
    pull(db, talk, "ann", AT)
    replies(db, talk, "ann", "Here I am", AT)
    assert turns.memory(db, talk).unheard_from == 0
    assert [each.text for each in messages.unheard(db, talk, 0)] == ["anybody?", "Here I am"]


def test_a_message_that_came_while_staff_left_is_still_answered(db: Database, talk: str) -> None:
    ask(db, talk, AT)
    take(db, talk, "ann", AT)
    waiting = talks(db, talk, "and my bin?", AT)
    hand_back(db, talk, "ann", AT)
    found = messages.next_waiting(db, talk)
    assert found is not None and (found[0].id, found[1]) == (waiting, "assistant")
    answer(db, talk, waiting, "On Monday.")
    assert [each.payload for each in messages.unhandled(db, talk)] == ["/back_from_person"]
