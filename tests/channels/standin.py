"""A stand-in for Rasa: it commits a turn to the ledger as the real tracker store does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from rasa.core.channels.channel import UserMessage

from bot import clock
from bot.store import turns
from bot.store.engine import Database
from bot.store.turns import Reply, Turn

OnNewMessage = Callable[[UserMessage], Awaitable[None]]


def answer(db: Database, message: UserMessage, *replies: Reply) -> None:
    """Commit a turn that answers ``message``."""
    stored = turns.memory(db, message.sender_id).events
    events = [{"event": "user", "text": message.text}]
    turn = Turn(message.sender_id, stored, events, replies, message_id=int(message.message_id))
    turns.commit_turn(db, turn, clock.now())


def echo(db: Database) -> OnNewMessage:
    """Says back what Rasa would have been given, with a choice."""

    async def on_new_message(message: UserMessage) -> None:
        reply = Reply(f"You said **{message.text}**", (("Bin day", "/bin_day"),))
        await asyncio.to_thread(answer, db, message, reply)

    return on_new_message
