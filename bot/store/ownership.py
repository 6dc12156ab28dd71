"""Who owns a conversation: every change is one compare-and-set in one transaction, and the loser is told who won.

A change locks the conversation, looks where it stands, makes the step (bot/handover.py says which there are; the
table's constraints too), keeps the handover's record, and says in the same transaction what the resident is told.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.engine import Connection

from bot.handover import (
    ABANDONED,
    AGAIN,
    ASK,
    ASSISTANT,
    LEAVE,
    PULL,
    REQUEUE,
    STAFF,
    WRAP_UP,
    IllegalStep,
    next_owner,
    next_record,
    priority,
)
from bot.store import conversations, notes, uploads
from bot.store.engine import Database
from bot.store.messages import HANDLED, RECEIVED, SYSTEM, Attachment, Saying, last_seq, say
from bot.store.schema import conversation, handover, message, staff_account, step
from bot.store.uploads import Upload

RESIDENT, KEEPER = "resident", "keeper"  # who else than staff may cause a step; no username holds a capital or these


@dataclass(frozen=True)
class Standing:
    """Where a conversation stands. ``staff`` owns it, or None; ``handover`` is the one that it is in."""

    conversation_id: str
    owner: str
    staff: str | None
    handover: str | None
    version: int


class Overtaken(Exception):
    """Somebody was quicker, or may not: nothing was changed. ``standing`` says how things are now."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing.conversation_id)
        self.standing = standing


class Full(Exception):
    """Whoever should get the conversation has as many as they can have."""


@dataclass(frozen=True)
class Change:
    """A step that somebody wants. ``by`` is a username, RESIDENT, KEEPER or "assistant"; ``version`` what they saw.

    ``staff`` is who shall own it, ``capacity`` how many conversations they may have; ``as_owner``: only its owner
    may do this. ``notice`` is told to the resident, and with a ``payload`` also to Rasa, which then answers.
    ``note`` is for staff.
    """

    event: str
    by: str
    version: int | None = None
    as_owner: bool = False
    staff: str | None = None
    capacity: int | None = None
    team: str | None = None
    reason: str = ""
    summary: Mapping[str, Any] = field(default_factory=dict)
    notice: str = ""
    payload: str = ""
    note: str = ""


def standing(db: Database, conversation_id: str) -> Standing | None:
    """Where a conversation stands; None when there is none of this id."""
    with db.read() as connection:
        return _standing(connection, conversation_id)


def change(db: Database, conversation_id: str, wanted: Change, at: datetime) -> Standing:
    """Make a step. Raises Overtaken when the conversation stands otherwise, Full, and LookupError without one."""
    with db.write() as connection:
        return apply(connection, conversation_id, wanted, at)


def apply(connection: Connection, conversation_id: str, wanted: Change, at: datetime) -> Standing:
    """As ``change``, in a transaction of the caller's."""
    last = last_seq(connection, conversation_id)  # locks the conversation
    before = _standing(connection, conversation_id)
    if last is None or before is None:
        raise LookupError(conversation_id)
    _require(before, wanted)
    owner = _owner_after(before, wanted)
    _require_room(connection, wanted, before)
    reference = before.handover or secrets.token_hex(8)
    team = _keep_record(connection, reference, before, wanted, at)
    after = Standing(
        conversation_id,
        owner,
        (wanted.staff or wanted.by) if owner == STAFF else None,
        None if owner == ASSISTANT else reference,
        before.version + 1,
    )
    _write_step(connection, before, after, wanted, reference, team, last, at)
    _write_standing(connection, after, _unheard_from(connection, conversation_id, last), at)
    if wanted.note:
        notes.write(connection, conversation_id, notes.STEP, wanted.by, wanted.note, at)
    say(connection, conversation_id, last, [_notice(wanted)] if wanted.notice or wanted.payload else [], at)
    return after


def end(db: Database, conversation_id: str, at: datetime) -> None:
    """The resident ends the conversation, whoever owns it."""
    with db.write() as connection:
        if last_seq(connection, conversation_id) is None:
            return
        now = _standing(connection, conversation_id)
        if now is not None and now.owner != ASSISTANT:
            apply(connection, conversation_id, Change(LEAVE, RESIDENT), at)
        conversations.end(connection, conversation_id, at)


def staff_says(
    db: Database,
    conversation_id: str,
    username: str,
    name: str,
    text: str,
    provider_id: str,
    at: datetime,
    attachment: Attachment | None = None,
) -> int:
    """Add what the owner of a conversation says, once by its ``provider_id``; its number in the conversation.

    ``name`` is what the resident reads. The file of an ``attachment`` becomes the conversation's in the same
    transaction. Raises Overtaken unless ``username`` owns the conversation.
    """
    sent_as = f"staff-{provider_id}"
    with db.write() as connection:
        last = last_seq(connection, conversation_id) or 0
        known = select(message.c.seq).where(
            message.c.conversation_id == conversation_id, message.c.provider_id == sent_as
        )
        if (seq := connection.execute(known).scalar()) is not None:
            return int(seq)
        now = _standing(connection, conversation_id)
        if now is None:
            raise LookupError(conversation_id)
        if now.owner != STAFF or now.staff != username:
            raise Overtaken(now)
        if attachment:
            sent = Upload(attachment.upload, conversation_id, attachment.media_type, attachment.size, at)
            uploads.write(connection, sent)
        said = Saying(STAFF, text, provider_id=sent_as, author=username, name=name, attachment=attachment)
        say(connection, conversation_id, last, [said], at)
        connection.execute(
            update(handover)
            .where(handover.c.reference == now.handover, handover.c.first_reply_at.is_(None))
            .values(first_reply_at=at)
        )
        return last + 1


def remind(db: Database, conversation_id: str, version: int, kind: str, text: str, at: datetime) -> bool:
    """Tell the resident something that changes no owner, once since anybody spoke; whether it was told now.

    Raises Overtaken when the conversation has changed hands since ``version``.
    """
    with db.write() as connection:
        last = last_seq(connection, conversation_id) or 0
        now = _standing(connection, conversation_id)
        if now is None:
            raise LookupError(conversation_id)
        if now.version != version:
            raise Overtaken(now)
        mine = message.c.conversation_id == conversation_id
        spoken = select(func.max(message.c.seq)).where(mine, message.c.sender != SYSTEM)
        sent_as = f"{KEEPER}-{kind}-{connection.execute(spoken).scalar() or 0}"
        if connection.execute(select(message.c.id).where(mine, message.c.provider_id == sent_as)).first():
            return False
        say(connection, conversation_id, last, [Saying(SYSTEM, text, provider_id=sent_as)], at)
        return True


def load_of(connection: Connection, username: str) -> int:
    """How many conversations somebody has."""
    query = select(func.count()).where(conversation.c.owner == STAFF, conversation.c.staff == username)
    return int(connection.execute(query).scalar() or 0)


def standing_of(row: Any) -> Standing:
    """Where a conversation stands, from its row."""
    return Standing(row.id, row.owner, row.staff, row.handover, row.version)


def _standing(connection: Connection, conversation_id: str) -> Standing | None:
    row = connection.execute(select(conversation).where(conversation.c.id == conversation_id)).first()
    return standing_of(row) if row else None


def _require(before: Standing, wanted: Change) -> None:
    if wanted.version is not None and wanted.version != before.version:
        raise Overtaken(before)
    if wanted.as_owner and before.staff != wanted.by:
        raise Overtaken(before)


def _owner_after(before: Standing, wanted: Change) -> str:
    try:
        return next_owner(before.owner, wanted.event)
    except IllegalStep as error:  # it was possible where the conversation stood when they looked
        raise Overtaken(before) from error


def _require_room(connection: Connection, wanted: Change, before: Standing) -> None:
    who = wanted.staff or wanted.by
    if wanted.capacity is None or who == before.staff:
        return
    # Somebody may be given two conversations at once: the second waits here, and then counts the first.
    mine = staff_account.c.username == who
    connection.execute(select(staff_account.c.username).where(mine).with_for_update(key_share=True))
    if load_of(connection, who) >= wanted.capacity:
        raise Full(who)


def _keep_record(connection: Connection, reference: str, before: Standing, wanted: Change, at: datetime) -> str:
    """Write the handover's record; its team."""
    state = next_record(before.owner, wanted.event)
    if before.handover is None:
        fresh = {"reference": reference, "conversation_id": before.conversation_id, "state": state, "created_at": at}
        about = {"reason": wanted.reason, "summary": dict(wanted.summary), "team": wanted.team or ""}
        urgency = {"priority": priority(wanted.reason), "queued_at": at if wanted.event == ASK else None}
        taken = {"taken_at": at, "staff": wanted.staff or wanted.by} if wanted.event == PULL else {}
        connection.execute(insert(handover).values(**fresh, **about, **urgency, **taken))
        return wanted.team or ""
    values: dict[str, Any] = {"state": state}
    if wanted.team is not None:
        values["team"] = wanted.team
    if state == STAFF:
        values |= {"staff": wanted.staff or wanted.by, "taken_at": func.coalesce(handover.c.taken_at, at)}
    if wanted.event == REQUEUE:
        values |= {"queued_at": at, "priority": case((handover.c.priority < AGAIN, handover.c.priority), else_=AGAIN)}
    if state in (WRAP_UP, ABANDONED):
        values |= {"left_at": at, "how": wanted.event}
    mine = handover.c.reference == reference
    connection.execute(update(handover).where(mine).values(**values))
    return str(connection.execute(select(handover.c.team).where(mine)).scalar() or "")


def _write_step(
    connection: Connection,
    before: Standing,
    after: Standing,
    wanted: Change,
    reference: str,
    team: str,
    last: int,
    at: datetime,
) -> None:
    connection.execute(
        insert(step).values(
            conversation_id=after.conversation_id,
            version=after.version,
            before=before.version or None,
            owner_before=before.owner,
            event=wanted.event,
            owner=after.owner,
            handover=reference,
            team=team,
            staff=after.staff,
            actor=wanted.by,
            reason=wanted.reason,
            last_seq=last,
            at=at,
        )
    )


def _write_standing(connection: Connection, after: Standing, unheard_from: int, at: datetime) -> None:
    mine = conversation.c.id == after.conversation_id
    values: dict[str, Any] = {"owner": after.owner, "staff": after.staff, "handover": after.handover}
    values |= {"version": after.version, "owner_since": at}
    if after.owner != ASSISTANT:
        values["unheard_from"] = func.coalesce(conversation.c.unheard_from, unheard_from)
        # What waits for an answer is read by people from now on.
        waits = (message.c.conversation_id == after.conversation_id) & (message.c.state == RECEIVED)
        connection.execute(update(message).where(waits).values(state=HANDLED))
    connection.execute(update(conversation).where(mine).values(**values))


def _unheard_from(connection: Connection, conversation_id: str, last: int) -> int:
    """The number of the last message that the assistant has dealt with."""
    waits = select(func.min(message.c.seq)).where(
        message.c.conversation_id == conversation_id, message.c.state == RECEIVED
    )
    first = connection.execute(waits).scalar()
    return last if first is None else int(first) - 1


def _notice(wanted: Change) -> Saying:
    return Saying(SYSTEM, wanted.notice, payload=wanted.payload, state=RECEIVED if wanted.payload else HANDLED)
