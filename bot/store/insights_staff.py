"""What the reports say of what went to staff: each handover that began in the period, and its stretches of time.

A handover belongs to the period in which it began, with everything that happened in it, also after midnight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.handover import MOVE, QUEUED, STAFF
from bot.store.insights_scope import Scope, within
from bot.store.schema import conversation, handover, step


@dataclass(frozen=True)
class Given:
    """A conversation, or a message, given to staff: the columns of its record that reports rest on.

    ``done_by`` is nobody where a record was closed because nobody wrapped it up in time.
    """

    reference: str
    state: str
    reason: str
    team: str
    created_at: datetime
    queued_at: datetime | None
    taken_at: datetime | None
    first_reply_at: datetime | None
    left_at: datetime | None
    done_at: datetime | None
    done_by: str | None
    outcome: str | None
    tags: tuple[str, ...]

    @property
    def is_message(self) -> bool:
        """Whether it is a message that a resident left, and never was a conversation with staff."""
        return self.queued_at is None and self.taken_at is None


@dataclass(frozen=True)
class Stretch:
    """A time that a conversation spent in the queue (``owner`` QUEUED) or with one of the staff (STAFF).

    ``event`` ended it; both are None while it lasts. ``team`` is the one that it waited for at last, or that had it.
    A conversation moved to another team's queue still waits: that is one stretch.
    """

    handover: str
    owner: str
    team: str
    staff: str | None
    start: datetime
    end: datetime | None
    event: str | None


def given(connection: Connection, scope: Scope) -> list[Given]:
    """What was given to staff, in order of time."""
    columns = [handover.c[name] for name in Given.__annotations__]
    query = select(*columns).where(within(handover.c.created_at, scope), *_on_channel(scope))
    if scope.team:
        query = query.where(handover.c.team == scope.team)
    joined = query.join(conversation, conversation.c.id == handover.c.conversation_id)
    rows = connection.execute(joined.order_by(handover.c.created_at, handover.c.reference))
    return [Given(**{**row._mapping, "tags": tuple(row.tags or ())}) for row in rows]


def stretches(connection: Connection, scope: Scope) -> list[Stretch]:
    """The stretches of all teams' handovers that began in the period, one handover after the other."""
    columns = (step.c.handover, step.c.owner, step.c.team, step.c.staff, step.c.event, step.c.at)
    query = (
        select(*columns)
        .join(handover, handover.c.reference == step.c.handover)
        .join(conversation, conversation.c.id == step.c.conversation_id)
        .where(within(handover.c.created_at, scope), *_on_channel(scope))
        .order_by(step.c.handover, step.c.version)
    )
    by_handover: dict[str, list[Any]] = {}
    for row in connection.execute(query):
        by_handover.setdefault(row.handover, []).append(row)
    return [stretch for steps in by_handover.values() for stretch in _stretches(steps)]


def _stretches(steps: Sequence[Any]) -> Iterator[Stretch]:
    """The stretches of one handover, whose steps follow on each other."""
    start = None
    for row, following in zip(steps, [*steps[1:], None], strict=True):
        start = start or row.at
        if following is not None and following.event == MOVE:
            continue  # the same wait goes on
        if row.owner in (QUEUED, STAFF):
            end, event = (following.at, following.event) if following is not None else (None, None)
            yield Stretch(row.handover, row.owner, row.team, row.staff, start, end, event)
        start = None


def _on_channel(scope: Scope) -> list[Any]:
    return [conversation.c.channel == scope.channel] if scope.channel else []
