"""One commit a turn: Rasa's new events, the replies, what was understood and the mark ``handled``, or nothing.

A turn that dies before its commit leaves no trace and is simply done again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot import handover as machine
from bot.store import conversations, notes, ownership
from bot.store.engine import Database
from bot.store.messages import ASSISTANT, HANDLED, Saying, Wants, erase_said, lock, say, take
from bot.store.schema import conversation, handover, tracker_event, turn

# What every message asks is put into SQL once: that takes longer than the database then needs for it.
_COUNT = select(func.count()).where(tracker_event.c.conversation_id == bindparam("whose"))
_MEMORY = select(
    _COUNT.scalar_subquery().label("events"), conversation.c.unheard_from, conversation.c.redactions
).where(conversation.c.id == bindparam("whose"))
_REMEMBER = insert(tracker_event)
_UNDERSTAND = insert(turn)


class StaleTurn(Exception):
    """The turn was already committed, or another process went on with the conversation; nothing was written."""


@dataclass(frozen=True)
class Reply:
    """Something the assistant says; ``choices`` are pairs of title and payload, ``wants`` what it takes besides."""

    text: str
    choices: tuple[tuple[str, str], ...] = ()
    wants: Wants | None = None


@dataclass(frozen=True)
class Understood:
    """What was understood of one message. ``entities`` are masked by the caller.

    ``journey`` is the form that asks now; ``ended`` the journey that came to its end, and ``ending`` how.
    """

    query: str | None
    confidence: float
    runner_up: str | None
    runner_up_confidence: float
    refused: bool
    safety: str | None
    entities: tuple[Mapping[str, str], ...]
    journey: str | None
    model: str
    ended: str | None = None
    ending: str | None = None


@dataclass(frozen=True)
class LeftMessage:
    """A message for staff: a reference to quote, why, and what they need to know."""

    reference: str
    reason: str
    summary: Mapping[str, Any]


@dataclass(frozen=True)
class Asks:
    """The wish that staff take the conversation over: why (bot/handover.py), which team, and what they need to know."""

    reason: str
    team: str
    summary: Mapping[str, Any]


@dataclass(frozen=True)
class Memory:
    """What is stored of Rasa's memory: how many events, from which message on staff talked without it, and how often
    something was removed since."""

    events: int
    unheard_from: int | None
    redactions: int


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
    asks: Asks | None = None
    rewrite: bool = False
    erase: bool = False


def commit_turn(db: Database, done: Turn, at: datetime) -> None:
    """Write one turn wholly or not at all. Raises StaleTurn when it was overtaken.

    When staff own the conversation by now, the assistant says nothing; they can read what it was about to say.
    """
    try:
        with db.write() as connection:
            locked = lock(connection, done.conversation_id)
            is_ours = locked is None or locked.owner == machine.ASSISTANT
            if is_ours:
                last = locked.last_seq if locked else 0
                heard = {"unheard_from": None} if locked and locked.unheard_from is not None else {}
                if locked is None:
                    conversations.start(connection, "other", at, done.conversation_id)
                _commit(connection, done, last, heard, at)
            else:
                _keep_unsaid(connection, done, at)
    except IntegrityError as error:
        raise StaleTurn(done.conversation_id) from error
    if not is_ours:
        raise StaleTurn(done.conversation_id)


def _keep_unsaid(connection: Connection, done: Turn, at: datetime) -> None:
    text = "\n\n".join(reply.text for reply in done.replies if reply.text)
    if text:
        notes.write(connection, done.conversation_id, notes.UNSAID, ASSISTANT, text, at)
        conversations.touch(connection, done.conversation_id, at)


def _commit(connection: Connection, done: Turn, last: int, heard: dict[str, Any], at: datetime) -> None:
    if count_events(connection, done.conversation_id) != done.stored:
        raise StaleTurn(done.conversation_id)
    if done.message_id is not None and not take(connection, done.message_id, HANDLED):
        raise StaleTurn(done.conversation_id)
    if done.erase:
        erase_said(connection, done.conversation_id, but_waiting=True)
    _write_events(connection, done)
    say(connection, done.conversation_id, last, [_saying(reply) for reply in done.replies], at, **heard)
    if done.understood and done.message_id is not None and not done.erase:
        _write_understood(connection, done, done.understood, at)
    if done.left_message:
        _leave_message(connection, done.conversation_id, done.left_message, at)
    if done.asks:
        wanted = ownership.Change(machine.ASK, ASSISTANT, team=done.asks.team, reason=done.asks.reason)
        ownership.apply(connection, done.conversation_id, replace(wanted, summary=done.asks.summary), at)


def _saying(reply: Reply) -> Saying:
    choices = [{"id": secrets.token_urlsafe(9), "title": title, "payload": payload} for title, payload in reply.choices]
    return Saying(ASSISTANT, reply.text, choices, reply.wants)


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
        connection.execute(_REMEMBER, rows)


def _write_understood(connection: Connection, done: Turn, understood: Understood, at: datetime) -> None:
    entities = [dict(entity) for entity in understood.entities]
    about = {"message_id": done.message_id, "conversation_id": done.conversation_id, "at": at}
    connection.execute(_UNDERSTAND, {**vars(understood), **about, "entities": entities})


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


def safety_signals(db: Database, conversation_id: str) -> frozenset[str]:
    """The kinds of danger that were noticed in a conversation."""
    query = select(turn.c.safety).where(turn.c.conversation_id == conversation_id, turn.c.safety.is_not(None))
    with db.read() as connection:
        return frozenset(connection.execute(query).scalars())


def count_events(connection: Connection, conversation_id: str) -> int:
    return int(connection.execute(_COUNT, {"whose": conversation_id}).scalar() or 0)


def load_events(db: Database, conversation_id: str) -> list[dict[str, Any]]:
    """Rasa's stored events of a conversation, as dictionaries, in order."""
    query = (
        select(tracker_event.c.data)
        .where(tracker_event.c.conversation_id == conversation_id)
        .order_by(tracker_event.c.n)
    )
    with db.read() as connection:
        return [json.loads(data) for data in connection.execute(query).scalars()]


def memory(db: Database, conversation_id: str) -> Memory:
    """What is stored of Rasa's memory of a conversation; nothing for one that has not begun."""
    with db.read() as connection:
        row = connection.execute(_MEMORY, {"whose": conversation_id}).first()
    return Memory(int(row.events), row.unheard_from, row.redactions) if row else Memory(0, None, 0)
