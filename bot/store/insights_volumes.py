"""What the reports say of conversations and messages: how many, who kept them, what residents thought. Numbers only.

A conversation belongs to the period in which it began, and counts once its resident has said something.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.engine import Connection

from bot.handover import ASK, PULL, STAFF
from bot.store.insights_scope import IS_MESSAGE, Scope, number, utc_hour, where_it_was, within
from bot.store.messages import RESIDENT
from bot.store.schema import conversation, handover, message, rating, step


@dataclass(frozen=True)
class Hourly:
    """How many there were in the hour that begins at ``at``."""

    at: datetime
    count: int


@dataclass(frozen=True)
class Kept:
    """The conversations of a channel: ``with_assistant`` never went to staff in any way.

    Of the others, each counts once in every column that is true of it: ``asked`` for staff (or was sent to them),
    ``pulled`` by staff, ``left_message``.
    """

    channel: str
    conversations: int
    with_assistant: int
    asked: int
    pulled: int
    left_message: int


@dataclass(frozen=True)
class Rated:
    """Conversations that were rated alike; ``score`` is None for those not rated. ``comments`` came with it."""

    with_staff: bool
    score: int | None
    conversations: int
    comments: int


_HAS_SPOKEN = exists().where(message.c.conversation_id == conversation.c.id, message.c.sender == RESIDENT)
_LEFT_MESSAGE = exists().where(handover.c.conversation_id == conversation.c.id, IS_MESSAGE)


def _has_step(column: Any, value: str) -> Any:
    return exists().where(step.c.conversation_id == conversation.c.id, column == value)


def _begun(scope: Scope) -> list[Any]:
    return [within(conversation.c.created_at, scope), _HAS_SPOKEN, *where_it_was(scope)]


def channels(connection: Connection) -> list[str]:
    """All channels that there were conversations on."""
    return list(
        connection.execute(select(conversation.c.channel).distinct().order_by(conversation.c.channel)).scalars()
    )


def opened(connection: Connection, scope: Scope) -> int:
    """How many conversations were begun, also those in which the resident said nothing."""
    query = select(func.count()).where(within(conversation.c.created_at, scope), *where_it_was(scope))
    return int(connection.execute(query).scalar() or 0)


def conversations_hourly(connection: Connection, scope: Scope) -> list[Hourly]:
    """The conversations by the hour in which they began."""
    hour = utc_hour(conversation.c.created_at)
    return _hourly(connection, select(hour, func.count()).where(*_begun(scope)).group_by(hour))


def messages_hourly(connection: Connection, scope: Scope) -> list[Hourly]:
    """What residents said, by the hour."""
    hour = utc_hour(message.c.at)
    query = select(hour, func.count()).where(message.c.sender == RESIDENT, within(message.c.at, scope))
    conditions = where_it_was(scope)
    if conditions:
        query = query.join(conversation, conversation.c.id == message.c.conversation_id).where(*conditions)
    return _hourly(connection, query.group_by(hour))


def _hourly(connection: Connection, query: Any) -> list[Hourly]:
    rows = connection.execute(query).all()
    return [Hourly(datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC), count) for hour, count in rows]


def kept(connection: Connection, scope: Scope) -> list[Kept]:
    """Who kept the conversations, by channel."""
    each = (
        select(
            conversation.c.channel,
            number(_has_step(step.c.event, ASK)).label("asked"),
            number(_has_step(step.c.event, PULL)).label("pulled"),
            number(_LEFT_MESSAGE).label("left_message"),
        )
        .where(*_begun(scope))
        .subquery()
    )
    alone = number(each.c.asked + each.c.pulled + each.c.left_message == 0)
    counts = [func.sum(column) for column in (alone, each.c.asked, each.c.pulled, each.c.left_message)]
    query = select(each.c.channel, func.count(), *counts).group_by(each.c.channel).order_by(each.c.channel)
    return [Kept(*row) for row in connection.execute(query)]


def rated(connection: Connection, scope: Scope) -> list[Rated]:
    """What residents thought, separately for the conversations that staff had a part in."""
    each = (
        select(
            number(_has_step(step.c.owner, STAFF)).label("with_staff"),
            rating.c.score,
            number(rating.c.comment != "").label("has_comment"),
        )
        .select_from(conversation)
        .outerjoin(rating, rating.c.conversation_id == conversation.c.id)
        .where(*_begun(scope))
        .subquery()
    )
    query = select(each.c.with_staff, each.c.score, func.count(), func.sum(each.c.has_comment))
    rows = connection.execute(query.group_by(each.c.with_staff, each.c.score))
    return [Rated(bool(with_staff), score, count, comments) for with_staff, score, count, comments in rows]
