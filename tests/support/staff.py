"""Members of staff as the ledger knows them: they take a conversation, talk, and leave it again."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from bot import clock, handover
from bot.notices import notice
from bot.store import attention, conversations, ownership
from bot.store.engine import Database
from bot.store.messages import Attachment
from bot.store.ownership import Change, Standing
from bot.store.schema import conversation, staff_account
from bot.uploads import files

TEAM = "general"


@dataclass
class Staff:
    """One person, with an account; ``name`` is what residents read."""

    db: Database
    username: str = "sam"
    name: str = "Sam"
    ids: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        values = {"username": self.username, "name": self.name, "password_hash": "", "roles": ["agent"]}
        with self.db.write() as connection:
            connection.execute(insert(staff_account).values(must_change=False, created_at=clock.now(), **values))

    def take(self, talk: str) -> Standing:
        told = notice("joined", name=self.name)
        return ownership.change(self.db, talk, Change(handover.TAKE, self.username, notice=told), clock.now())

    def end(self, talk: str) -> Standing:
        wanted = Change(handover.END, self.username, as_owner=True, notice=notice("ended", name=self.name))
        return ownership.change(self.db, talk, wanted, clock.now())

    def hand_back(self, talk: str) -> Standing:
        told, payload = notice("handed_back", name=self.name), "/back_from_person"
        wanted = Change(handover.HAND_BACK, self.username, as_owner=True, notice=told, payload=payload)
        return ownership.change(self.db, talk, wanted, clock.now())

    def transfer(self, talk: str, to: Staff) -> Standing:
        wanted = Change(handover.TRANSFER, self.username, as_owner=True, staff=to.username)
        return ownership.change(self.db, talk, wanted, clock.now())

    def says(self, talk: str, text: str) -> int:
        sent_as = f"{self.username}-{next(self.ids)}"
        return ownership.staff_says(self.db, talk, self.username, self.name, text, sent_as, clock.now())

    def sends(self, talk: str, data: bytes, text: str = "", **about: Any) -> Attachment:
        """A file with a message, as it is kept: ``data`` is what the desk has made safe of it."""
        sent = Attachment(upload=files.save(data), size=len(data), **about)
        sent_as, now = f"{self.username}-{next(self.ids)}", clock.now()
        ownership.staff_says(self.db, talk, self.username, self.name, text, sent_as, now, sent)
        return sent

    def looks(self, talk: str, seen: int = 0, is_typing: bool = False) -> None:
        attention.look(self.db, talk, self.username, seen, is_typing, clock.now())


def ask(db: Database, talk: str, at: datetime | None = None, team: str = TEAM) -> Standing:
    """The assistant puts a conversation into the queue for a person."""
    wanted = Change(handover.ASK, "assistant", team=team, reason=handover.ASKED)
    return ownership.change(db, talk, wanted, at or clock.now())


def the_talk(db: Database) -> str:
    """The conversation that began first: a test's only one, mostly."""
    with db.read() as connection:
        return str(connection.execute(select(conversation.c.id).order_by(conversation.c.created_at)).scalars().first())


def let_wait(db: Database, staff: Staff, minutes: float, times: int = 3) -> None:
    """So many others of the team waited so long, were taken just now, and have left again."""
    for _ in range(times):
        _, other = conversations.open_session(db, "webchat", clock.now(), timedelta(hours=1))
        ask(db, other.id, clock.now() - timedelta(minutes=minutes))
        staff.take(other.id)
        staff.end(other.id)
