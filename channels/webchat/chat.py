"""A web chat as its callers need it: open, find, send, read, follow, end. No HTTP in here.

Kept apart so that the interface (api.py) and the page without JavaScript (page.py) follow the same rules.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.handover import ASSISTANT, BACK, GIVE_UP
from bot.live.bells import Bell, Bells
from bot.live.watcher import Watcher
from bot.network import network_of
from bot.notices import notice
from bot.settings import settings
from bot.store import attention, conversations, counterpart, messages, ownership, ratings
from bot.store.conversations import Session
from bot.store.engine import Database
from bot.store.messages import Message
from bot.store.ownership import RESIDENT, Change, Overtaken
from bot.store.ratings import Rating
from bot.text.clean import clean
from bot.text.redaction import withheld
from channels.inbox import Inbox
from channels.messages import Incoming, Problem
from channels.webchat.limits import Limits, default_limits, take
from channels.webchat.standing import State, Waits
from channels.webchat.words import DEFAULT

CHANNEL = "webchat"
MAX_LENGTH = 1000
MAX_COMMENT = 500
MOST_AT_ONCE = 200  # messages of one read: a reader goes on from there
MOST_MESSAGES = 3000  # of one conversation: nobody talks so much, and it bounds what a copy of it costs
NEWEST = -1
MAX_WAIT = 25.0  # proxies commonly cut an idle request after 30 s
HEARTBEAT = 20.0  # seconds at most
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# Control characters that no keyboard types: a message that holds one is a file or a mistake, not words.
_BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Page:
    """What was said after a cursor, and how the conversation stood in the same moment."""

    messages: tuple[Message, ...]
    cursor: int
    state: State


class Chat:
    """All that a browser may do. Every method that refuses raises ``Problem``."""

    def __init__(
        self,
        db: Database,
        inbox: Inbox,
        bells: Bells,
        watcher: Watcher,
        now: Callable[[], datetime],
        limits: Limits | None = None,
    ) -> None:
        self.db = db
        self.now = now
        # Limits measure durations: they must go on even where the time is a pretended one that stands still.
        self.limits = limits or default_limits(time.monotonic)
        self._inbox = inbox
        self._bells = bells
        self._watcher = watcher
        self._waits = Waits(db, now, time.monotonic)

    @property
    def is_on(self) -> bool:
        """Whether the council has the chat switched on."""
        return self._watcher.is_on

    def require_on(self) -> None:
        """Raises Problem switched_off while the chat is switched off."""
        if not self.is_on:
            raise Problem("switched_off")

    async def open(self, network: str, language: str = DEFAULT) -> tuple[str, Session]:
        """A new conversation for a client at the address ``network``: (the token that opens it, itself).

        ``language`` is that of the page, for staff who may answer.
        """
        self.require_on()
        take(self.limits.network_sessions, network_of(network))
        return await asyncio.to_thread(conversations.open_session, self.db, CHANNEL, self.now(), _lasts(), language)

    async def find(self, *tokens: str | None) -> Session:
        """The conversation that the first good token opens; Problem no_session when none is good."""
        self.require_on()
        for token in tokens:
            # A token is ASCII: anything else was never given out, and could not be hashed.
            if token and token.isascii():
                found = await asyncio.to_thread(conversations.by_token, self.db, token, self.now())
                if found is not None and found.channel == CHANNEL:
                    return found
        raise Problem("no_session")

    async def send(
        self,
        session: Session,
        message_id: str,
        text: str | None = None,
        choice: str | None = None,
        network: str | None = None,
    ) -> None:
        """Store what was typed, or the choice that was made, once; the answer comes by ``read`` or ``follow``.

        ``network`` is the client's address, where it is known, for the limit that neighbours share. Card,
        National Insurance and NHS numbers are taken out before anything is stored.
        """
        if (text is None) == (choice is None):
            raise Problem("bad_request")
        check_id(message_id)
        self.admit(session, network)
        if choice is not None:
            title, payload = await self._chosen(session, choice)
        else:
            title = payload = withheld(_typed(text or ""))[0]
        await self.accept(session, message_id, title, payload)

    def admit(self, session: Session, network: str | None) -> None:
        """Count one more message. Raises Problem unless the conversation may take it."""
        if session.ended:
            raise Problem("ended")
        if session.last_seq >= MOST_MESSAGES:
            raise Problem("full")
        take(self.limits.messages, session.id)
        if network is not None:
            take(self.limits.network_messages, network_of(network))

    async def accept(self, session: Session, message_id: str, text: str, payload: str) -> None:
        """Store a message that was admitted: ``text`` is what the ledger shows, ``payload`` what Rasa is given."""
        if not await self._inbox.accept(Incoming(session.id, message_id, text, payload)):
            raise Problem("conflict")

    async def read(self, session: Session, after: int = 0, wait: float = 0, known: int | None = None) -> Page:
        """What was said after message number ``after`` (NEWEST: the last), MOST_AT_ONCE messages at most.

        With ``wait``, news is waited for that many seconds.

        News is a message, or a state that is not the one of revision ``known`` (by default: the present one).
        """
        take(self.limits.reads, session.id)
        deadline = time.monotonic() + min(wait, MAX_WAIT)
        with self._bells.listen(session.id) as bell:
            page = await self._look(session, after, bell)
            known = page.state.revision if known is None else known
            while not page.messages and page.state.revision == known and not bell.is_stopped:
                is_typing, left = page.state.person.is_typing, deadline - time.monotonic()
                has_news = await bell.ring(min(left, _patience(page.state)) if is_typing else left)
                if has_news or is_typing:  # whoever was typing may have stopped without a word
                    page = await self._look(session, after, bell)
                if not has_news:
                    break
        return page

    async def follow(self, session: Session, after: int, network: str) -> AsyncGenerator[Page | None, None]:
        """Everything said after ``after`` and every change of state, as it happens; None when nothing did for long.

        It begins with how things stand, and ends when this process stops. Raises Problem as ``find`` does.
        """
        take(self.limits.reads, session.id)
        network_streams = self.limits.network_streams.enter(network_of(network))
        with self.limits.streams.enter(session.id), network_streams, self._bells.listen(session.id) as bell:
            last: State | None = None
            while not bell.is_stopped:
                page = await self._look(session, after, bell)
                if page.messages or page.state != last:
                    after, last = page.cursor, page.state
                    yield page
                else:
                    yield None
                if len(page.messages) < MOST_AT_ONCE:
                    async for last in _moves(bell, page.state):
                        yield Page((), after, last)

    async def whole(self, session: Session) -> Page:
        """Everything that was said, for a copy to keep."""
        page = await self.read(session)
        said = list(page.messages)
        while len(page.messages) == MOST_AT_ONCE:
            page = await self.read(session, page.cursor)
            said += page.messages
        return Page(tuple(said), page.cursor, page.state)

    async def answered(self, session: Session, seconds: float) -> None:
        """Return when nothing waits for an answer, or after so many seconds."""
        deadline = time.monotonic() + seconds
        with self._bells.listen(session.id) as bell:
            while await asyncio.to_thread(messages.unhandled, self.db, session.id):
                if bell.is_stopped or not await bell.ring(deadline - time.monotonic()):
                    return

    async def keep_open(self, session: Session) -> None:
        """The resident is still there."""
        until = self.now() + _lasts()
        await asyncio.to_thread(conversations.keep_open, self.db, session.id, self.now(), until)
        self._bells.wake(session.id)

    async def stop_waiting(self, session: Session) -> str:
        """The resident waits for a person no longer: the assistant goes on. Who owns the conversation then.

        That is staff when somebody has just joined: then nothing is changed.
        """
        take(self.limits.messages, session.id)
        step = Change(GIVE_UP, RESIDENT, notice=notice("gave_up"), payload=f"/{BACK}")
        try:
            after = await asyncio.to_thread(ownership.change, self.db, session.id, step, self.now())
        except Overtaken as overtaken:
            return overtaken.standing.owner
        except LookupError:
            raise Problem("no_session") from None
        self._bells.wake(session.id)
        self._inbox.take_up(session.id)
        return after.owner

    async def attend(self, session: Session, cursor: int, is_typing: bool = False, leaves: bool = False) -> None:
        """The resident has the chat before them and has read up to ``cursor``; staff see that, while it is theirs."""
        take(self.limits.attention, session.id)
        if session.owner != ASSISTANT:
            seen = min(cursor, session.last_seq)
            await asyncio.to_thread(
                attention.look, self.db, session.id, attention.RESIDENT, seen, is_typing, self.now(), leaves
            )

    async def rate(self, conversation_id: str, score: str, comment: str) -> None:
        """Keep what the resident thought, from "1" to "5". Raises Problem bad_rating, too_long or not_text."""
        if not re.fullmatch(f"[{ratings.WORST}-{ratings.BEST}]", score):
            raise Problem("bad_rating")
        said = withheld(_cleaned(comment, MAX_COMMENT))[0]
        await asyncio.to_thread(ratings.give, self.db, conversation_id, Rating(int(score), said), self.now())

    async def end(self, *tokens: str) -> list[str]:
        """End every conversation that a token opens, also while the chat is switched off; their ids."""
        ended = []
        for token in filter(str.isascii, tokens):
            found = await asyncio.to_thread(conversations.by_token, self.db, token, self.now())
            if found is not None and found.channel == CHANNEL:
                await asyncio.to_thread(ownership.end, self.db, found.id, self.now())
                self._bells.wake(found.id)
                ended.append(found.id)
        return ended

    async def _chosen(self, session: Session, choice_id: str) -> tuple[str, str]:
        if not choice_id.isascii():  # none that was offered
            raise Problem("unknown_choice")
        known = await asyncio.to_thread(messages.find_choice, self.db, session.id, choice_id)
        if known is None:
            raise Problem("unknown_choice")
        return known.title, known.payload

    async def _look(self, session: Session, after: int, bell: Bell) -> Page:
        self.require_on()
        page = await asyncio.to_thread(self._page, session, after)
        bell.seen = page.state.revision
        return page

    def _page(self, session: Session, after: int) -> Page:
        """One moment of a conversation: if nothing waits for an answer, then every answer is among the messages."""
        with self.db.snapshot() as connection:
            now = conversations.by_key(connection, session.key, self.now())
            if now is None:  # ended elsewhere, expired, or erased for good while its reader waited
                raise Problem("no_session")
            if after < 0:  # the newest only
                after = messages.first_of_last(connection, session.id, MOST_AT_ONCE)
            said = tuple(messages.said_after(connection, session.id, after, MOST_AT_ONCE))
            state = State(
                owner=now.owner,
                busy=messages.is_waiting(connection, session.id),
                place=conversations.place_in_queue(connection, now),
                ended=now.ended,
                expires_at=now.expires_at,
                revision=now.revision,
                first=messages.first_kept(connection, session.id),
                person=counterpart.of(connection, now, self.now()),
            )
        return Page(said, said[-1].seq if said else after, self._waits.fill(state))


def check_id(message_id: str) -> None:
    """Raises Problem unless a client may give a message this id."""
    if not _ID.fullmatch(message_id):
        raise Problem("bad_request")


async def _moves(bell: Bell, state: State) -> AsyncGenerator[State, None]:
    """The state at each new place in the queue, until there is other news, or none for long. The places change for many
    at once, so that nobody reads anything for that."""
    while await bell.ring(_patience(state)) and bell.place is not None:
        if state.place is not None and state.place != bell.place:
            state = replace(state, place=bell.place)
            yield state


def _patience(state: State) -> float:
    """Seconds after which a reader looks again unasked: that somebody has stopped typing is no news of its own.

    Not the same for all: those who came at one moment, as after a restart, would all look at one moment too.
    """
    return attention.TYPING.total_seconds() if state.person.is_typing else HEARTBEAT * random.uniform(0.7, 1)


def _lasts() -> timedelta:
    return timedelta(minutes=settings().session_minutes)


def _typed(text: str) -> str:
    """Typed words as Rasa may see them: a leading "/" would be a command to Rasa and is never a resident's."""
    cleaned = _cleaned(text, MAX_LENGTH).lstrip("/ ")
    if not cleaned:
        raise Problem("empty")
    return cleaned


def _cleaned(text: str, limit: int) -> str:
    if _BINARY.search(text):
        raise Problem("not_text")
    cleaned = clean(text, limit + 1)
    if len(cleaned) > limit:
        raise Problem("too_long")
    return cleaned
