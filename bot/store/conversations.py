"""Conversations and the sessions that open them: who may read and write what was said."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.store.engine import Database
from bot.store.schema import conversation, session

ASSISTANT = "assistant"


@dataclass(frozen=True)
class Conversation:
    """The state of one talk. ``owner`` is who answers now; ``ended`` talks take no more messages."""

    id: str
    channel: str
    owner: str
    version: int
    ended: bool


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def start(connection: Connection, channel: str, at: datetime, conversation_id: str = "") -> str:
    """Add a conversation that the assistant owns; its id."""
    conversation_id = conversation_id or uuid.uuid4().hex
    values = {"id": conversation_id, "channel": channel, "owner": ASSISTANT, "version": 0, "last_seq": 0}
    connection.execute(insert(conversation).values(**values, created_at=at, last_at=at))
    return conversation_id


def open_session(db: Database, channel: str, at: datetime, lasts: timedelta) -> tuple[str, str]:
    """A new conversation and the token that opens it (256 random bits, kept only as a hash): (token, its id)."""
    token = secrets.token_urlsafe(32)
    with db.write() as connection:
        conversation_id = start(connection, channel, at)
        values = {"token_hash": _hash(token), "conversation_id": conversation_id, "expires_at": at + lasts}
        connection.execute(insert(session).values(**values))
    return token, conversation_id


def by_token(db: Database, token: str, at: datetime) -> Conversation | None:
    """The conversation that ``token`` opens; None for an unknown or expired token."""
    with db.read() as connection:
        row = connection.execute(
            select(conversation).join(session).where(session.c.token_hash == _hash(token), session.c.expires_at > at)
        ).first()
    return _conversation(row) if row else None


def by_id(db: Database, conversation_id: str) -> Conversation | None:
    with db.read() as connection:
        row = connection.execute(select(conversation).where(conversation.c.id == conversation_id)).first()
    return _conversation(row) if row else None


def prolong(connection: Connection, conversation_id: str, until: datetime) -> None:
    """A message keeps its sessions alive until ``until``."""
    connection.execute(update(session).where(session.c.conversation_id == conversation_id).values(expires_at=until))


def end(db: Database, conversation_id: str, at: datetime) -> None:
    """Close a conversation: what was said stays, nothing can be added, its sessions open nothing."""
    with db.write() as connection:
        connection.execute(
            update(conversation)
            .where(conversation.c.id == conversation_id, conversation.c.ended_at.is_(None))
            .values(ended_at=at)
        )
        connection.execute(delete(session).where(session.c.conversation_id == conversation_id))


def _conversation(row: object) -> Conversation:
    return Conversation(row.id, row.channel, row.owner, row.version, row.ended_at is not None)  # type: ignore[attr-defined]
