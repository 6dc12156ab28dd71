"""Who a resident talks to while it is not the assistant, as the resident may know it: a name, typing, how far read.

Apart from the desk's queries, since a resident's page asks this at every look: one query for a conversation that the
assistant does not own, and one by its key for a conversation that came back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.engine import Connection

from bot.handover import ASSISTANT, END
from bot.store.conversations import Conversation
from bot.store.messages import STAFF
from bot.store.schema import attention, conversation, handover, message, rating, staff_account, step

# What every look asks is put into SQL once: that takes longer than the database then needs for it.
_OWNERS = and_(attention.c.conversation_id == conversation.c.id, attention.c.who == conversation.c.staff)
_OF = (
    select(handover.c.team, staff_account.c.name, attention.c.seen_seq, attention.c.typing_until)
    .select_from(
        conversation.join(handover, handover.c.reference == conversation.c.handover)
        .outerjoin(staff_account, staff_account.c.username == conversation.c.staff)
        .outerjoin(attention, _OWNERS)
    )
    .where(conversation.c.id == bindparam("whose"))
)
_STAFF_SPOKE = exists().where(message.c.conversation_id == bindparam("whose"), message.c.sender == STAFF)
_ENDED = (
    select(step.c.at, rating.c.at.label("rated_at"))
    .select_from(step.outerjoin(rating, rating.c.conversation_id == step.c.conversation_id))
    .where(
        step.c.conversation_id == bindparam("whose"),
        step.c.version == bindparam("version"),
        step.c.event == END,
        _STAFF_SPOKE,
    )
)


@dataclass(frozen=True)
class Counterpart:
    """Whose queue a conversation is in, or was taken from, and its owner: ``name`` is what residents read, None while
    there is none. ``seen_seq`` is the last message that the owner has seen, 0 for none. ``has_left``: the last that
    happened is that staff ended their talk, which was not rated since."""

    team: str = ""
    name: str | None = None
    seen_seq: int = 0
    is_typing: bool = False
    has_left: bool = False


NOBODY = Counterpart()


def of(connection: Connection, now: Conversation, at: datetime) -> Counterpart:
    """The counterpart of a conversation's resident. Where no person ever had to do with it, nothing is asked."""
    if not now.version:
        return NOBODY
    if now.owner == ASSISTANT:
        return Counterpart(has_left=_has_unrated_talk(connection, now))
    row = connection.execute(_OF, {"whose": now.id}).first()
    if row is None:
        return NOBODY
    is_typing = row.typing_until is not None and row.typing_until > at
    return Counterpart(row.team, row.name, row.seen_seq or 0, is_typing)


def _has_unrated_talk(connection: Connection, now: Conversation) -> bool:
    row = connection.execute(_ENDED, {"whose": now.id, "version": now.version}).first()
    return row is not None and (row.rated_at is None or row.rated_at < row.at)
