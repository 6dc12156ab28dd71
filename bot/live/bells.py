"""Who waits for news of which conversation, in this process.

Nothing is queued here, so nothing can be lost here: whoever is woken reads the ledger. What another process writes
there (staff, a second assistant) is noticed by the watcher (watcher.py), which rings these bells too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

ANY = "*"  # who listens to this hears of every conversation


class Bell:
    """One listener's bell. ``seen`` is the revision that the listener has read, for news that it knows already.

    ``place`` is the conversation's place in the queue where that is all that the bell rang for, so that it needs no
    reading; otherwise None.
    """

    def __init__(self) -> None:
        self.seen = -1
        self.place: int | None = None
        self.is_stopped = False
        self._rung = asyncio.Event()

    def strike(self) -> None:
        self.place = None
        self._rung.set()

    def move(self, place: int) -> None:
        """The conversation's place in the queue is another one. Other news that was not heard yet stays news."""
        if self.place is not None or not self._rung.is_set():
            self.place = place
        self._rung.set()

    def stop(self) -> None:
        """The listener shall wait no longer."""
        self.place = None
        self.is_stopped = True
        self._rung.set()

    async def ring(self, seconds: float) -> bool:
        """Whether the bell rings within so many seconds. It is heard even when it rang before this call."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), max(seconds, 0))
        is_rung = self._rung.is_set()
        if not self.is_stopped:
            self._rung.clear()
        return is_rung


class Bells:
    """Who listens to which conversation, in this process."""

    def __init__(self) -> None:
        self._bells: dict[str, set[Bell]] = {}
        self._is_closed = False

    @contextmanager
    def listen(self, conversation_id: str) -> Iterator[Bell]:
        """A bell for the block. Begin to listen before reading, so that no news falls between the two."""
        bell = Bell()
        if self._is_closed:
            bell.stop()
        bells = self._bells.setdefault(conversation_id, set())
        bells.add(bell)
        try:
            yield bell
        finally:
            bells.discard(bell)
            if not bells:
                self._bells.pop(conversation_id, None)

    def wake(self, conversation_id: str, revision: int | None = None) -> None:
        """There is news in a conversation; with a ``revision`` only for those who have not read so far."""
        for bell in self._bells.get(conversation_id, ()):
            if revision is None or revision > bell.seen:
                bell.strike()

    def move(self, conversation_id: str, place: int) -> None:
        """A conversation that waits for staff has come to another place in the queue."""
        for bell in self._bells.get(conversation_id, ()):
            bell.move(place)

    def wake_all(self) -> None:
        """There is news for everybody."""
        for bells in self._bells.values():
            for bell in bells:
                bell.strike()

    def has_listeners(self) -> bool:
        return bool(self._bells)

    def close(self) -> None:
        """This process is stopping: nobody may wait any longer, or the server would wait for them."""
        self._is_closed = True
        for bells in self._bells.values():
            for bell in bells:
                bell.stop()
