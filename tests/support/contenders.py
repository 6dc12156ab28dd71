"""One of several processes that all want the same conversations: an assistant, staff, residents, and a keeper.

Everything happens at once and by a seeded chance. Rasa is a stand-in that takes its time and then commits its turn as
the real tracker store does. What each of them did and was told is given back, to be judged against the ledger.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from unittest import mock

from rasa.core.channels.channel import UserMessage
from sqlalchemy import func, select

from bot import clock, handover
from bot.live import watcher
from bot.live.bells import Bells
from bot.live.watcher import Watcher
from bot.store import messages, ownership, turns
from bot.store.engine import Database
from bot.store.ownership import KEEPER, RESIDENT, Change, Full, Overtaken
from bot.store.schema import conversation, step
from bot.store.turns import Asks, Reply, StaleTurn, Turn, Understood
from channels import inbox as inbox_module
from channels.inbox import Inbox
from channels.messages import Incoming
from tests.support.contest import BACK, CAPACITY, PERSON, STAFF, Account, wish

APOLOGY = "Sorry, that went wrong."
THREADS = 12
RESIDENTS = 2  # who speak at the same moment, in any conversation
PATIENCE = 300.0  # seconds: far more than it takes, so that a machine under load fails nothing
UNDERSTOOD = Understood("query", 1.0, None, 0.0, False, None, (), None, "stand-in")


def contend(url: str, seed: int, talks: list[str], goal: int) -> Account:
    """Want these conversations, as one process among others, until the ledger has so many steps."""
    with mock.patch.object(watcher, "EVERY", 0.02), mock.patch.object(inbox_module, "PAUSES", (0.01, 0.05)):
        return asyncio.run(_contend(url, seed, talks, goal))


async def _contend(url: str, seed: int, talks: list[str], goal: int) -> Account:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    db = Database(url)
    try:
        return await Contender(db, random.Random(seed), talks, goal).run()
    finally:
        db.close()


class Contender:
    """The process: everybody in it, and its account."""

    def __init__(self, db: Database, chance: random.Random, talks: list[str], goal: int) -> None:
        self._db, self._chance, self._talks, self._goal = db, chance, talks, goal
        self._is_over = False
        self.account = Account()
        bells = Bells()
        self._inbox = Inbox(db, self._turn, clock.now, bells, lambda: APOLOGY)
        self._watcher = Watcher(db, bells, clock.now, self._inbox.take_up)

    async def run(self) -> Account:
        await self._watcher.start()
        async with asyncio.timeout(PATIENCE):
            everybody = [self._staff(who) for who in STAFF] + [self._residents() for _ in range(RESIDENTS)]
            everybody += [self._keeper(), self._reminders(), self._count()]
            await asyncio.gather(*everybody)
            while await self._in_thread(messages.conversations_waiting, self._db):
                await self._pause()
        await self._watcher.close()
        await self._inbox.close()
        return self.account

    async def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.to_thread(work, *arguments)

    def _pause(self) -> Awaitable[None]:
        return asyncio.sleep(self._chance.uniform(0.0, 0.02))

    async def _turn(self, message: UserMessage) -> None:
        """Rasa's part: it asks for a person when that is wanted."""
        text = str(message.text)
        asks = Asks(self._chance.choice(("asked", "danger")), "general", {}) if text == PERSON else None
        await self._commit(message.sender_id, text, int(message.message_id), asks)

    async def _reminders(self) -> None:
        """Rasa speaks without being asked, where the assistant had the conversation when it looked."""
        while not self._is_over:
            await self._pause()
            talk = self._chance.choice(self._talks)
            now = await self._in_thread(ownership.standing, self._db, talk)
            if now.owner == handover.ASSISTANT:
                with suppress(StaleTurn):
                    await self._commit(talk)

    async def _commit(self, talk: str, text: str = "", message_id: int | None = None, asks: Asks | None = None) -> None:
        """A turn: read what is remembered, think, write all of it or nothing. Without a text it is a reminder."""
        memory = await self._in_thread(turns.memory, self._db, talk)
        await self._pause()
        events = [{"event": "user", "text": text}] if text else []
        replies = [Reply(f"Heard {text}"), Reply("Anything else?")] if text else [Reply("By the way")]
        done = Turn(talk, memory.events, events, replies, message_id=message_id, understood=UNDERSTOOD, asks=asks)
        try:
            await self._in_thread(turns.commit_turn, self._db, done, clock.now())
        except StaleTurn:
            self.account.overtaken_turns += 1
            raise
        self.account.turns += 1

    async def _residents(self) -> None:
        """Say things, sometimes twice with the same id, ask for people and give up waiting."""
        while not self._is_over:
            await asyncio.sleep(self._chance.uniform(0.02, 0.1))
            talk = self._chance.choice(self._talks)
            if self._chance.random() < 0.15:
                give_up = Change(handover.GIVE_UP, RESIDENT, notice="You wait no longer.", payload=BACK)
                await self._step(talk, give_up)
                continue
            text = PERSON if self._chance.random() < 0.5 else "hello"
            said = Incoming(talk, uuid.UUID(int=self._chance.getrandbits(128)).hex, text, text)
            times = 2 if self._chance.random() < 0.2 else 1
            assert all(await asyncio.gather(*(self._inbox.accept(said) for _ in range(times))))
            self.account.residents.append((talk, said.provider_id))

    async def _staff(self, who: str) -> None:
        """Looks where a conversation stands, and does one of the things that are possible there, or is not let."""
        while not self._is_over:
            await self._pause()
            talk = self._chance.choice(self._talks)
            now = await self._in_thread(ownership.standing, self._db, talk)
            if self._chance.random() < 0.3:
                await self._pause()  # somebody else is quicker
            if now.owner == handover.STAFF and self._chance.random() < 0.5:
                await self._say(talk, now.staff if self._chance.random() < 0.8 else who)
            else:
                await self._step(talk, wish(now, who, self._chance))

    async def _say(self, talk: str, who: str) -> None:
        """Words of the owner's, sometimes sent twice; of nobody else's."""
        sent_as = uuid.UUID(int=self._chance.getrandbits(128)).hex
        said = (self._db, talk, who, who.capitalize(), "Hello", sent_as)
        with suppress(Overtaken):
            await self._in_thread(ownership.staff_says, *said, clock.now())
            self.account.staff.append((talk, sent_as))
            if self._chance.random() < 0.3:
                await self._in_thread(ownership.staff_says, *said, clock.now())

    async def _keeper(self) -> None:
        """What the times would do, at any time: nobody came, or somebody was gone."""
        while not self._is_over:
            await self._pause()
            talk = self._chance.choice(self._talks)
            now = await self._in_thread(ownership.standing, self._db, talk)
            if now.owner == handover.QUEUED:
                wanted = Change(handover.EXPIRE, KEEPER, now.version, notice="Nobody came.", payload="/nobody_came")
                await self._step(talk, wanted)
            elif now.owner == handover.STAFF:
                await self._step(talk, Change(handover.REQUEUE, KEEPER, now.version, notice="Please wait again."))

    async def _step(self, talk: str, wanted: Change) -> None:
        try:
            after = await self._in_thread(ownership.change, self._db, talk, wanted, clock.now())
        except Overtaken:
            self.account.lost += 1
        except Full:
            self.account.full += 1
        else:
            self.account.steps.append((talk, after.version))

    async def _count(self) -> None:
        """Ends it when there are steps enough, and sees meanwhile that nobody has more than they can have."""
        while not self._is_over:
            await asyncio.sleep(0.1)
            made, has = await self._in_thread(self._look)
            self.account.crowded += [who for who in has if has.count(who) > CAPACITY]
            self._is_over = made >= self._goal

    def _look(self) -> tuple[int, list[str]]:
        with self._db.read() as connection:
            made = int(connection.execute(select(func.count()).select_from(step)).scalar() or 0)
            has = select(conversation.c.staff).where(conversation.c.owner == handover.STAFF)
            return made, list(connection.execute(has).scalars())
