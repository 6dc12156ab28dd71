"""What the reports say of what was understood: queries, refusals, what came before staff, and journeys.

They rest on the table ``turn``, which has a row for each message that the assistant dealt with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.handover import ASK, PULL
from bot.store.insights_scope import IS_MESSAGE, Scope, number, where_it_was, within
from bot.store.schema import conversation, handover, step, turn


@dataclass(frozen=True)
class Understood:
    """How often a query was what a message was taken for; ``refused`` of these times it was too unsure to act on."""

    query: str
    times: int
    refused: int


@dataclass(frozen=True)
class Journeyed:
    """In how many conversations a journey (by its form) was ``begun``, and still ``open`` when the resident left."""

    form: str
    begun: int
    open: int


def understood(connection: Connection, scope: Scope) -> list[Understood]:
    """All queries, the most frequent first."""
    refused = func.sum(number(turn.c.refused))
    times = func.count()
    query = _of_turns(select(turn.c.query, times, refused), scope).group_by(turn.c.query)
    rows = connection.execute(query.order_by(times.desc(), turn.c.query))
    return [Understood(name or "", count, unsure) for name, count, unsure in rows]


def before_staff(connection: Connection, scope: Scope, leave_out: Iterable[str]) -> dict[str, int]:
    """How often each query was the last one before a conversation went to staff, or a message was left for them.

    A wish that says nothing of what it is about ("a person, please") is in ``leave_out``: what stood before it counts.
    Where nothing did, the query is "".
    """
    moments = _went_to_staff(connection, scope)
    about: dict[str, list[tuple[datetime, str]]] = {}
    for row in connection.execute(_queries_of(scope, frozenset(leave_out))) if moments else ():
        about.setdefault(row.conversation_id, []).append((row.at, row.query))
    counts: dict[str, int] = {}
    for conversation_id, at in moments:
        before = (query for when, query in reversed(about.get(conversation_id, [])) if when <= at)
        query = next(before, "")
        counts[query] = counts.get(query, 0) + 1
    return counts


def journeys(connection: Connection, scope: Scope) -> list[Journeyed]:
    """How journeys that ask something went, the most frequent first."""
    begun = func.count(turn.c.conversation_id.distinct())
    query = _of_turns(select(turn.c.journey, begun), scope).where(turn.c.journey.is_not(None))
    counts = dict(connection.execute(query.group_by(turn.c.journey)).all())
    last = select(func.max(turn.c.message_id)).group_by(turn.c.conversation_id)
    open_at_last = query.where(turn.c.message_id.in_(last)).group_by(turn.c.journey)
    left = dict(connection.execute(open_at_last).all())
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Journeyed(form, count, left.get(form, 0)) for form, count in ordered]


def _of_turns(query: Any, scope: Scope) -> Any:
    query = query.where(within(turn.c.at, scope))
    conditions = where_it_was(scope)
    if conditions:
        query = query.join(conversation, conversation.c.id == turn.c.conversation_id).where(*conditions)
    return query


def _went_to_staff(connection: Connection, scope: Scope) -> list[tuple[str, datetime]]:
    """The conversations that went to staff or left them a message, and when."""
    handed = select(step.c.conversation_id, step.c.at).where(step.c.event.in_((ASK, PULL)), within(step.c.at, scope))
    left = select(handover.c.conversation_id, handover.c.created_at).where(
        IS_MESSAGE, within(handover.c.created_at, scope)
    )
    found: list[tuple[str, datetime]] = []
    for query, table in ((handed, step), (left, handover)):
        joined = query.join(conversation, conversation.c.id == table.c.conversation_id)
        rows = connection.execute(joined.where(*where_it_was(scope)))
        found += [(conversation_id, at) for conversation_id, at in rows]
    return found


def _queries_of(scope: Scope, leave_out: frozenset[str]) -> Any:
    """What was understood in the conversations that may be in question: those of the period."""
    handed = select(step.c.conversation_id).where(within(step.c.at, scope))
    left = select(handover.c.conversation_id).where(within(handover.c.created_at, scope))
    mine = turn.c.conversation_id.in_(handed.union(left))
    named = turn.c.query.is_not(None) & turn.c.query.not_in(leave_out)
    return (
        select(turn.c.conversation_id, turn.c.at, turn.c.query)
        .where(mine, named)
        .order_by(turn.c.conversation_id, turn.c.message_id)
    )
