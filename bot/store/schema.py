"""The tables. ``migrations/`` brings a database to this shape; a test holds the two against each other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator):
    """An aware datetime, in UTC. SQLite keeps no zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value if value.tzinfo else value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _conversation_key(**options: bool) -> Column:
    return Column(
        "conversation_id",
        String(64),
        ForeignKey("conversation.id", ondelete="CASCADE"),
        nullable=False,
        **options,
    )


# One talk with one resident. `version` counts changes of owner; `last_seq` numbers its messages. `revision` counts
# whatever its readers should see, and `changed_at` is when that was: by these two readers notice news.
conversation = Table(
    "conversation",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("owner", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("changed_at", Moment, nullable=False),
    Column("owner_since", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(None, "changed_at"),
)

# A browser's right to one conversation. Only the token's hash is kept.
session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    _conversation_key(),
    Column("expires_at", Moment, nullable=False),
    Index(None, "conversation_id"),
)

# Everything that was said, in order. `payload` is what Rasa is given for a resident's message;
# `state` (received, handled, failed) is kept for residents' messages only.
message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    _conversation_key(),
    Column("seq", Integer, nullable=False),
    Column("sender", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("choices", JSON, nullable=False),
    Column("wants", JSON),
    Column("payload", Text),
    Column("provider_id", String(128)),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "provider_id"),
    Index(None, "state"),
)

# A photo or document that a resident sent. Its bytes are a file of this id (channels/uploads/files.py).
upload = Table(
    "upload",
    metadata,
    Column("id", String(64), primary_key=True),
    _conversation_key(),
    Column("media_type", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "conversation_id"),
)

# What a resident thought of a conversation, from 1 (bad) to 5 (good).
rating = Table(
    "rating",
    metadata,
    _conversation_key(primary_key=True),
    Column("score", Integer, CheckConstraint("score between 1 and 5", name="score_in_range"), nullable=False),
    Column("comment", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# What can be switched off while everything runs, and who did it last.
switch = Table(
    "switch",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("changed_by", String(128), nullable=False),
    Column("changed_at", Moment, nullable=False),
)

# What was understood of one message: what insight and retraining rest on. Details are masked.
turn = Table(
    "turn",
    metadata,
    Column("message_id", Integer, ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    _conversation_key(),
    Column("query", String(64)),
    Column("confidence", Float, nullable=False),
    Column("runner_up", String(64)),
    Column("runner_up_confidence", Float, nullable=False),
    Column("refused", Boolean, nullable=False),
    Column("safety", String(32)),
    Column("entities", JSON, nullable=False),
    Column("journey", String(64)),
    Column("model", String(128), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "conversation_id"),
)

# Rasa's working memory, an event a row.
tracker_event = Table(
    "tracker_event",
    metadata,
    _conversation_key(primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("data", Text, nullable=False),
)

# A conversation, or a message, given to staff.
handover = Table(
    "handover",
    metadata,
    Column("reference", String(32), primary_key=True),
    _conversation_key(),
    Column("state", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("summary", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("done_by", String(128)),
    Index(None, "conversation_id"),
)

# Who of the staff did what to whose record. Rows are only ever added.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(128), nullable=False),
)

staff_account = Table(
    "staff_account",
    metadata,
    Column("username", String(128), primary_key=True),
    Column("password_hash", String(256), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("username", String(128), ForeignKey("staff_account.username", ondelete="CASCADE"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
