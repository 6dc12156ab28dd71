"""What the reports say of what was understood: queries, refusals, what came before staff, and journeys.

They rest on the table ``turn``, which has a row for each message that the assistant dealt with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, func, literal, select, union_all
from sqlalchemy.engine import Connection

from bot.handover import ASK, PULL
from bot.store.insights_scope import IS_MESSAGE, Scope, number, where_it_was, within
from bot.store.schema import conversation, handover, step, turn

FORM = "_form"  # what the name of a journey's form ends with
FAILED = "failed"  # the one ending that is none: a back end let us down


@dataclass(frozen=True)
class Understood:
    """How often a query was what a message was taken for; ``refused`` of these times it was too unsure to act on."""

    query: str
    times: int
    refused: int


@dataclass(frozen=True)
class Journeyed:
    """In how many conversations a journey (by its form) was ``begun``, and how that went, each once: it came to an
    ending (``done``), it only ``failed``, or it was ``open`` when the resident left. What is left was stopped."""

    form: str
    begun: int
    done: int
    failed: int
    open: int


@dataclass(frozen=True)
class Ended:
    """How often a journey came to one of its endings."""

    journey: str
    ending: str
    times: int


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
    """How journeys went, the most frequent first."""
    last = select(func.max(turn.c.message_id)).group_by(turn.c.conversation_id)
    no, is_open = literal(0), number(turn.c.message_id.in_(last))
    asked = select(
        turn.c.conversation_id,
        turn.c.journey.label("form"),
        no.label("done"),
        no.label("failed"),
        is_open.label("open"),
    )
    has_failed = turn.c.ending == FAILED
    told = select(turn.c.conversation_id, turn.c.ended + FORM, number(~has_failed), number(has_failed), no)
    both = union_all(
        _of_turns(asked, scope).where(turn.c.journey.is_not(None)),
        _of_turns(told, scope).where(turn.c.ended.is_not(None)),
    ).subquery()
    flags = [func.max(both.c[name]).label(name) for name in ("done", "failed", "open")]
    one = select(both.c.form, *flags).group_by(both.c.conversation_id, both.c.form).subquery()
    failed = number((one.c.done == 0) & (one.c.failed == 1))
    left = number((one.c.done == 0) & (one.c.failed == 0) & (one.c.open == 1))
    begun = func.count()
    query = select(one.c.form, begun, func.sum(one.c.done), func.sum(failed), func.sum(left)).group_by(one.c.form)
    return [Journeyed(*row) for row in connection.execute(query.order_by(begun.desc(), one.c.form))]


def endings(connection: Connection, scope: Scope) -> list[Ended]:
    """All endings, those of one journey together, the most frequent first."""
    times = func.count()
    query = _of_turns(select(turn.c.ended, turn.c.ending, times), scope).where(turn.c.ended.is_not(None))
    grouped = query.group_by(turn.c.ended, turn.c.ending).order_by(turn.c.ended, times.desc(), turn.c.ending)
    return [Ended(*row) for row in connection.execute(grouped)]


def _of_turns(query: Any, scope: Scope) -> Any:
    return _where_it_was(query.where(within(turn.c.at, scope)), turn, scope)


def _where_it_was(query: Any, table: Table, scope: Scope) -> Any:
    """A query about rows of a table of conversations, for the scope's channel and team only."""
    conditions = where_it_was(scope)
    if not conditions:
        return query
    return query.join(conversation, conversation.c.id == table.c.conversation_id).where(*conditions)
