"""What a report is about, as conditions in SQL, the same for SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, case, exists
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from bot.store.schema import conversation, handover, step


@dataclass(frozen=True)
class Scope:
    """From ``start`` until just before ``end``. A ``channel`` or ``team`` that is empty is every one."""

    start: datetime
    end: datetime
    channel: str = ""
    team: str = ""


# A handover that never was a conversation with staff: a message that a resident left.
IS_MESSAGE = and_(handover.c.queued_at.is_(None), handover.c.taken_at.is_(None))


class utc_hour(FunctionElement):  # noqa: N801  it is a function of SQL
    """The hour of a moment, as text: "2025-03-03 10". London is whole hours from UTC, so that its days and hours
    can be put together from these."""

    type = String()
    inherit_cache = True


@compiles(utc_hour, "sqlite")
def _utc_hour_in_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 13)"


@compiles(utc_hour, "postgresql")
def _utc_hour_in_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"


def within(moment: Any, scope: Scope) -> Any:
    """The condition that a column is in the scope's period."""
    return and_(moment >= scope.start, moment < scope.end)


def where_it_was(scope: Scope) -> list[Any]:
    """The conditions on ``conversation`` for the scope's channel and team; a team has had it in any of its steps."""
    found = [conversation.c.channel == scope.channel] if scope.channel else []
    if scope.team:
        its = step.alias()  # a query may be about steps itself
        found.append(exists().where(its.c.conversation_id == conversation.c.id, its.c.team == scope.team))
    return found


def number(condition: Any) -> Any:
    """1 where a condition is true, else 0: what can be added up."""
    return case((condition, 1), else_=0)
