"""How a conversation stands, as its resident sees it: who answers, how long it may take, what a person has seen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.handover import QUEUED, typical_wait
from bot.store import desk
from bot.store.counterpart import NOBODY, Counterpart
from bot.store.engine import Database

EVERY = 10.0  # seconds between looks at how long people waited
LATELY = timedelta(hours=1)


@dataclass(frozen=True)
class State:
    """How a conversation stands. ``busy``: an answer is still to come; ``first``: the number of the first message that
    is still there, after a wish that the chat be deleted.

    ``person`` is who answers while it is not the assistant. ``place``: in the queue of their team, whose others waited
    ``wait_minutes`` lately, None where nobody knows.
    """

    owner: str
    busy: bool
    place: int | None
    ended: bool
    expires_at: datetime
    revision: int
    first: int
    person: Counterpart = NOBODY
    wait_minutes: int | None = None


class Waits:
    """How long people typically waited in the last hour, by team: read every ten seconds at most, however many ask."""

    def __init__(self, db: Database, now: Callable[[], datetime], clock: Callable[[], float]) -> None:
        self._db = db
        self._now = now
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at: float | None = None
        self._waits: dict[str, list[timedelta]] = {}

    def fill(self, state: State) -> State:
        """The state with what is known of the wait, if it is one of waiting."""
        return replace(state, wait_minutes=self._minutes(state.person.team)) if state.owner == QUEUED else state

    def _minutes(self, team: str) -> int | None:
        with self._lock:  # who comes while it is read waits for it instead of reading too
            if self._read_at is None or self._clock() - self._read_at >= EVERY:
                self._waits = self._read()
                self._read_at = self._clock()
            typical = typical_wait(self._waits.get(team, []))
        return None if typical is None else max(1, round(typical / timedelta(minutes=1)))

    def _read(self) -> dict[str, list[timedelta]]:
        found: dict[str, list[timedelta]] = {}
        for team, seconds in desk.waits_since(self._db, self._now() - LATELY):
            found.setdefault(team, []).append(timedelta(seconds=seconds))
        return found
