"""The way out: the ledger holds what was said, and this tells those who wait that there is more of it.

Nothing is queued here, so nothing can be lost here: whoever is woken reads the ledger. Another process (staff, a
second assistant) writes there too without ringing, so nobody sleeps longer than a second before looking again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from rasa.core.channels.channel import OutputChannel

RECHECK_SECONDS = 1.0


class Bell:
    """One listener's bell, and how long it will listen."""

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        self._rung = asyncio.Event()

    def strike(self) -> None:
        self._rung.set()

    def stop(self) -> None:
        """The listener shall wait no longer."""
        self._deadline = 0.0
        self._rung.set()

    async def ring(self) -> bool:
        """Return when the bell rings or it is time to look again; False when the time to listen is over.

        It is heard even when it rang before this call.
        """
        left = self._deadline - time.monotonic()
        if left <= 0:
            return False
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), min(left, RECHECK_SECONDS))
        self._rung.clear()
        return True


class Outbox:
    """Who listens to which conversation, in this process."""

    def __init__(self) -> None:
        self._bells: dict[str, set[Bell]] = {}
        self._is_closed = False

    @contextmanager
    def listen(self, conversation_id: str, seconds: float) -> Iterator[Bell]:
        """A bell for the block. Begin to listen before reading, so that no news falls between the two."""
        bell = Bell(0 if self._is_closed else seconds)
        bells = self._bells.setdefault(conversation_id, set())
        bells.add(bell)
        try:
            yield bell
        finally:
            bells.discard(bell)
            if not bells:
                self._bells.pop(conversation_id, None)

    def wake(self, conversation_id: str) -> None:
        """There is news in a conversation."""
        for bell in self._bells.get(conversation_id, ()):
            bell.strike()

    def close(self) -> None:
        """This process is stopping: nobody may wait any longer, or the server would wait for them."""
        self._is_closed = True
        for bells in self._bells.values():
            for bell in bells:
                bell.stop()


class LedgerOutput(OutputChannel):
    """Rasa's output channel. It sends nothing, since the replies are committed to the ledger with their turn."""

    @classmethod
    def name(cls) -> str:
        return "webchat"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        return
