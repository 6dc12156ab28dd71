"""Removing words from a conversation everywhere: what was said, Rasa's memory, what was understood, staff's records.

What another system was sent (a report, a case) is beyond this; the page that offers it says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.store import audit
from bot.store.conversations import touch
from bot.store.engine import Database
from bot.store.messages import last_seq
from bot.store.schema import conversation, handover, message, note, rating, tracker_event, turn

REMOVED = "[removed]"
_SAID = ("text", "payload", "choices", "attachment")
_NO_WORDS = ("upload", "media_type")  # of an attachment: nobody wrote them, and without them its file is lost
Clean = Callable[[Any], Any]


def redact(db: Database, conversation_id: str, words: str, by: str, at: datetime) -> int:
    """Put REMOVED in place of ``words`` wherever a conversation holds them; in how many records. Audited.

    Raises ValueError for words that are empty, or so short that they would tear holes into others.
    """
    if len(words.strip()) < 3:
        raise ValueError("too short to be removed safely")
    with db.write() as connection:
        if last_seq(connection, conversation_id) is None:
            return 0
        clean = _cleaner(words.strip())
        count = sum(
            (
                _columns(connection, message, _SAID, "id", conversation_id, clean),
                _columns(connection, note, ("text",), "id", conversation_id, clean),
                _columns(connection, rating, ("comment",), "conversation_id", conversation_id, clean),
                _columns(connection, turn, ("entities",), "message_id", conversation_id, clean),
                _columns(connection, handover, ("summary",), "reference", conversation_id, clean),
                _memory(connection, conversation_id, clean),
            )
        )
        mine = conversation.c.id == conversation_id
        connection.execute(update(conversation).where(mine).values(redactions=conversation.c.redactions + 1))
        audit.note(connection, by, audit.REDACTED, conversation_id, at)
        touch(connection, conversation_id, at)
    return count


def _cleaner(words: str) -> Clean:
    """A function that takes the words out of a text, or out of every text in a structure, however they are cased."""
    # What a button means holds words as JSON writes them, where letters are numbers that know no case.
    written = {words, *(json.dumps(cased)[1:-1] for cased in (words, words.lower(), words.upper(), words.title()))}
    pattern = re.compile("|".join(map(re.escape, sorted(written, key=len, reverse=True))), re.IGNORECASE)

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(REMOVED, value)
        if isinstance(value, Mapping):
            return {key: item if key in _NO_WORDS else clean(item) for key, item in value.items()}
        return [clean(item) for item in value] if isinstance(value, list | tuple) else value

    return clean


def _columns(
    connection: Connection, table: Any, names: Sequence[str], key: str, conversation_id: str, clean: Clean
) -> int:
    """Clean some columns of a conversation's rows; how many rows changed."""
    count = 0
    for row in connection.execute(select(table).where(table.c.conversation_id == conversation_id)).all():
        changed = {name: clean(row[name]) for name in names if row[name] and clean(row[name]) != row[name]}
        if changed:
            connection.execute(update(table).where(table.c[key] == row[key]).values(**changed))
            count += 1
    return count


def _memory(connection: Connection, conversation_id: str, clean: Clean) -> int:
    """Rasa's events, each a JSON text: what is in it is cleaned, so that an escaped letter hides nothing."""
    mine = tracker_event.c.conversation_id == conversation_id
    count = 0
    for row in connection.execute(select(tracker_event).where(mine)).all():
        event = json.loads(row.data)
        if (cleaned := clean(event)) != event:
            changed = update(tracker_event).where(mine, tracker_event.c.n == row.n)
            connection.execute(changed.values(data=json.dumps(cleaned)))
            count += 1
    return count
