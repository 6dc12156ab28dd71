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

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.engine import Connection

from bot.handover import MESSAGE_LEFT
from bot.store import conversations
from bot.store.engine import Database
from bot.store.schema import attention, conversation, handover, message, note, rating, tracker_event, turn, upload

ALL = 1_000_000
RECEIVED, HANDLED, FAILED = "received", "handled", "failed"
RESIDENT, ASSISTANT, SYSTEM, STAFF = "resident", "assistant", "system", "staff"
# What every message asks is put into SQL once: that takes longer than the database then needs for it.
_WAITS = (message.c.conversation_id == bindparam("whose")) & (message.c.state == RECEIVED)
_WAITING = select(message).where(_WAITS).order_by(message.c.seq)
_IS_WAITING = select(message.c.id).where(_WAITS).limit(1)
_NEXT = (
    select(message, conversation.c.owner)
    .join(conversation, conversation.c.id == message.c.conversation_id)
    .where(_WAITS)
    .order_by(message.c.seq)
    .limit(1)
)
_SENT_AS = (message.c.conversation_id == bindparam("whose")) & (message.c.provider_id == bindparam("sent_as"))
_KNOWN = select(message.c.id).where(_SENT_AS)
_SENT = select(message).where(_SENT_AS)
_AFTER = (
    select(message)
    .where(message.c.conversation_id == bindparam("whose"), message.c.seq > bindparam("cursor"))
    .order_by(message.c.seq)
    .limit(bindparam("limit"))
)
_ATTEMPT = update(message).where(message.c.id == bindparam("which")).values(attempts=message.c.attempts + 1)
_ATTEMPTS = select(message.c.attempts).where(message.c.id == bindparam("which"))
_MARK = update(message).where(message.c.id == bindparam("which"), message.c.state == RECEIVED)
_WHOSE = select(message.c.conversation_id).where(message.c.id == bindparam("which"))
_LOCKED = (
    select(conversation.c.last_seq, conversation.c.owner, conversation.c.unheard_from)
    .where(conversation.c.id == bindparam("whose"))
    .with_for_update()
)
_NEWS = (
    update(conversation)
    .where(conversation.c.id == bindparam("whose"))
    .values(last_seq=bindparam("last"), revision=conversation.c.revision + 1, changed_at=bindparam("now"))
)
_SAY = insert(message)


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
class Attachment:
    """A file that staff send with a message: ``upload`` is its id, ``size`` in bytes, ``width`` and ``height`` pixels.

    A picture has a ``description``, which a screen reader says in its place; a document has the ``name`` of its file,
    and a description where somebody gave one.
    """

    upload: str
    media_type: str
    size: int
    name: str = ""
    description: str = ""
    width: int = 0
    height: int = 0


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
    author: str | None = None
    name: str | None = None
    attachment: Attachment | None = None


@dataclass(frozen=True)
class Saying:
    """What somebody says, before it has its place in a conversation. Of staff, ``author`` is the username and
    ``name`` what a resident reads; ``text`` may be empty where there is an ``attachment``."""

    sender: str
    text: str
    choices: Sequence[Mapping[str, str]] = ()
    wants: Wants | None = None
    payload: str = ""
    provider_id: str | None = None
    state: str = HANDLED
    author: str | None = None
    name: str | None = None
    attachment: Attachment | None = None


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
        last = last_seq(connection, conversation_id)
        known = connection.execute(_KNOWN, {"whose": conversation_id, "sent_as": provider_id}).scalar()
        if known is not None:
            return known, False
        said = Saying(RESIDENT, text, payload=payload, provider_id=provider_id, state=RECEIVED)
        (new_id,) = say(connection, conversation_id, last or 0, [said], at, last_at=at)
        conversations.prolong(connection, conversation_id, until)
        return new_id, True


def unhandled(db: Database, conversation_id: str) -> list[Message]:
    """The residents' messages of a conversation that wait for an answer, oldest first."""
    with db.read() as connection:
        return [_message(row) for row in connection.execute(_WAITING, {"whose": conversation_id})]


def next_waiting(db: Database, conversation_id: str) -> tuple[Message, str] | None:
    """The message that waits longest in a conversation, and who owns the conversation; None when none waits."""
    with db.read() as connection:
        row = connection.execute(_NEXT, {"whose": conversation_id}).first()
    return (_message(row), row.owner) if row else None


def is_waiting(connection: Connection, conversation_id: str) -> bool:
    """Whether any message of a conversation waits for an answer."""
    return connection.execute(_IS_WAITING, {"whose": conversation_id}).first() is not None


def by_id(db: Database, message_id: int) -> Message | None:
    with db.read() as connection:
        row = connection.execute(select(message).where(message.c.id == message_id)).first()
    return _message(row) if row else None


def sent_as(db: Database, conversation_id: str, provider_id: str) -> Message | None:
    """A resident's message by its sender's id for it."""
    with db.read() as connection:
        row = connection.execute(_SENT, {"whose": conversation_id, "sent_as": provider_id}).first()
    return _message(row) if row else None


def hand_to_staff(db: Database, message_id: int, at: datetime) -> None:
    """Mark a message ``handled`` without an answer: a person has the conversation and reads it in the ledger."""
    with db.write() as connection:
        whose = connection.execute(_WHOSE, {"which": message_id}).scalar()
        lock(connection, whose)  # first, as a step does: or each would wait for what the other holds
        if take(connection, message_id, HANDLED):  # nobody waits for an answer any more
            conversations.touch(connection, whose, at)


def conversations_waiting(db: Database, sender: str | None = None) -> list[str]:
    """Ids of the conversations with an unanswered message: what a starting assistant takes up again.

    With a ``sender``: only where the message is theirs.
    """
    query = select(message.c.conversation_id).where(message.c.state == RECEIVED).distinct()
    with db.read() as connection:
        found = query if sender is None else query.where(message.c.sender == sender)
        return list(connection.execute(found).scalars())


def unheard(db: Database, conversation_id: str, after: int) -> list[Message]:
    """What staff and resident said to each other after message number ``after``: what Rasa has not heard."""
    said = select(message).where(
        message.c.conversation_id == conversation_id,
        message.c.seq > after,
        (message.c.sender == STAFF) | ((message.c.sender == RESIDENT) & (message.c.state == HANDLED)),
    )
    with db.read() as connection:
        return [_message(row) for row in connection.execute(said.order_by(message.c.seq))]


def count_attempt(db: Database, message_id: int) -> int:
    """Note that a turn for this message begins; how often that was so, this time included."""
    with db.write() as connection:
        connection.execute(_ATTEMPT, {"which": message_id})
        return int(connection.execute(_ATTEMPTS, {"which": message_id}).scalar() or 0)


def give_up(db: Database, waiting: Message, apology: str, at: datetime) -> None:
    """Mark a message ``failed`` and tell the resident, in one transaction; nothing if it is answered by now."""
    with db.write() as connection:
        last = last_seq(connection, waiting.conversation_id)
        if take(connection, waiting.id, FAILED):
            say(connection, waiting.conversation_id, last or 0, [Saying(SYSTEM, apology)], at)


def after(db: Database, conversation_id: str, cursor: int) -> list[Message]:
    """What was said after message number ``cursor``, in order."""
    with db.read() as connection:
        return said_after(connection, conversation_id, cursor)


def said_after(connection: Connection, conversation_id: str, cursor: int, limit: int = ALL) -> list[Message]:
    """As ``after``, where other things are read in the same moment; so many at most."""
    rows = connection.execute(_AFTER, {"whose": conversation_id, "cursor": cursor, "limit": limit})
    return [_message(row) for row in rows]


def first_of_last(connection: Connection, conversation_id: str, count: int) -> int:
    """The cursor after which the last ``count`` messages of a conversation are read."""
    older = (
        select(message.c.seq)
        .where(message.c.conversation_id == conversation_id)
        .order_by(message.c.seq.desc())
        .offset(count)
        .limit(1)
    )
    return int(connection.execute(older).scalar() or 0)


def first_kept(connection: Connection, conversation_id: str) -> int:
    """The number of the first message that was not erased; 0 when there is none."""
    query = select(func.min(message.c.seq)).where(message.c.conversation_id == conversation_id)
    return int(connection.execute(query).scalar() or 0)


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
    for table in (turn, tracker_event, rating, upload, note, attention):
        connection.execute(delete(table).where(table.c.conversation_id == conversation_id))
    # That there was a talk with staff stays, for the council's figures; what was said in it goes.
    given = handover.c.conversation_id == conversation_id
    connection.execute(delete(handover).where(given, handover.c.state == MESSAGE_LEFT))
    connection.execute(update(handover).where(given).values(summary={}))
    said = delete(message).where(message.c.conversation_id == conversation_id)
    connection.execute(said.where(message.c.state != RECEIVED) if but_waiting else said)


def add(connection: Connection, conversation_id: str, sender: str, text: str, at: datetime) -> int:
    """Add one thing that somebody said, with the next number in its conversation; its id."""
    (new_id,) = say(connection, conversation_id, last_seq(connection, conversation_id) or 0, [Saying(sender, text)], at)
    return new_id


def take(connection: Connection, message_id: int, state: str) -> bool:
    """Take a resident's message out of state ``received``; False when somebody did before."""
    return bool(connection.execute(_MARK, {"which": message_id, "state": state}).rowcount == 1)


@dataclass(frozen=True)
class Locked:
    """A conversation that nobody else can change until this transaction ends; see the table for the columns."""

    last_seq: int
    owner: str
    unheard_from: int | None


def lock(connection: Connection, conversation_id: str) -> Locked | None:
    """Keep a conversation from changing; None when there is none of this id."""
    row = connection.execute(_LOCKED, {"whose": conversation_id}).first()
    return Locked(row.last_seq, row.owner, row.unheard_from) if row else None


def last_seq(connection: Connection, conversation_id: str) -> int | None:
    """The number of what was said last, which nobody else can raise until this transaction ends."""
    locked = lock(connection, conversation_id)
    return locked.last_seq if locked else None


def say(
    connection: Connection, conversation_id: str, last: int, said: Sequence[Saying], at: datetime, **also: Any
) -> list[int]:
    """Add what somebody said after message number ``last``, and tell the readers, even when nothing was said.

    ``also`` are columns of the conversation that change. Returns the id of what was added, when that is one thing.
    """
    rows = [
        {**vars(one), "wants": _json(one.wants), "attachment": _json(one.attachment), "choices": list(one.choices)}
        | {"conversation_id": conversation_id, "seq": last + place, "attempts": 0, "at": at}
        for place, one in enumerate(said, start=1)
    ]
    added = []
    if len(rows) == 1:
        added = [int(connection.execute(_SAY, rows[0]).inserted_primary_key[0])]
    elif rows:
        connection.execute(_SAY, rows)
    connection.execute(_NEWS, {"whose": conversation_id, "last": last + len(rows), "now": at, **also})
    return added


def _json(value: Wants | Attachment | None) -> dict[str, Any] | None:
    return asdict(value) if value else None


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
        row.author,
        row.name,
        Attachment(**row.attachment) if row.attachment else None,
    )
