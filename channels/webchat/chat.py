"""A web chat as its callers need it: open, find, send, read, wait, end. No HTTP in here.

Kept apart so that the interface (api.py) and the page without JavaScript (page.py) follow the same rules.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.settings import settings
from bot.store import conversations, messages
from bot.store.conversations import Conversation
from bot.store.engine import Database
from bot.store.messages import Message
from bot.text.clean import clean
from channels.inbox import Inbox
from channels.messages import Incoming, Problem
from channels.outbox import Outbox
from channels.webchat.limits import Limits, Window, default_limits, network_of

__all__ = ["MAX_LENGTH", "MAX_WAIT", "Chat", "Message", "Page", "Problem"]

CHANNEL = "webchat"
MAX_LENGTH = 1000
MAX_WAIT = 25.0  # proxies commonly cut an idle request after 30 s
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# Control characters that no keyboard types: a message that holds one is a file or a mistake, not words.
_BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Page:
    """What was said after a cursor, and how the conversation stands. ``busy``: an answer is still to come."""

    messages: tuple[Message, ...]
    cursor: int
    owner: str
    busy: bool
    ended: bool


class Chat:
    """All that a browser may do. Every method that refuses raises ``Problem``."""

    def __init__(
        self,
        db: Database,
        inbox: Inbox,
        outbox: Outbox,
        now: Callable[[], datetime],
        limits: Limits | None = None,
    ) -> None:
        self._db = db
        self._inbox = inbox
        self._outbox = outbox
        self._now = now
        # Limits measure durations: they must go on even where the time is a pretended one that stands still.
        self._limits = limits or default_limits(time.monotonic)

    async def open(self, network: str) -> tuple[str, Conversation]:
        """A new conversation for a client at the address ``network``: (the token that opens it, itself)."""
        _take(self._limits.network_sessions, network_of(network))
        lasts = timedelta(minutes=settings().session_minutes)
        token, _ = await asyncio.to_thread(conversations.open_session, self._db, CHANNEL, self._now(), lasts)
        return token, await self.find(token)

    async def find(self, token: str | None) -> Conversation:
        """The conversation that a token opens; Problem no_session for none, an unknown or an expired one."""
        # A token is ASCII: anything else was never given out, and could not be hashed.
        if not token or not token.isascii():
            raise Problem("no_session")
        found = await asyncio.to_thread(conversations.by_token, self._db, token, self._now())
        if found is None or found.channel != CHANNEL:
            raise Problem("no_session")
        return found

    async def send(
        self,
        conversation: Conversation,
        message_id: str,
        text: str | None = None,
        choice: str | None = None,
        network: str | None = None,
    ) -> None:
        """Store what was typed, or the choice that was made, once; the answer comes by ``read``.

        ``network`` is the client's address, where it is known, for the limit that neighbours share.
        """
        if conversation.ended:
            raise Problem("ended")
        if not _ID.fullmatch(message_id) or (text is None) == (choice is None):
            raise Problem("bad_request")
        _take(self._limits.messages, conversation.id)
        if network is not None:
            _take(self._limits.network_messages, network_of(network))
        if choice is not None:
            title, payload = await self._chosen(conversation, choice)
        else:
            title = payload = _typed(text or "")
        if not await self._inbox.accept(Incoming(conversation.id, message_id, title, payload)):
            raise Problem("conflict")

    async def read(self, conversation: Conversation, after: int = 0, wait: float = 0) -> Page:
        """What was said after message number ``after``; with ``wait``, news is waited for that many seconds."""
        _take(self._limits.reads, conversation.id)
        with self._outbox.listen(conversation.id, min(wait, MAX_WAIT)) as bell:
            first = page = await asyncio.to_thread(self._page, conversation.id, after)
            # A change of state is news too: an answer may end without words, staff may take over.
            while page == first and not page.messages and await bell.ring():
                page = await asyncio.to_thread(self._page, conversation.id, after)
        return page

    async def answered(self, conversation: Conversation, seconds: float) -> None:
        """Return when nothing waits for an answer, or after so many seconds."""
        with self._outbox.listen(conversation.id, seconds) as bell:
            while await asyncio.to_thread(messages.unhandled, self._db, conversation.id):
                if not await bell.ring():
                    return

    async def end(self, conversation: Conversation) -> None:
        """End the conversation: its token opens nothing from now on."""
        await asyncio.to_thread(conversations.end, self._db, conversation.id, self._now())
        self._outbox.wake(conversation.id)

    async def _chosen(self, conversation: Conversation, choice_id: str) -> tuple[str, str]:
        if not choice_id.isascii():  # none that was offered
            raise Problem("unknown_choice")
        known = await asyncio.to_thread(messages.find_choice, self._db, conversation.id, choice_id)
        if known is None:
            raise Problem("unknown_choice")
        return known.title, known.payload

    def _page(self, conversation_id: str, after: int) -> Page:
        # In this order: if nothing waits now, then what is read next holds every answer.
        busy = bool(messages.unhandled(self._db, conversation_id))
        state = conversations.by_id(self._db, conversation_id)
        if state is None:  # erased for good while its reader waited
            raise Problem("no_session")
        said = tuple(messages.after(self._db, conversation_id, after))
        return Page(said, said[-1].seq if said else after, state.owner, busy, state.ended)


def _take(window: Window, key: str) -> None:
    seconds = window.take(key)
    if seconds is not None:
        raise Problem("too_many", retry_after=seconds)


def _typed(text: str) -> str:
    """Typed words as Rasa may see them: a leading "/" would be a command to Rasa and is never a resident's."""
    if _BINARY.search(text):
        raise Problem("not_text")
    cleaned = clean(text, MAX_LENGTH + 1)
    if len(cleaned) > MAX_LENGTH:
        raise Problem("too_long")
    cleaned = cleaned.lstrip("/ ")
    if not cleaned:
        raise Problem("empty")
    return cleaned
