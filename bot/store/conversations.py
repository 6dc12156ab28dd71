"""Conversations and the sessions that open them: who may read and write what was said."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.engine import Connection

from bot.handover import ASSISTANT, QUEUED
from bot.store.engine import Database
from bot.store.schema import conversation, handover, session

# What every message asks is put into SQL once: that takes longer than the database then needs for it.
_BY_KEY = (
    select(conversation, session.c.token_hash, session.c.expires_at)
    .join(session)
    .where(session.c.token_hash == bindparam("key"), session.c.expires_at > bindparam("at"))
)
_PROLONG = update(session).where(session.c.conversation_id == bindparam("whose"))
_TOUCH = (
    update(conversation)
    .where(conversation.c.id == bindparam("whose"))
    .values(revision=conversation.c.revision + 1, changed_at=bindparam("at"))
)
_REVISION = select(conversation.c.revision).where(conversation.c.id == bindparam("whose"))
_CHANGED = select(conversation.c.id, conversation.c.revision).where(conversation.c.changed_at >= bindparam("since"))


@dataclass(frozen=True)
class Conversation:
    """The state of one talk. ``owner`` is who answers now; ``ended`` talks take no more messages.

    ``revision`` grows with everything that a reader should see; ``last_seq`` is the number of the newest message.
    """

    id: str
    channel: str
    owner: str
    version: int
    revision: int
    last_seq: int
    ended: bool


@dataclass(frozen=True)
class Session(Conversation):
    """A conversation as its resident has it open: by ``key``, the hash of a token, until ``expires_at``."""

    key: str
    expires_at: datetime


def hash_token(token: str) -> str:
    """What is kept of a token. It has 256 random bits, so that a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(connection: Connection, channel: str, at: datetime, conversation_id: str = "", language: str = "en") -> str:
    """Add a conversation that the assistant owns, on a page in ``language`` (BCP 47); its id."""
    conversation_id = conversation_id or uuid.uuid4().hex
    values = {"id": conversation_id, "channel": channel, "owner": ASSISTANT, "version": 0, "last_seq": 0}
    values["language"] = language
    moments = dict.fromkeys(("changed_at", "owner_since", "created_at", "last_at"), at)
    connection.execute(insert(conversation).values(**values, **moments))
    return conversation_id


def open_session(
    db: Database, channel: str, at: datetime, lasts: timedelta, language: str = "en"
) -> tuple[str, Session]:
    """A new conversation and the token that opens it (256 random bits, kept only as a hash)."""
    token = secrets.token_urlsafe(32)
    with db.write() as connection:
        conversation_id = start(connection, channel, at, language=language)
        values = {"token_hash": hash_token(token), "conversation_id": conversation_id, "expires_at": at + lasts}
        connection.execute(insert(session).values(**values))
    return token, Session(conversation_id, channel, ASSISTANT, 0, 0, 0, False, hash_token(token), at + lasts)


def by_token(db: Database, token: str, at: datetime) -> Session | None:
    """The conversation that ``token`` opens; None for an unknown or expired token."""
    with db.read() as connection:
        return by_key(connection, hash_token(token), at)


def by_key(connection: Connection, key: str, at: datetime) -> Session | None:
    """As ``by_token``, by the token's hash."""
    row = connection.execute(_BY_KEY, {"key": key, "at": at}).first()
    return Session(*_values(row), row.token_hash, row.expires_at) if row else None


def by_id(db: Database, conversation_id: str) -> Conversation | None:
    with db.read() as connection:
        row = connection.execute(select(conversation).where(conversation.c.id == conversation_id)).first()
    return conversation_of(row) if row else None


def conversation_of(row: Any) -> Conversation:
    """A conversation from its row."""
    return Conversation(*_values(row))


def revision(db: Database, conversation_id: str) -> int | None:
    """How often there was something new for the readers of a conversation; None when there is none of this id."""
    with db.read() as connection:
        found = connection.execute(_REVISION, {"whose": conversation_id}).scalar()
    return None if found is None else int(found)


def place_in_queue(connection: Connection, waiting: Conversation) -> int | None:
    """How many of its team's queue are served no later than this conversation, itself included; None unless it waits.

    The more urgent come first, then those who have waited longest.
    """
    if waiting.owner != QUEUED:
        return None
    mine = handover.alias()
    before = (handover.c.priority < mine.c.priority) | (
        (handover.c.priority == mine.c.priority) & (handover.c.queued_at <= mine.c.queued_at)
    )
    query = select(func.count()).where(
        mine.c.conversation_id == waiting.id,
        mine.c.state == QUEUED,
        handover.c.state == QUEUED,
        handover.c.team == mine.c.team,
        before,
    )
    return int(connection.execute(query).scalar() or 1)


def prolong(connection: Connection, conversation_id: str, until: datetime) -> None:
    """A message keeps its sessions alive until ``until``."""
    connection.execute(_PROLONG, {"whose": conversation_id, "expires_at": until})


def keep_open(db: Database, conversation_id: str, at: datetime, until: datetime) -> None:
    """The resident is still there: its sessions last until ``until``, and whoever reads along is told."""
    with db.write() as connection:
        prolong(connection, conversation_id, until)
        touch(connection, conversation_id, at)


def touch(connection: Connection, conversation_id: str, at: datetime) -> None:
    """There is something new for the readers of a conversation."""
    connection.execute(_TOUCH, {"whose": conversation_id, "at": at})


def changed_since(db: Database, since: datetime) -> list[tuple[str, int]]:
    """The conversations with news since a moment, and their revisions."""
    with db.read() as connection:
        return [(row.id, row.revision) for row in connection.execute(_CHANGED, {"since": since})]


def end(connection: Connection, conversation_id: str, at: datetime) -> None:
    """Close a conversation: what was said stays, nothing can be added, its sessions open nothing."""
    connection.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id, conversation.c.ended_at.is_(None))
        .values(ended_at=at)
    )
    connection.execute(delete(session).where(session.c.conversation_id == conversation_id))
    touch(connection, conversation_id, at)


def _values(row: Any) -> tuple[str, str, str, int, int, int, bool]:
    return row.id, row.channel, row.owner, row.version, row.revision, row.last_seq, row.ended_at is not None
