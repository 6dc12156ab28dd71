"""The ledger of what was said: residents' messages in, one commit a turn, everything out by cursor.

A resident's message is stored once (its provider's id is unique in the conversation) in state ``received``.
``commit_turn`` writes Rasa's new events, the replies, what was understood and the mark ``handled`` in one
transaction: a turn that dies before it leaves no trace and is simply done again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.store import conversations
from bot.store.engine import Database
from bot.store.schema import conversation, handover, message, tracker_event, turn

RECEIVED, HANDLED, FAILED = "received", "handled", "failed"
RESIDENT, ASSISTANT, SYSTEM, STAFF = "resident", "assistant", "system", "staff"


class StaleTurn(Exception):
    """The turn was already committed, or another process went on with the conversation; nothing was written."""


@dataclass(frozen=True)
class Choice:
    """A button: ``payload`` is for Rasa and stays on the council's machines; ``id`` is what a browser sends."""

    id: str
    title: str
    payload: str


@dataclass(frozen=True)
class Message:
    """One thing said. ``seq`` counts from 1 within its conversation."""

    id: int
    conversation_id: str
    seq: int
    sender: str
    text: str
    choices: tuple[Choice, ...]
    payload: str
    state: str
    attempts: int
    at: datetime


@dataclass(frozen=True)
class Reply:
    """Something the assistant says; ``choices`` are pairs of title and payload."""

    text: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Understood:
    """What was understood of one message. ``entities`` are masked by the caller."""

    query: str | None
    confidence: float
    runner_up: str | None
    runner_up_confidence: float
    refused: bool
    safety: str | None
    entities: tuple[Mapping[str, str], ...]
    journey: str | None
    model: str


@dataclass(frozen=True)
class LeftMessage:
    """A message for staff: a reference to quote, why, and what they need to know."""

    reference: str
    reason: str
    summary: Mapping[str, Any]


@dataclass(frozen=True)
class Turn:
    """Everything that one commit writes. ``stored`` is how many events the writer believes are stored;
    ``rewrite`` replaces them all (a shortened working memory). ``erase`` forgets what was said before."""

    conversation_id: str
    stored: int
    events: Sequence[Mapping[str, Any]]
    replies: Sequence[Reply]
    message_id: int | None = None
    understood: Understood | None = None
    left_message: LeftMessage | None = None
    rewrite: bool = False
    erase: bool = False


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
        new_id = _add(
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
        rows = connection.execute(
            select(message)
            .where(message.c.conversation_id == conversation_id, message.c.state == RECEIVED)
            .order_by(message.c.seq)
        )
        return [_message(row) for row in rows]


def by_id(db: Database, message_id: int) -> Message | None:
    with db.read() as connection:
        row = connection.execute(select(message).where(message.c.id == message_id)).first()
    return _message(row) if row else None


def hand_to_staff(db: Database, message_id: int) -> None:
    """Mark a message ``handled`` without an answer: a person has the conversation and reads it in the ledger."""
    with db.write() as connection:
        _mark(connection, message_id, HANDLED)


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
        if _mark(connection, waiting.id, FAILED):
            _add(connection, waiting.conversation_id, SYSTEM, apology, at)


def commit_turn(db: Database, done: Turn, at: datetime) -> None:
    """Write one turn wholly or not at all. Raises StaleTurn when it was overtaken."""
    try:
        with db.write() as connection:
            _commit(connection, done, at)
    except IntegrityError as error:
        raise StaleTurn(done.conversation_id) from error


def _commit(connection: Connection, done: Turn, at: datetime) -> None:
    known = connection.execute(
        select(conversation.c.id).where(conversation.c.id == done.conversation_id).with_for_update()
    ).scalar()
    if known is None:
        conversations.start(connection, "other", at, done.conversation_id)
    if count_events(connection, done.conversation_id) != done.stored:
        raise StaleTurn(done.conversation_id)
    if done.message_id is not None and not _mark(connection, done.message_id, HANDLED):
        raise StaleTurn(done.conversation_id)
    if done.erase:
        _erase(connection, done.conversation_id, but_waiting=True)
    _write_events(connection, done)
    for reply in done.replies:
        choices = [
            {"id": secrets.token_urlsafe(9), "title": title, "payload": payload} for title, payload in reply.choices
        ]
        _add(connection, done.conversation_id, ASSISTANT, reply.text, at, choices=choices)
    if done.understood and done.message_id is not None and not done.erase:
        _write_understood(connection, done, done.understood, at)
    if done.left_message:
        _leave_message(connection, done.conversation_id, done.left_message, at)


def _write_events(connection: Connection, done: Turn) -> None:
    first = done.stored
    if done.rewrite or done.erase:
        connection.execute(delete(tracker_event).where(tracker_event.c.conversation_id == done.conversation_id))
        first = 0
    rows = [
        {"conversation_id": done.conversation_id, "n": first + offset, "data": json.dumps(event)}
        for offset, event in enumerate(done.events)
    ]
    if rows:
        connection.execute(insert(tracker_event), rows)


def _write_understood(connection: Connection, done: Turn, understood: Understood, at: datetime) -> None:
    connection.execute(
        insert(turn).values(
            message_id=done.message_id,
            conversation_id=done.conversation_id,
            query=understood.query,
            confidence=understood.confidence,
            runner_up=understood.runner_up,
            runner_up_confidence=understood.runner_up_confidence,
            refused=understood.refused,
            safety=understood.safety,
            entities=[dict(entity) for entity in understood.entities],
            journey=understood.journey,
            model=understood.model,
            at=at,
        )
    )


def _leave_message(connection: Connection, conversation_id: str, left: LeftMessage, at: datetime) -> None:
    known = connection.execute(select(handover.c.reference).where(handover.c.reference == left.reference)).scalar()
    if known is None:  # the reference is made from the message's id: the same turn done again gives the same
        connection.execute(
            insert(handover).values(
                reference=left.reference,
                conversation_id=conversation_id,
                state="message_left",
                reason=left.reason,
                summary=dict(left.summary),
                created_at=at,
            )
        )


def count_events(connection: Connection, conversation_id: str) -> int:
    query = select(func.count()).where(tracker_event.c.conversation_id == conversation_id)
    return int(connection.execute(query).scalar() or 0)


def load_events(db: Database, conversation_id: str) -> list[dict[str, Any]]:
    """Rasa's stored events of a conversation, as dictionaries, in order."""
    query = (
        select(tracker_event.c.data)
        .where(tracker_event.c.conversation_id == conversation_id)
        .order_by(tracker_event.c.n)
    )
    with db.read() as connection:
        return [json.loads(data) for data in connection.execute(query).scalars()]


def stored_events(db: Database, conversation_id: str) -> int:
    """How many of Rasa's events are stored for a conversation."""
    with db.read() as connection:
        return count_events(connection, conversation_id)


def after(db: Database, conversation_id: str, cursor: int) -> list[Message]:
    """What was said after message number ``cursor``, in order."""
    with db.read() as connection:
        rows = connection.execute(
            select(message)
            .where(message.c.conversation_id == conversation_id, message.c.seq > cursor)
            .order_by(message.c.seq)
        )
        return [_message(row) for row in rows]


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
        _erase(connection, conversation_id)


def _erase(connection: Connection, conversation_id: str, but_waiting: bool = False) -> None:
    """``but_waiting``: what was sent after the wish to erase still gets its answer."""
    for table in (turn, tracker_event, handover):
        connection.execute(delete(table).where(table.c.conversation_id == conversation_id))
    said = delete(message).where(message.c.conversation_id == conversation_id)
    connection.execute(said.where(message.c.state != RECEIVED) if but_waiting else said)


def _mark(connection: Connection, message_id: int, state: str) -> bool:
    changed = connection.execute(
        update(message).where(message.c.id == message_id, message.c.state == RECEIVED).values(state=state)
    )
    return changed.rowcount == 1


def _add(
    connection: Connection,
    conversation_id: str,
    sender: str,
    text: str,
    at: datetime,
    choices: Sequence[Mapping[str, str]] = (),
    payload: str = "",
    provider_id: str | None = None,
    state: str = HANDLED,
) -> int:
    connection.execute(
        update(conversation).where(conversation.c.id == conversation_id).values(last_seq=conversation.c.last_seq + 1)
    )
    seq = connection.execute(select(conversation.c.last_seq).where(conversation.c.id == conversation_id)).scalar()
    result = connection.execute(
        insert(message).values(
            conversation_id=conversation_id,
            seq=seq,
            sender=sender,
            text=text,
            choices=list(choices),
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
        row.sender,
        row.text,
        choices,
        row.payload or "",
        row.state,
        row.attempts,
        row.at,
    )
