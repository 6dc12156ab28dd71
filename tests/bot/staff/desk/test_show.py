"""The lines of a conversation: what was said in the ledger's order, notes between by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.staff.desk.show import lines
from bot.store.messages import RESIDENT, SYSTEM, Message
from bot.store.notes import NOTE, Note

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def message(seq: int, sender: str, text: str, seconds: float) -> Message:
    at = NOON + timedelta(seconds=seconds)
    return Message(seq, "talk", seq, None, sender, text, (), None, "", "handled", 0, at)


def test_messages_keep_the_order_of_the_ledger_whatever_their_times_say() -> None:
    said = [message(1, RESIDENT, "Are you there?", 0.02), message(2, SYSTEM, "Please wait a moment.", 0.01)]
    assert [line.seq for line in lines(said, [], {})] == [1, 2]


def test_a_note_stands_where_its_time_is() -> None:
    said = [message(1, RESIDENT, "one", 0), message(2, RESIDENT, "two", 20), message(3, RESIDENT, "three", 19)]
    note = Note(1, "talk", "ann", NOTE, "between", NOON + timedelta(seconds=10))
    assert [line.text for line in lines(said, [note], {})] == ["one", "between", "two", "three"]
