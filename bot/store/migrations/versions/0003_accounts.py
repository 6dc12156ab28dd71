"""Accounts that administrators manage, sessions that can be seen, and an audit trail that cannot be changed.

A later migration that makes the table ``audit`` anew on SQLite must make its triggers anew too.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_REFUSAL = "the audit trail cannot be changed"
_SQLITE = "CREATE TRIGGER audit_{name} BEFORE {event} ON audit BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
# INSERT OR REPLACE removes a row without a word to the trigger that watches DELETE.
_SQLITE_REPLACE = (
    "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
)
_POSTGRESQL_FUNCTION = (
    "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
)
_POSTGRESQL = (
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
)


def upgrade() -> None:
    _extend_accounts()
    _extend_sessions()
    op.create_index("ix_audit_action", "audit", ["action"])
    op.create_index("ix_audit_actor", "audit", ["actor"])
    _protect_audit()


def _extend_accounts() -> None:
    added = {
        "name": sa.String(64),
        "teams": sa.JSON(),
        "capacity": sa.Integer(),
        "is_active": sa.Boolean(),
    }
    for name, kind in added.items():
        op.add_column("staff_account", sa.Column(name, kind))
    op.add_column("staff_account", sa.Column("issuer", sa.String(256)))
    op.add_column("staff_account", sa.Column("subject", sa.String(256)))
    op.execute(
        "UPDATE staff_account SET name = upper(substr(username, 1, 1)) || substr(username, 2, 63), "
        "teams = '[]', capacity = 4, is_active = true"
    )
    with op.batch_alter_table("staff_account") as table:
        for name, kind in added.items():
            table.alter_column(name, existing_type=kind, nullable=False)
        table.create_unique_constraint("uq_staff_account_issuer_subject", ["issuer", "subject"])
        table.create_check_constraint("capacity_in_range", "capacity between 1 and 20")


def _extend_sessions() -> None:
    op.add_column("staff_session", sa.Column("id", sa.String(32)))
    op.add_column("staff_session", sa.Column("network", sa.String(64)))
    op.execute("UPDATE staff_session SET id = substr(token_hash, 1, 16), network = 'unknown'")
    with op.batch_alter_table("staff_session") as table:
        table.alter_column("id", existing_type=sa.String(32), nullable=False)
        table.alter_column("network", existing_type=sa.String(64), nullable=False)
    op.create_index("ix_staff_session_username", "staff_session", ["username"])


def _protect_audit() -> None:
    """Triggers that refuse to change or remove a row of the audit trail, whoever asks."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRESQL_FUNCTION)
        op.execute(_POSTGRESQL)
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(_SQLITE.format(name=f"no_{event.lower()}", event=event, refusal=_REFUSAL))
    op.execute(_SQLITE_REPLACE)
