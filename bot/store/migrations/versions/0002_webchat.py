"""What the web chat shows live and takes besides words: revisions, questions that want more, uploads, ratings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
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
    op.add_column("conversation", sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    op.add_column("conversation", _moment("changed_at", nullable=True))
    op.add_column("conversation", _moment("owner_since", nullable=True))
    op.execute("UPDATE conversation SET changed_at = last_at, owner_since = created_at")
    with op.batch_alter_table("conversation") as table:
        table.alter_column("changed_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        table.alter_column("owner_since", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.create_index("ix_conversation_changed_at", "conversation", ["changed_at"])
    op.add_column("message", sa.Column("wants", sa.JSON))
    op.create_table(
        "upload",
        sa.Column("id", sa.String(64), nullable=False),
        *_conversation_key("upload"),
        sa.Column("media_type", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name="pk_upload"),
    )
    op.create_index("ix_upload_conversation_id", "upload", ["conversation_id"])
    op.create_table(
        "rating",
        *_conversation_key("rating"),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_rating"),
        sa.CheckConstraint("score between 1 and 5", name="score_in_range"),
    )
    op.create_table(
        "switch",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("changed_by", sa.String(128), nullable=False),
        _moment("changed_at"),
        sa.PrimaryKeyConstraint("name", name="pk_switch"),
    )
