"""Short ways for tests to hand a conversation about: each makes one step, at the moment given."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from bot.handover import ASK, GIVE_UP, HAND_BACK, PULL, TAKE
from bot.store import messages, ownership
from bot.store.engine import Database
from bot.store.ownership import RESIDENT, Change, Standing

LASTS = timedelta(hours=2)
BACK = "/back_from_person"


def ask(db: Database, talk: str, at: datetime, **more: Any) -> Standing:
    """The assistant puts the conversation in the queue."""
    return ownership.change(db, talk, Change(ASK, "assistant", **({"team": "waste", "reason": "asked"} | more)), at)


def take(db: Database, talk: str, who: str, at: datetime, **more: Any) -> Standing:
    return ownership.change(db, talk, Change(TAKE, who, **more), at)


def pull(db: Database, talk: str, who: str, at: datetime, **more: Any) -> Standing:
    return ownership.change(db, talk, Change(PULL, who, **({"reason": "pulled"} | more)), at)


def hand_back(db: Database, talk: str, who: str, at: datetime) -> Standing:
    wanted = Change(HAND_BACK, who, as_owner=True, notice=f"{who} has left.", payload=BACK)
    return ownership.change(db, talk, wanted, at)


def give_up(db: Database, talk: str, at: datetime) -> Standing:
    """The resident waits no longer."""
    return ownership.change(db, talk, Change(GIVE_UP, RESIDENT, notice="You wait no longer.", payload=BACK), at)


def talks(db: Database, talk: str, text: str, at: datetime) -> int:
    """The resident says something; the message's id."""
    return messages.receive(db, talk, _id(text), text, text, at, at + LASTS)[0]


def replies(db: Database, talk: str, who: str, text: str, at: datetime) -> int:
    """A member of staff says something; its number in the conversation."""
    return ownership.staff_says(db, talk, who, who.capitalize(), text, _id(text), at)


def said(db: Database, talk: str) -> list[tuple[str, str, str]]:
    """All that was said: (sender, text, state)."""
    return [(each.sender, each.text, each.state) for each in messages.after(db, talk, 0)]


def _id(text: str) -> str:
    """An id that is the same for the same words and tells nothing of them."""
    return uuid.uuid5(uuid.NAMESPACE_OID, text).hex
