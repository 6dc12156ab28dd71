"""How a journey ended is kept with the turn in which it did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turn", sa.Column("ended", sa.String(64)))
    op.add_column("turn", sa.Column("ending", sa.String(64)))
