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

from bot.live.bells import ANY, Bells
from bot.store import conversations, messages, switches
from bot.store.engine import Database

logger = logging.getLogger(__name__)

EVERY = 0.5  # seconds
LOOK_BACK = timedelta(seconds=30)


class Watcher:
    """Runs beside those who listen. ``is_on`` is how the web chat's switch stood when it last looked.

    ``on_waiting`` is told of conversations in which something waits for the assistant that no resident sent: staff
    handed them back.
    """

    def __init__(
        self,
        db: Database,
        bells: Bells,
        now: Callable[[], datetime],
        on_waiting: Callable[[str], None] | None = None,
    ) -> None:
        self._on_waiting = on_waiting
        self._db = db
        self._bells = bells
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
            changed, is_on, waiting = await asyncio.to_thread(self._read)
        except Exception:
            if not self._has_failed:  # said once, not twice a second
                logger.exception("The ledger could not be watched")
            self._has_failed = True
            return
        self._has_failed = False
        if is_on != self.is_on:
            self.is_on = is_on
            self._bells.wake_all()
        for conversation_id, revision in changed.items():
            if self._seen.get(conversation_id) != revision:
                self._bells.wake(conversation_id, revision)
        if changed != self._seen:
            self._bells.wake(ANY)
        self._seen = changed
        for conversation_id in waiting:
            if self._on_waiting:
                self._on_waiting(conversation_id)

    def _read(self) -> tuple[dict[str, int], bool, list[str]]:
        is_on = switches.state(self._db, switches.WEBCHAT).is_on
        waiting = messages.conversations_waiting(self._db, messages.SYSTEM) if self._on_waiting else []
        if not self._bells.has_listeners():
            return {}, is_on, waiting
        return dict(conversations.changed_since(self._db, self._now() - LOOK_BACK)), is_on, waiting

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self.look()
