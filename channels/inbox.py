"""The one way in: store a resident's message once, acknowledge it, then the gate, then Rasa.

A conversation with waiting messages has one worker, so that its messages are answered strictly one after another,
while different conversations go on side by side. What waits is in the ledger only (a transactional inbox): a
worker that dies with its process leaves nothing behind that the next start does not take up again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.handover import ASSISTANT
from bot.live.bells import Bells
from bot.settings import settings
from bot.store import messages
from bot.store.engine import Database
from bot.store.messages import Message
from bot.store.turns import StaleTurn
from channels.messages import Incoming
from channels.outbox import LedgerOutput

logger = logging.getLogger(__name__)

PARALLEL_TURNS = 8  # more would only queue inside Rasa, which computes in one thread
TURN_SECONDS = 30.0  # far above what a turn may take (6 s): beyond it the turn hangs
MOST_ATTEMPTS = 3
PAUSES = (0.2, 1.0)  # seconds after the first and the second failed attempt
LONGEST_PAUSE = 5.0  # between looks at a ledger that cannot be read: residents wait no longer once it is back


class Inbox:
    """Takes messages in and sees that each is answered, handed to staff, or apologised for."""

    def __init__(
        self,
        db: Database,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        now: Callable[[], datetime],
        bells: Bells,
        apology: Callable[[], str],
        teams: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._db = db
        self._on_new_message = on_new_message
        self._now = now
        self._bells = bells
        self._apology = apology
        self._teams = teams
        self._turns = asyncio.Semaphore(PARALLEL_TURNS)
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._fresh: set[str] = set()
        self._later: asyncio.Task[None] | None = None

    async def accept(self, incoming: Incoming) -> bool:
        """Store a message and return; it is answered later. The same message again changes nothing.

        False, and nothing is stored, when its id was used before for something else.
        """
        at = self._now()
        until = at + timedelta(minutes=settings().session_minutes)
        try:
            message_id, is_new = await asyncio.to_thread(
                messages.receive,
                self._db,
                incoming.conversation_id,
                incoming.provider_id,
                incoming.text,
                incoming.payload,
                at,
                until,
            )
        finally:
            # A message that was stored before may still wait. And when the database went away, nobody knows whether
            # it is stored: the worker will see, also if the sender never asks again.
            self.take_up(incoming.conversation_id)
        if not is_new:
            stored = await asyncio.to_thread(messages.by_id, self._db, message_id)
            return stored is None or (stored.text, stored.payload) == (incoming.text, incoming.payload)
        self._bells.wake(incoming.conversation_id)
        return True

    async def resume(self) -> None:
        """Take up what waited when the last process ended; later, when the ledger cannot be read now."""
        try:
            waiting = await asyncio.to_thread(messages.conversations_waiting, self._db)
        except Exception:
            logger.exception("What waits in the ledger could not be read")
            self._later = asyncio.create_task(self._resume_later())
            return
        for conversation_id in waiting:
            self.take_up(conversation_id)

    async def _resume_later(self) -> None:
        await asyncio.sleep(LONGEST_PAUSE)
        await self.resume()

    async def close(self) -> None:
        """Stop the workers. What they leave waits in the ledger."""
        workers = [*self._workers.values(), *([self._later] if self._later else [])]
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    def take_up(self, conversation_id: str) -> None:
        """See to what waits in a conversation."""
        self._fresh.add(conversation_id)
        if conversation_id not in self._workers:
            self._workers[conversation_id] = asyncio.create_task(self._work(conversation_id))

    async def _work(self, conversation_id: str) -> None:
        try:
            # A message that is stored while the worker finds nothing left marks the conversation fresh again.
            while conversation_id in self._fresh:
                self._fresh.discard(conversation_id)
                await self._empty(conversation_id)
        finally:
            del self._workers[conversation_id]

    async def _empty(self, conversation_id: str) -> None:
        """Deal with all that waits in a conversation, oldest first."""
        pause = PAUSES[0]
        tried = attempt = 0
        while True:
            try:
                found = await asyncio.to_thread(messages.next_waiting, self._db, conversation_id)
                if found is None:
                    return
                waiting, owner = found
                if waiting.id == tried:
                    logger.warning("Message %s: attempt %s gave no answer", waiting.id, attempt)
                    tried = 0
                    await asyncio.sleep(PAUSES[attempt - 1])  # then look anew: staff may have taken over meanwhile
                    continue
                attempt = await self._deal_with(waiting, owner)
                tried = waiting.id
                pause = PAUSES[0]
            except Exception:  # the ledger is out of reach: the message stays in it, so keep trying
                logger.exception("Conversation %s: the ledger could not be used", conversation_id)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _deal_with(self, waiting: Message, owner: str) -> int:
        """One attempt at the message that waits longest; which one. It is over when the ledger says so, not before."""
        attempt = 0
        if owner != ASSISTANT:
            await asyncio.to_thread(messages.hand_to_staff, self._db, waiting.id, self._now())
        else:
            async with self._turns:  # a message that only waits for its place has not been tried yet
                attempt = await asyncio.to_thread(messages.count_attempt, self._db, waiting.id)
                if attempt <= MOST_ATTEMPTS:
                    await self._turn(waiting)
            if attempt >= MOST_ATTEMPTS:  # does nothing when the turn was committed
                apology = self._apology()
                await asyncio.to_thread(messages.give_up, self._db, waiting, apology, self._now())
        self._bells.wake(waiting.conversation_id)
        return attempt

    async def _turn(self, waiting: Message) -> None:
        """Hand the message to Rasa. Whether that worked is for the ledger to say: Rasa hides some failures."""
        message = UserMessage(
            text=waiting.payload,
            output_channel=LedgerOutput(),
            sender_id=waiting.conversation_id,
            input_channel=LedgerOutput.name(),
            message_id=str(waiting.id),
            metadata={"desk": list(self._teams())},  # the teams of which somebody would come
        )
        try:
            await asyncio.wait_for(self._on_new_message(message), TURN_SECONDS)
        except StaleTurn:
            logger.info("Message %s: overtaken by another turn", waiting.id)
        except Exception:
            logger.exception("Message %s: the turn failed", waiting.id)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # this process is stopping
            logger.error("Message %s: the turn was cancelled from within", waiting.id)
