"""One conversation as the desk's windows read it again and again: how it stands, and what has happened in it since.

Few statements that find few rows, since every window asks them at every piece of news.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import Connection

from bot.handover import STAFF as OWNED
from bot.handover import WRAP_UP
from bot.store import attention, messages, notes
from bot.store.attention import RESIDENT as THE_RESIDENT
from bot.store.attention import Attention
from bot.store.conversations import Conversation, conversation_of
from bot.store.engine import Database
from bot.store.messages import RESIDENT, STAFF, Message
from bot.store.notes import Note
from bot.store.ownership import Standing, standing_of
from bot.store.schema import attention as look
from bot.store.schema import conversation, handover, message, staff_account

# What every window asks is put into SQL once: that takes longer than the database then needs for it.
_OF_IT = message.c.conversation_id == conversation.c.id
_FIRST = select(func.min(message.c.seq)).where(_OF_IT).scalar_subquery()
_TO_WRAP_UP = (
    select(handover.c.reference)
    .where(
        handover.c.conversation_id == conversation.c.id,
        handover.c.state == WRAP_UP,
        handover.c.staff == bindparam("who"),
    )
    .order_by(handover.c.left_at)
    .limit(1)
    .scalar_subquery()
)
_FIND = select(conversation, _FIRST.label("first"), _TO_WRAP_UP.label("to_wrap_up")).where(
    conversation.c.id == bindparam("whose")
)
_EARLIER = message.alias()
_SPOKEN = (
    select(func.max(_EARLIER.c.seq))
    .where(
        _EARLIER.c.conversation_id == conversation.c.id,
        _EARLIER.c.at >= conversation.c.owner_since,
        _EARLIER.c.sender == STAFF,
    )
    .correlate(conversation)
    .scalar_subquery()
)
_ASKED = (
    select(func.min(message.c.at))
    .where(_OF_IT, message.c.at >= conversation.c.owner_since)
    .where(message.c.sender == RESIDENT, message.c.seq > func.coalesce(_SPOKEN, 0))
    .correlate(conversation)
    .scalar_subquery()
)
_READ = (
    select(look.c.seen_seq)
    .where(look.c.conversation_id == conversation.c.id, look.c.who == THE_RESIDENT)
    .correlate(conversation)
    .scalar_subquery()
)
_IS_SHOWN = (message.c.text != "") | (message.c.sender == STAFF)
_SEEN = (
    select(func.max(message.c.seq))
    .where(_OF_IT, message.c.sender != RESIDENT, _IS_SHOWN, message.c.seq <= _READ)
    .correlate(conversation)
    .scalar_subquery()
)
_PULSE = select(conversation.c.owner_since, _SPOKEN.label("spoken"), _ASKED.label("asked"), _SEEN.label("seen")).where(
    conversation.c.id == bindparam("whose")
)
_NAMES = select(staff_account.c.username, staff_account.c.name).where(
    staff_account.c.username.in_(bindparam("who", expanding=True))
)


@dataclass(frozen=True)
class Found:
    """A conversation as one member of staff finds it. ``language`` is that of the resident's page (BCP 47). ``edition``
    changes when something that was shown is gone; ``to_wrap_up`` is the reference of the record that they have still to
    close, empty for none."""

    known: Conversation
    standing: Standing
    language: str
    edition: str
    to_wrap_up: str


@dataclass(frozen=True)
class Shown:
    """What a page shows: an edition of the conversation, until a message's number and a note's."""

    edition: str = ""
    seq: int = 0
    note: int = 0


NOTHING = Shown()


@dataclass(frozen=True)
class News:
    """What a page does not show yet, or everything where ``is_whole``; and who looks and how far they have read.

    ``names`` are what those of the staff are called who have to do with it, by username. ``unanswered_since``: the
    resident waits for words of staff, who own the conversation; None when they do not. ``seen`` is the number of the
    last message to the resident that they have seen, 0 for none.
    """

    found: Found
    is_whole: bool
    said: tuple[Message, ...]
    notes: tuple[Note, ...]
    readers: tuple[Attention, ...]
    names: Mapping[str, str]
    unanswered_since: datetime | None
    seen: int


def find(db: Database, conversation_id: str, username: str) -> Found | None:
    """The conversation as ``username`` finds it; None when there is none of this id."""
    with db.read() as connection:
        return _find(connection, conversation_id, username)


def news(db: Database, conversation_id: str, username: str, at: datetime, shown: Shown = NOTHING) -> News | None:
    """What is new in a conversation for ``username``, all of one moment; None when there is none of this id."""
    with db.snapshot() as connection:
        found = _find(connection, conversation_id, username)
        if found is None:
            return None
        is_whole = shown.edition != found.edition
        said = messages.said_after(connection, conversation_id, 0 if is_whole else shown.seq)
        written = notes.after(connection, conversation_id, 0 if is_whole else shown.note)
        readers = attention.of(connection, conversation_id, at)
        involved = {found.standing.staff or "", *(each.author for each in written), *(each.who for each in readers)}
        names = connection.execute(_NAMES, {"who": sorted(involved)})
        pulse = connection.execute(_PULSE, {"whose": conversation_id}).one()
        return News(
            found,
            is_whole,
            tuple(said),
            tuple(written),
            tuple(readers),
            {row.username: row.name for row in names},
            _unanswered_since(found, pulse),
            pulse.seen or 0,
        )


def _find(connection: Connection, conversation_id: str, username: str) -> Found | None:
    row = connection.execute(_FIND, {"whose": conversation_id, "who": username}).first()
    if row is None:
        return None
    edition = f"{row.redactions}-{row.first or 0}"
    return Found(conversation_of(row), standing_of(row), row.language, edition, row.to_wrap_up or "")


def _unanswered_since(found: Found, pulse: Any) -> datetime | None:
    """Since it was taken where its owner has said nothing yet."""
    if found.standing.owner != OWNED:
        return None
    since: datetime | None = pulse.owner_since if pulse.spoken is None else pulse.asked
    return since
