"""Staff take conversations over: owners by constraint, steps, handovers' records, notes, attention, presence.

What the constraints allow is written out here and not taken from today's code: a migration is history.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STEPS = (
    "assistant ask queued",
    "assistant pull staff",
    "queued take staff",
    "queued move queued",
    "queued give_up assistant",
    "queued expire assistant",
    "queued leave assistant",
    "staff transfer staff",
    "staff requeue queued",
    "staff hand_back assistant",
    "staff end assistant",
    "staff leave assistant",
)
STATES = ("queued", "staff", "wrap_up", "closed", "message_left", "abandoned")


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


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
    _change_conversation()
    _change_handover()
    op.add_column("message", sa.Column("author", sa.String(128)))
    op.add_column("message", sa.Column("name", sa.String(64)))
    _make_step()
    op.create_table(
        "note",
        sa.Column("id", sa.Integer, nullable=False),
        *_conversation_key("note"),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("author", sa.String(128), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
    )
    op.create_index("ix_note_conversation_id", "note", ["conversation_id"])
    op.create_table(
        "attention",
        *_conversation_key("attention"),
        sa.Column("who", sa.String(128), nullable=False),
        sa.Column("seen_seq", sa.Integer, nullable=False),
        _moment("viewing_until"),
        _moment("typing_until"),
        sa.PrimaryKeyConstraint("conversation_id", "who", name="pk_attention"),
    )
    op.create_table(
        "presence",
        sa.Column("username", sa.String(128), nullable=False),
        sa.ForeignKeyConstraint(
            ["username"], ["staff_account.username"], name="fk_presence_username", ondelete="CASCADE"
        ),
        sa.Column("is_available", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        _moment("since"),
        _moment("seen_at"),
        sa.PrimaryKeyConstraint("username", name="pk_presence"),
    )


def _change_conversation() -> None:
    with op.batch_alter_table("conversation") as table:
        table.add_column(sa.Column("staff", sa.String(128)))
        table.add_column(sa.Column("handover", sa.String(32)))
        table.add_column(sa.Column("unheard_from", sa.Integer))
        table.add_column(sa.Column("redactions", sa.Integer, nullable=False, server_default="0"))
        table.add_column(sa.Column("language", sa.String(16), nullable=False, server_default="en"))
        table.create_check_constraint("owner_is_known", "owner in ('assistant', 'queued', 'staff')")
        table.create_check_constraint("staff_own_by_name", "(owner = 'staff') = (staff is not null)")
        table.create_check_constraint("assistant_owns_alone", "(owner = 'assistant') = (handover is null)")
    op.create_index("ix_conversation_owner", "conversation", ["owner"])


def _change_handover() -> None:
    with op.batch_alter_table("handover") as table:
        table.add_column(sa.Column("team", sa.String(32), nullable=False, server_default=""))
        table.add_column(sa.Column("priority", sa.Integer, nullable=False, server_default="2"))
        for name in ("queued_at", "taken_at", "first_reply_at", "left_at"):
            table.add_column(_moment(name, nullable=True))
        table.add_column(sa.Column("staff", sa.String(128)))
        table.add_column(sa.Column("how", sa.String(16)))
        table.add_column(sa.Column("outcome", sa.String(32)))
        table.add_column(sa.Column("tags", sa.JSON))
        table.create_check_constraint("state_is_known", f"state in ({_quoted(STATES)})")
    op.create_index("ix_handover_state", "handover", ["state"])


def _make_step() -> None:
    op.create_table(
        "step",
        *_conversation_key("step"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("before", sa.Integer),
        sa.Column("owner_before", sa.String(16), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(16), nullable=False),
        sa.Column("handover", sa.String(32), nullable=False),
        sa.Column("team", sa.String(32), nullable=False),
        sa.Column("staff", sa.String(128)),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("conversation_id", "version", name="pk_step"),
        sa.UniqueConstraint("conversation_id", "version", "owner", name="uq_step_chain"),
        sa.ForeignKeyConstraint(
            ["conversation_id", "before", "owner_before"],
            ["step.conversation_id", "step.version", "step.owner"],
            name="fk_step_chain",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(f"owner_before || ' ' || event || ' ' || owner in ({_quoted(STEPS)})", name="step_is_legal"),
        sa.CheckConstraint(
            "(version = 1 and before is null and owner_before = 'assistant') or "
            "(version > 1 and before is not null and before = version - 1)",
            name="step_follows",
        ),
    )
    op.create_index("ix_step_at", "step", ["at"])
    op.create_index("ix_step_handover", "step", ["handover"])
