"""What the reports say of what was understood: queries, refusals, what came before staff, and journeys.

They rest on the table ``turn``, which has a row for each message that the assistant dealt with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, func, select
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


def before_staff(connection: Connection, scope: Scope, leave_out: Iterable[str]) -> Mapping[str, int]:
    """How often each query was the last one before a conversation went to staff, or a message was left for them.

    A wish that says nothing of what it is about ("a person, please") is in ``leave_out``: what stood before it counts.
    Where nothing did, the query is "".
    """
    named = turn.c.query.is_not(None) & turn.c.query.not_in(frozenset(leave_out))
    counts: Counter[str] = Counter()
    for table, moment, went in (
        (step, step.c.at, step.c.event.in_((ASK, PULL))),
        (handover, handover.c.created_at, IS_MESSAGE),
    ):
        before = (
            select(turn.c.query)
            .where(turn.c.conversation_id == table.c.conversation_id, turn.c.at <= moment, named)
            .order_by(turn.c.message_id.desc())
            .limit(1)
            .correlate(table)
            .scalar_subquery()
        )
        went_in_period = (
            select(func.coalesce(before, "").label("query")).select_from(table).where(went, within(moment, scope))
        )
        each = _where_it_was(went_in_period, table, scope).subquery()
        counts.update(dict(connection.execute(select(each.c.query, func.count()).group_by(each.c.query)).all()))
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
    return _where_it_was(query.where(within(turn.c.at, scope)), turn, scope)


def _where_it_was(query: Any, table: Table, scope: Scope) -> Any:
    """A query about rows of a table of conversations, for the scope's channel and team only."""
    conditions = where_it_was(scope)
    if not conditions:
        return query
    return query.join(conversation, conversation.c.id == table.c.conversation_id).where(*conditions)
