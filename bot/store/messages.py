"""The ledger of what was said: residents' messages in, everything out by cursor.

A resident's message is stored once (its provider's id is unique in the conversation) in state ``received``, until a
turn marks it ``handled`` (turns.py), staff take it, or it ends with an apology.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.store import conversations
from bot.store.engine import Database
from bot.store.schema import conversation, handover, message, rating, tracker_event, turn, upload

RECEIVED, HANDLED, FAILED = "received", "handled", "failed"
RESIDENT, ASSISTANT, SYSTEM, STAFF = "resident", "assistant", "system", "staff"


@dataclass(frozen=True)
class Choice:
    """A button: ``payload`` is for Rasa and stays on the council's machines; ``id`` is what a browser sends."""

    id: str
    title: str
    payload: str


@dataclass(frozen=True)
class Wants:
    """What a question takes besides words: ``type`` is photo, document or place, ``question`` what it answers."""

    type: str
    question: str


@dataclass(frozen=True)
class Message:
    """One thing said. ``seq`` counts from 1 within its conversation; ``provider_id`` is the sender's own id for it."""

    id: int
    conversation_id: str
    seq: int
    provider_id: str | None
    sender: str
    text: str
    choices: tuple[Choice, ...]
    wants: Wants | None
    payload: str
    state: str
    attempts: int
    at: datetime


def receive(
    db: Database,
    conversation_id: str,
    provider_id: str,
    text: str,
    payload: str,
    at: datetime,
    until: datetime,
) -> tuple[int, bool]:
    """Store a resident's message once: (its id, whether it is new). The session then lasts ``until``."""
    with db.write() as connection:
        # The same message may come twice at once; whoever is second waits here and then finds the first.
        connection.execute(select(conversation.c.id).where(conversation.c.id == conversation_id).with_for_update())
        known = connection.execute(
            select(message.c.id).where(
                message.c.conversation_id == conversation_id, message.c.provider_id == provider_id
            )
        ).scalar()
        if known is not None:
            return known, False
        new_id = add(
            connection,
            conversation_id,
            RESIDENT,
            text,
            at,
            payload=payload,
            provider_id=provider_id,
            state=RECEIVED,
        )
        connection.execute(update(conversation).where(conversation.c.id == conversation_id).values(last_at=at))
        conversations.prolong(connection, conversation_id, until)
        return new_id, True


def unhandled(db: Database, conversation_id: str) -> list[Message]:
    """The residents' messages of a conversation that wait for an answer, oldest first."""
    with db.read() as connection:
        rows = connection.execute(select(message).where(_waits(conversation_id)).order_by(message.c.seq))
        return [_message(row) for row in rows]


def is_waiting(connection: Connection, conversation_id: str) -> bool:
    """Whether any message of a conversation waits for an answer."""
    return connection.execute(select(message.c.id).where(_waits(conversation_id)).limit(1)).first() is not None


def _waits(conversation_id: str) -> Any:
    return (message.c.conversation_id == conversation_id) & (message.c.state == RECEIVED)


def by_id(db: Database, message_id: int) -> Message | None:
    with db.read() as connection:
        row = connection.execute(select(message).where(message.c.id == message_id)).first()
    return _message(row) if row else None


def is_known(db: Database, conversation_id: str, provider_id: str) -> bool:
    """Whether a resident's message with this id of its sender is stored."""
    with db.read() as connection:
        query = select(message.c.id).where(
            message.c.conversation_id == conversation_id, message.c.provider_id == provider_id
        )
        return connection.execute(query).first() is not None


def hand_to_staff(db: Database, message_id: int, at: datetime) -> None:
    """Mark a message ``handled`` without an answer: a person has the conversation and reads it in the ledger."""
    with db.write() as connection:
        mark(connection, message_id, HANDLED, at)


def conversations_waiting(db: Database) -> list[str]:
    """Ids of the conversations with an unanswered message: what a starting assistant takes up again."""
    with db.read() as connection:
        query = select(message.c.conversation_id).where(message.c.state == RECEIVED).distinct()
        return list(connection.execute(query).scalars())


def count_attempt(db: Database, message_id: int) -> int:
    """Note that a turn for this message begins; how often that was so, this time included."""
    with db.write() as connection:
        connection.execute(update(message).where(message.c.id == message_id).values(attempts=message.c.attempts + 1))
        return int(connection.execute(select(message.c.attempts).where(message.c.id == message_id)).scalar() or 0)


def give_up(db: Database, waiting: Message, apology: str, at: datetime) -> None:
    """Mark a message ``failed`` and tell the resident, in one transaction; nothing if it is answered by now."""
    with db.write() as connection:
        if mark(connection, waiting.id, FAILED, at):
            add(connection, waiting.conversation_id, SYSTEM, apology, at)


def after(db: Database, conversation_id: str, cursor: int) -> list[Message]:
    """What was said after message number ``cursor``, in order."""
    with db.read() as connection:
        return said_after(connection, conversation_id, cursor)


def said_after(connection: Connection, conversation_id: str, cursor: int) -> list[Message]:
    """As ``after``, where other things are read in the same moment."""
    rows = connection.execute(
        select(message)
        .where(message.c.conversation_id == conversation_id, message.c.seq > cursor)
        .order_by(message.c.seq)
    )
    return [_message(row) for row in rows]


def wanted(db: Database, conversation_id: str) -> Wants | None:
    """What the assistant's last message asks for besides words."""
    with db.read() as connection:
        last = connection.execute(
            select(message.c.wants)
            .where(message.c.conversation_id == conversation_id, message.c.sender == ASSISTANT)
            .order_by(message.c.seq.desc())
            .limit(1)
        ).scalar()
    return Wants(**last) if last else None


def find_choice(db: Database, conversation_id: str, choice_id: str) -> Choice | None:
    """The button with this id, if it was offered in this conversation."""
    with db.read() as connection:
        rows = connection.execute(
            select(message.c.choices)
            .where(message.c.conversation_id == conversation_id, message.c.sender == ASSISTANT)
            .order_by(message.c.seq.desc())
        ).scalars()
        for choices in rows:
            for choice in choices:
                if secrets.compare_digest(choice["id"].encode(), choice_id.encode()):
                    return Choice(**choice)
    return None


def erase(db: Database, conversation_id: str) -> None:
    """Forget what was said in a conversation: messages, Rasa's memory, what was understood, messages to staff."""
    with db.write() as connection:
        erase_said(connection, conversation_id)


def erase_said(connection: Connection, conversation_id: str, but_waiting: bool = False) -> None:
    """``but_waiting``: what was sent after the wish to erase still gets its answer."""
    for table in (turn, tracker_event, handover, rating, upload):
        connection.execute(delete(table).where(table.c.conversation_id == conversation_id))
    said = delete(message).where(message.c.conversation_id == conversation_id)
    connection.execute(said.where(message.c.state != RECEIVED) if but_waiting else said)


def mark(connection: Connection, message_id: int, state: str, at: datetime) -> bool:
    """Take a resident's message out of state ``received``; False when somebody did before."""
    changed = connection.execute(
        update(message).where(message.c.id == message_id, message.c.state == RECEIVED).values(state=state)
    )
    if changed.rowcount != 1:
        return False
    whose = select(message.c.conversation_id).where(message.c.id == message_id)
    conversations.touch(connection, connection.execute(whose).scalar(), at)  # nobody waits for an answer any more
    return True


def add(
    connection: Connection,
    conversation_id: str,
    sender: str,
    text: str,
    at: datetime,
    choices: Sequence[Mapping[str, str]] = (),
    wants: Wants | None = None,
    payload: str = "",
    provider_id: str | None = None,
    state: str = HANDLED,
) -> int:
    """Add what somebody said, with the next number in its conversation; its id."""
    connection.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id)
        .values(last_seq=conversation.c.last_seq + 1, revision=conversation.c.revision + 1, changed_at=at)
    )
    seq = connection.execute(select(conversation.c.last_seq).where(conversation.c.id == conversation_id)).scalar()
    result = connection.execute(
        insert(message).values(
            conversation_id=conversation_id,
            seq=seq,
            sender=sender,
            text=text,
            choices=list(choices),
            wants=asdict(wants) if wants else None,
            payload=payload,
            provider_id=provider_id,
            state=state,
            attempts=0,
            at=at,
        )
    )
    return int(result.inserted_primary_key[0])


def _message(row: Any) -> Message:
    choices = tuple(Choice(**choice) for choice in row.choices)
    return Message(
        row.id,
        row.conversation_id,
        row.seq,
        row.provider_id,
        row.sender,
        row.text,
        choices,
        Wants(**row.wants) if row.wants else None,
        row.payload or "",
        row.state,
        row.attempts,
        row.at,
    )
