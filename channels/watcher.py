"""Notices in the ledger what other processes wrote (staff, a second assistant) and how the switches stand.

One small query twice a second for the whole process, however many residents listen: it asks for the conversations
that changed lately and rings the bells of those that moved on. Looking back further than the last look makes up for
transactions that were committed late and for clocks that differ a little.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.store import conversations, switches
from bot.store.engine import Database
from channels.outbox import Outbox

logger = logging.getLogger(__name__)

EVERY = 0.5  # seconds
LOOK_BACK = timedelta(seconds=30)


class Watcher:
    """Runs beside the inbox. ``is_on`` is how the web chat's switch stood when it last looked."""

    def __init__(self, db: Database, outbox: Outbox, now: Callable[[], datetime]) -> None:
        self._db = db
        self._outbox = outbox
        self._now = now
        self._seen: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None
        self._has_failed = False
        self.is_on = True

    async def start(self) -> None:
        """Look once, so that a chat that was switched off does not open, then go on looking."""
        await self.look()
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """One look. A ledger out of reach changes nothing: those who listen read it themselves and will say so."""
        try:
            changed, is_on = await asyncio.to_thread(self._read)
        except Exception:
            if not self._has_failed:  # said once, not twice a second
                logger.exception("The ledger could not be watched")
            self._has_failed = True
            return
        self._has_failed = False
        if is_on != self.is_on:
            self.is_on = is_on
            self._outbox.wake_all()
        for conversation_id, revision in changed.items():
            if self._seen.get(conversation_id) != revision:
                self._outbox.wake(conversation_id, revision)
        self._seen = changed

    def _read(self) -> tuple[dict[str, int], bool]:
        is_on = switches.state(self._db, switches.WEBCHAT).is_on
        if not self._outbox.has_listeners():
            return {}, is_on
        return dict(conversations.changed_since(self._db, self._now() - LOOK_BACK)), is_on

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self.look()
