"""The ledger, Rasa's events, messages left for staff, accounts and the audit trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _conversation_key(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=f"fk_{table}_conversation_id", ondelete="CASCADE"
        ),
    ]


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        _moment("created_at"),
        _moment("last_at"),
        _moment("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(64), nullable=False),
        *_conversation_key("session"),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_session"),
    )
    op.create_index("ix_session_conversation_id", "session", ["conversation_id"])
    op.create_table(
        "message",
        sa.Column("id", sa.Integer, nullable=False),
        *_conversation_key("message"),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("sender", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("payload", sa.Text),
        sa.Column("provider_id", sa.String(128)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_message_conversation_id_seq"),
        sa.UniqueConstraint("conversation_id", "provider_id", name="uq_message_conversation_id_provider_id"),
    )
    op.create_index("ix_message_state", "message", ["state"])
    op.create_table(
        "turn",
        sa.Column("message_id", sa.Integer, nullable=False),
        *_conversation_key("turn"),
        sa.Column("query", sa.String(64)),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("runner_up", sa.String(64)),
        sa.Column("runner_up_confidence", sa.Float, nullable=False),
        sa.Column("refused", sa.Boolean, nullable=False),
        sa.Column("safety", sa.String(32)),
        sa.Column("entities", sa.JSON, nullable=False),
        sa.Column("journey", sa.String(64)),
        sa.Column("model", sa.String(128), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("message_id", name="pk_turn"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_turn_message_id", ondelete="CASCADE"),
    )
    op.create_index("ix_turn_conversation_id", "turn", ["conversation_id"])
    op.create_table(
        "tracker_event",
        *_conversation_key("tracker_event"),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "n", name="pk_tracker_event"),
    )
    op.create_table(
        "handover",
        sa.Column("reference", sa.String(32), nullable=False),
        *_conversation_key("handover"),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("summary", sa.JSON, nullable=False),
        _moment("created_at"),
        _moment("done_at", nullable=True),
        sa.Column("done_by", sa.String(128)),
        sa.PrimaryKeyConstraint("reference", name="pk_handover"),
    )
    op.create_index("ix_handover_conversation_id", "handover", ["conversation_id"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        _moment("at"),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "staff_account",
        sa.Column("username", sa.String(128), nullable=False),
        sa.Column("password_hash", sa.String(256), nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("username", name="pk_staff_account"),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("username", sa.String(128), nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_session"),
        sa.ForeignKeyConstraint(
            ["username"], ["staff_account.username"], name="fk_staff_session_username", ondelete="CASCADE"
        ),
    )
