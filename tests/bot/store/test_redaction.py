"""Words are taken out of everything that a conversation left, and out of nothing else."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import LONDON
from bot.store import audit, conversations, messages, notes, ownership, ratings, redaction, turns
from bot.store.engine import Database
from bot.store.messages import Attachment
from bot.store.ratings import Rating
from bot.store.schema import metadata
from bot.store.turns import LeftMessage, Reply, Turn, Understood
from tests.support.handing import ask, pull, replies, talks

AT = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)
SECRET = "QQ 12 34 56 C"
UNDERSTOOD = Understood(*("bins", 0.9, None, 0.0, False, None), ({"entity": "number", "value": SECRET},), None, "model")


def fill(db: Database, talk: str, secret: str) -> None:
    """Leave words in every place that there is for them."""
    message_id = talks(db, talk, f"My number is {secret}, thanks", AT)
    turn = Turn(
        talk,
        0,
        [{"event": "user", "text": f"My number is {secret}", "parse_data": {"entities": [{"value": secret}]}}],
        [Reply(f"Is it {secret.lower()}?", (("Yes", "/yes" + json.dumps({"number": secret})), ("No", "/no")))],
        message_id=message_id,
        understood=UNDERSTOOD,
        left_message=LeftMessage(f"M-{talk[:8]}", "asked", {"said": {"number": [secret]}}),
    )
    turns.commit_turn(db, turn, AT)
    ask(db, talk, AT, summary={"number": secret})
    notes.add(db, talk, notes.NOTE, "ann", f"({secret})", AT)
    ratings.give(db, talk, Rating(2, f"You know {secret}"), AT)


def everything(db: Database, talk: str) -> str:
    """All that the ledger holds of a conversation, as text."""
    found: list[Any] = []
    with db.read() as connection:
        for table in metadata.sorted_tables:
            if "conversation_id" in table.c:
                mine = select(table).where(table.c.conversation_id == talk)
                found += [dict(row) for row in connection.execute(mine)]
    return json.dumps(found, default=str)


def test_no_place_keeps_the_words(db: Database, talk: str) -> None:
    other = conversations.open_session(db, "webchat", AT, AT - AT)[1].id
    fill(db, talk, SECRET)
    fill(db, other, SECRET)
    untouched = everything(db, other)
    assert everything(db, talk).lower().count(SECRET.lower()) >= 10
    assert redaction.redact(db, talk, SECRET.lower(), "ann", AT) == 8
    assert SECRET.lower() not in everything(db, talk).lower()
    assert everything(db, other) == untouched
    assert messages.after(db, talk, 0)[0].text == f"My number is {redaction.REMOVED}, thanks"
    assert messages.after(db, talk, 0)[1].choices[1].title == "No"


def test_letters_that_json_escapes_are_found(db: Database, talk: str) -> None:
    """In Rasa's memory, and in what a button means."""
    fill(db, talk, 'Zoë "Zo"')
    redaction.redact(db, talk, 'ZOË "Zo"', "ann", AT)
    assert "Zo" not in everything(db, talk)
    assert messages.after(db, talk, 0)[1].choices[0].payload == "/yes" + json.dumps({"number": redaction.REMOVED})


def test_words_are_words_and_no_pattern(db: Database, talk: str) -> None:
    talks(db, talk, "bins.* and bins", AT)
    redaction.redact(db, talk, " bins.* ", "ann", AT)
    assert messages.after(db, talk, 0)[0].text == f"{redaction.REMOVED} and bins"


def test_it_is_audited_and_told_and_nobody_goes_on_with_what_they_remember(db: Database, talk: str) -> None:
    fill(db, talk, SECRET)
    before, remembered = conversations.by_id(db, talk), turns.memory(db, talk)
    redaction.redact(db, talk, SECRET, "ann", AT)
    after = conversations.by_id(db, talk)
    (entry,) = audit.latest(db)
    assert (entry.actor, entry.action, entry.subject) == ("ann", audit.REDACTED, talk)
    assert before and after and after.revision == before.revision + 1
    assert turns.memory(db, talk).redactions == remembered.redactions + 1


@pytest.mark.parametrize("words", ["", "  ", "ab", " a "])
def test_words_too_short_are_refused(db: Database, talk: str, words: str) -> None:
    with pytest.raises(ValueError):
        redaction.redact(db, talk, words, "ann", AT)
    assert audit.latest(db) == []


def test_a_conversation_that_is_not_there_has_nothing(db: Database) -> None:
    assert redaction.redact(db, "nobody", "some words", "ann", AT) == 0


def test_what_staff_said_is_removed_too_and_their_name_stays(db: Database, talk: str) -> None:
    pull(db, talk, "ann", AT)
    replies(db, talk, "ann", f"I see {SECRET}", AT)
    redaction.redact(db, talk, SECRET, "sue", AT)
    (message,) = messages.after(db, talk, 0)
    assert (message.text, message.author, message.name) == (f"I see {redaction.REMOVED}", "ann", "Ann")


def test_of_a_file_its_words_are_removed_and_it_is_still_found(db: Database, talk: str) -> None:
    pull(db, talk, "ann", AT)
    file = Attachment("abc1" * 8, "application/pdf", 1234, f"{SECRET}.pdf", f"The letter to {SECRET}")
    ownership.staff_says(db, talk, "ann", "Ann", "", "first-id", AT, file)
    for words in (SECRET, "abc", "application"):
        redaction.redact(db, talk, words, "ann", AT)
    (message,) = messages.after(db, talk, 0)
    assert message.attachment == Attachment(
        file.upload, file.media_type, 1234, "[removed].pdf", "The letter to [removed]"
    )
