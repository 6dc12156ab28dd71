"""What contenders for conversations share: who they are, what they may want, and how they account for what they did."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta

from bot import clock, handover
from bot.store.engine import Database
from bot.store.ownership import Change, Standing
from bot.store.schema import staff_account

STAFF = tuple(f"agent{number}" for number in range(6))
CAPACITY = 2
LASTS = timedelta(hours=2)
PERSON = "/person"  # what a resident says to be given to staff
BACK = "/back_from_person"


@dataclass
class Account:
    """What one process did: steps that it was told it made, what it said and was told is taken; what went wrong."""

    steps: list[tuple[str, int]] = field(default_factory=list)  # conversation, version
    lost: int = 0  # steps that somebody else was quicker with
    full: int = 0
    residents: list[tuple[str, str]] = field(default_factory=list)  # conversation, provider's id
    staff: list[tuple[str, str]] = field(default_factory=list)
    turns: int = 0
    overtaken_turns: int = 0
    crowded: list[str] = field(default_factory=list)  # who was seen with more than they can have


def wish(now: Standing, who: str, chance: random.Random) -> Change:
    """What somebody may want of a conversation that stands so."""
    colleague = chance.choice(STAFF)
    seen, room = {"version": now.version}, {"capacity": CAPACITY}
    if now.owner == handover.ASSISTANT:
        return Change(handover.PULL, who, team="general", reason="pulled", notice="Here I am.", **seen, **room)
    if now.owner == handover.QUEUED:
        taken = Change(handover.TAKE, who, notice="Here I am.", **seen, **room)
        return chance.choice((taken, taken, Change(handover.MOVE, who, team="waste", **seen)))
    owner = now.staff or who
    return chance.choice(
        (
            Change(handover.HAND_BACK, owner, as_owner=True, notice="I leave you.", payload=BACK, **seen),
            Change(handover.TRANSFER, owner, as_owner=True, staff=colleague, notice="Another.", **seen, **room),
            Change(handover.REQUEUE, owner, as_owner=True, notice="Please wait.", **seen),
            Change(handover.END, owner, as_owner=True, notice="That was all.", **seen),
        )
    )


def add_accounts(db: Database) -> None:
    """The accounts of those who contend."""
    same = {"password_hash": "", "roles": ["agent"], "must_change": False, "created_at": clock.now()}
    same |= {"teams": [], "capacity": CAPACITY, "is_active": True}
    with db.write() as connection:
        connection.execute(
            staff_account.insert(), [{"username": who, "name": who.capitalize(), **same} for who in STAFF]
        )
