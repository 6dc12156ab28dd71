"""The record of a talk with staff: found by its conversation, closed once with what came of it."""

from __future__ import annotations

from datetime import timedelta

from bot.handover import CLOSED, WRAP_UP
from bot.store import conversations, handovers, notes
from bot.store.engine import Database
from tests.bot.store.conftest import AT
from tests.support.handing import ask, hand_back, pull, take

LATER = AT + timedelta(minutes=5)


def _over(db: Database, talk: str) -> str:
    """The reference of a talk that Sam had."""
    ask(db, talk, AT, summary={"title": "Missed bin"})
    reference = take(db, talk, "sam", AT).handover
    hand_back(db, talk, "sam", AT)
    assert reference
    return reference


def test_it_is_closed_once_with_outcome_tags_and_note(db: Database, talk: str) -> None:
    reference = _over(db, talk)
    before = conversations.by_id(db, talk)
    assert handovers.wrap_up(db, reference, "answered", ["complaint"], "Ring back", "sam", LATER)
    assert not handovers.wrap_up(db, reference, "no_reply", [], "Too late", "kim", LATER)
    found, after = handovers.by_reference(db, reference), conversations.by_id(db, talk)
    assert found and before and after
    assert (found.state, found.staff, found.left_at) == (CLOSED, "sam", AT)
    assert (found.outcome, found.tags, found.done_by, found.done_at) == ("answered", ("complaint",), "sam", LATER)
    assert [(each.kind, each.author, each.text) for each in notes.of(db, talk)] == [(notes.NOTE, "sam", "Ring back")]
    assert after.revision > before.revision and after.last_seq == before.last_seq


def test_a_talk_is_no_message_that_somebody_left(db: Database, talk: str) -> None:
    handovers.wrap_up(db, _over(db, talk), "answered", [], "", "sam", LATER)
    assert handovers.listed(db, CLOSED) == [] and not notes.of(db, talk)


def test_a_conversation_has_the_record_that_it_is_in_else_its_last(db: Database, talk: str) -> None:
    assert handovers.of_conversation(db, talk) is None
    first = _over(db, talk)
    found = handovers.of_conversation(db, talk)
    assert found and (found.reference, found.state) == (first, WRAP_UP)
    second = pull(db, talk, "kim", LATER).handover
    found = handovers.of_conversation(db, talk)
    assert found and found.reference == second != first
    hand_back(db, talk, "kim", LATER)
    found = handovers.of_conversation(db, talk)
    assert found and found.reference == second
