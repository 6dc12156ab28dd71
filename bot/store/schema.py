"""The tables. ``migrations/`` brings a database to this shape; a test holds the two against each other."""

from __future__ import annotations

from collections.abc import Iterable
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
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

from bot.handover import OWNERS, STATES


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


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _steps() -> str:
    """The steps that there are, as SQL reads them."""
    return _quoted(f"{before} {event} {after}" for (before, event), after in OWNERS.items())


OWNER_IS_KNOWN = "owner in ('assistant', 'queued', 'staff')"
STAFF_OWN_BY_NAME = "(owner = 'staff') = (staff is not null)"
ASSISTANT_OWNS_ALONE = "(owner = 'assistant') = (handover is null)"

# One talk with one resident. `version` counts changes of owner; `last_seq` numbers its messages. `revision` counts
# whatever its readers should see, and `changed_at` is when that was: by these two readers notice news.
# `handover` is the one that it is in; `unheard_from` is the number of the message after which staff and resident
# talked without Rasa; `redactions` counts what was removed, so that nobody goes on with what they remember.
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
    Column("staff", String(128)),
    Column("handover", String(32)),
    Column("unheard_from", Integer),
    Column("redactions", Integer, nullable=False, server_default="0"),
    Column("language", String(16), nullable=False, server_default="en"),
    CheckConstraint(OWNER_IS_KNOWN, name="owner_is_known"),
    CheckConstraint(STAFF_OWN_BY_NAME, name="staff_own_by_name"),
    CheckConstraint(ASSISTANT_OWNS_ALONE, name="assistant_owns_alone"),
    Index(None, "changed_at"),
    Index(None, "owner"),
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
# `state` (received, handled, failed) is kept for what waits for an answer. `author` is who of the staff wrote it,
# `name` what residents read as theirs, `attachment` the file that staff sent with it.
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
    Column("author", String(128)),
    Column("name", String(64)),
    Column("attachment", JSON),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "provider_id"),
    Index(None, "state"),
)

# A photo or document that a resident or staff sent. Its bytes are a file of this id (bot/uploads/files.py).
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

# What was understood of one message: what insight and retraining rest on. Details are masked. `journey` is the form
# that asks after it; `ended` the journey that came to its end with it, and `ending` how.
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
    Column("ended", String(64)),
    Column("ending", String(64)),
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

# A conversation, or a message, given to staff. `how` is the event that ended it; `done_*` is who closed the record.
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
    Column("team", String(32), nullable=False, server_default=""),
    Column("priority", Integer, nullable=False, server_default="2"),
    Column("queued_at", Moment),
    Column("taken_at", Moment),
    Column("staff", String(128)),
    Column("first_reply_at", Moment),
    Column("left_at", Moment),
    Column("how", String(16)),
    Column("outcome", String(32)),
    Column("tags", JSON),
    CheckConstraint(f"state in ({_quoted(STATES)})", name="state_is_known"),
    Index(None, "conversation_id"),
    Index(None, "state"),
)

# Every change of owner, numbered by the conversation's version. That each begins where the one before ended, and
# that only the steps of bot/handover.py exist, is kept by the constraints; two steps of one number cannot be.
# `last_seq` is the number of the last message before it, so that it can be told who owned what was said when.
step = Table(
    "step",
    metadata,
    _conversation_key(primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("before", Integer),
    Column("owner_before", String(16), nullable=False),
    Column("event", String(16), nullable=False),
    Column("owner", String(16), nullable=False),
    Column("handover", String(32), nullable=False),
    Column("team", String(32), nullable=False),
    Column("staff", String(128)),
    Column("actor", String(128), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("conversation_id", "version", "owner", name="uq_step_chain"),
    ForeignKeyConstraint(
        ["conversation_id", "before", "owner_before"],
        ["step.conversation_id", "step.version", "step.owner"],
        name="fk_step_chain",
        ondelete="CASCADE",
    ),
    CheckConstraint(f"owner_before || ' ' || event || ' ' || owner in ({_steps()})", name="step_is_legal"),
    CheckConstraint(
        "(version = 1 and before is null and owner_before = 'assistant') or "
        "(version > 1 and before is not null and before = version - 1)",
        name="step_follows",
    ),
    Index(None, "at"),
    Index(None, "handover"),
)

# What staff write about a conversation among themselves. Nothing that a resident reads ever reads this table.
note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    _conversation_key(),
    Column("kind", String(16), nullable=False),
    Column("author", String(128), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "conversation_id"),
)

# Who looks at a conversation and how far they have read, who is typing. `who` is "" for its resident.
attention = Table(
    "attention",
    metadata,
    _conversation_key(primary_key=True),
    Column("who", String(128), primary_key=True),
    Column("seen_seq", Integer, nullable=False),
    Column("viewing_until", Moment, nullable=False),
    Column("typing_until", Moment, nullable=False),
)

# Whether a member of staff takes conversations, and when their desk was last heard of.
presence = Table(
    "presence",
    metadata,
    Column("username", String(128), ForeignKey("staff_account.username", ondelete="CASCADE"), primary_key=True),
    Column("is_available", Boolean, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("since", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

# Who of the staff did what to whose record. Rows are only ever added: triggers refuse everything else.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(128), nullable=False),
    Index(None, "action"),
    Index(None, "actor"),
)


def _username_capitalised(context: Any) -> str:
    return context.get_current_parameters()["username"][:64].capitalize()


CAPACITY = "capacity between 1 and 20"  # conversations that one person can hold at once

# Somebody who may sign in. `name` is what residents see. An account of the council's own sign-in has `issuer` and
# `subject`, which say whose it is there, and an empty `password_hash`.
staff_account = Table(
    "staff_account",
    metadata,
    Column("username", String(128), primary_key=True),
    Column("password_hash", String(256), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("name", String(64), nullable=False, default=_username_capitalised),
    Column("teams", JSON, nullable=False, default=list),
    Column("capacity", Integer, CheckConstraint(CAPACITY, name="capacity_in_range"), nullable=False, default=4),
    Column("is_active", Boolean, nullable=False, default=True),
    Column("issuer", String(256)),
    Column("subject", String(256)),
    UniqueConstraint("issuer", "subject"),
)

# A browser that somebody is signed in with. Only the token's hash is kept; `id` is how pages speak of a session.
staff_session = Table(
    "staff_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("id", String(32), nullable=False),
    Column("username", String(128), ForeignKey("staff_account.username", ondelete="CASCADE"), nullable=False),
    Column("network", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index(None, "username"),
)
