"""What everybody at the desk looks at, read once for all of them and at most once a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.council import council
from bot.dialogue.titles import query_titles
from bot.staff.desk.rows import Row, row_of
from bot.store import desk, presence
from bot.store.attention import Attention
from bot.store.desk import Active, Open
from bot.store.engine import Database
from bot.store.presence import Present

EVERY = 1.0  # seconds
LISTENED_TO = timedelta(minutes=15)  # a talk with the assistant that has been quiet for longer is not shown


@dataclass(frozen=True)
class Board:
    """How things stand ``at`` a moment: open conversations by urgency, the assistant's, the staff, who looks where.

    ``rows`` are the open conversations in words, as somebody reads them who has looked at none; ``written`` keeps them
    as HTML by conversation and kind of list, since most are the same for all who read the board.
    """

    at: datetime
    open: Sequence[Open]
    active: Sequence[Active]
    people: Mapping[str, Present]
    looks: Mapping[str, Sequence[Attention]]
    rows: Mapping[str, Row]
    written: dict[tuple[str, str], str] = field(default_factory=dict)

    def name(self, username: str | None) -> str:
        """What somebody is called; a name that has gone from the accounts stands for itself."""
        found = self.people.get(username or "")
        return found.name if found else username or ""


def read_board(db: Database, at: datetime) -> Board:
    """How things stand now."""
    found, staff = desk.open_conversations(db), presence.everybody(db)
    looks = desk.looks(db, [each.conversation_id for each in found], at)
    names, rules, subjects = {each.username: each.name for each in staff}, council().desk, query_titles()
    return Board(
        at,
        found,
        desk.with_assistant(db, at - LISTENED_TO),
        {each.username: each for each in staff},
        looks,
        {
            each.conversation_id: row_of(each, looks.get(each.conversation_id, ()), names, rules, subjects, at)
            for each in found
        },
    )


class Boards:
    """Reads the board for all who ask at about the same time."""

    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now
        self._next: asyncio.Future[Board] | None = None
        self._begun = -EVERY

    async def latest(self) -> Board:
        """A board that is read after this call, however many call; so nobody misses the news that made them ask."""
        if self._next is None:
            self._next = asyncio.ensure_future(self._read_when_due())
        return await asyncio.shield(self._next)

    async def now(self) -> Board:
        """A board that is read at once: for a page that somebody waits for."""
        return await asyncio.to_thread(read_board, self._db, self._now())

    async def _read_when_due(self) -> Board:
        await asyncio.sleep(self._begun + EVERY - time.monotonic())
        self._next = None  # who asks from here on wants what is written from here on
        self._begun = time.monotonic()
        return await self.now()
