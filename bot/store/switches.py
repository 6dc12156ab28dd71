"""What can be switched off while everything runs. A switch that nobody has touched is on.

In the database, so that every assistant obeys within a second and a restart does not forget.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.store import audit
from bot.store.engine import Database
from bot.store.schema import switch

WEBCHAT = "webchat"
SWITCHES = (WEBCHAT,)
_STATE = select(switch).where(switch.c.name == bindparam("name"))


@dataclass(frozen=True)
class Switch:
    """How a switch stands, and who changed it last; nobody and never for one that was never touched."""

    name: str
    is_on: bool
    changed_by: str = ""
    changed_at: datetime | None = None


def state(db: Database, name: str) -> Switch:
    """How one switch stands."""
    with db.read() as connection:
        row = connection.execute(_STATE, {"name": name}).first()
    return Switch(row.name, row.is_on, row.changed_by, row.changed_at) if row else Switch(name, True)


def turn(db: Database, name: str, is_on: bool, who: str, at: datetime) -> None:
    """Switch on or off, and note in the audit trail who did it."""
    values = {"is_on": is_on, "changed_by": who, "changed_at": at}
    try:
        _write(db, name, values)
    except IntegrityError:  # two turned it for the first time at once: now the row is there
        _write(db, name, values)


def _write(db: Database, name: str, values: dict[str, Any]) -> None:
    with db.write() as connection:
        changed = connection.execute(update(switch).where(switch.c.name == name).values(**values))
        if not changed.rowcount:
            connection.execute(insert(switch).values(name=name, **values))
        action = audit.SWITCHED_ON if values["is_on"] else audit.SWITCHED_OFF
        audit.note(connection, values["changed_by"], action, name, values["changed_at"])
