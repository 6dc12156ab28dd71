"""A member of staff's client of the desk, and a resident who talks to people: both send until it is taken.

What is asked of a page's script and no more: the same id until the answer, events that only say that there is news,
the news fetched with how far one has read, and a word of how far that is. Light, since the load shares a machine with
what is measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import random
import re
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from sqlalchemy import insert

from bot import clock
from bot.staff.forms import SESSION
from bot.store import staff_sessions
from bot.store.engine import Database
from bot.store.schema import staff_account
from tests.support.residents import AGAIN, TEMPORARY, TROUBLE, Resident

_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
_LINE = re.compile(
    r'<li id="[^"]*" class="line[^"]*" data-seq="(\d+)" data-kind="(\w+)".*?class="said"[^>]*>(?:<p>)?(.*?)</p>',
    re.DOTALL,
)
JSON = {"Accept": "application/json"}
OPEN_EVERY = 30.0  # seconds between two words of a resident's page that it is open


@dataclass(frozen=True)
class Line:
    """One line of a transcript as a colleague reads it. ``kind`` is who said it."""

    seq: int
    kind: str
    text: str


def hire(db: Database, username: str, name: str) -> str:
    """An account that takes conversations; the token of a session of theirs."""
    values = {"username": username, "name": name, "password_hash": "", "roles": ["agent"], "must_change": False}
    with db.write() as connection:
        connection.execute(insert(staff_account).values(created_at=clock.now(), **values))
        return staff_sessions.begin(connection, username, staff_sessions.NOWHERE, clock.now())


@dataclass
class Colleague:
    """One window of one person's, on one conversation. ``read`` is what it shows; ``sent`` the ids of what was said;
    ``seen_at`` when each text was first shown."""

    http: aiohttp.ClientSession
    base: str
    token: str
    talk: str
    read: list[Line] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    seen_at: dict[str, float] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    _form_token: str = ""
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @contextlib.asynccontextmanager
    async def at_desk(self) -> AsyncIterator[Colleague]:
        """The window is open for the block."""
        page = await self._get("/desk")
        self._form_token = _TOKEN.findall(page)[0]
        listener = asyncio.create_task(self._listen())
        try:
            yield self
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)

    async def take(self, version: int) -> int:
        """Take the conversation as it was seen in ``version``; the status of the answer."""
        status, _ = await self._post("take", {"version": str(version)})
        return status

    async def say(self, text: str) -> None:
        """Say something to the resident: sent with the same id until it is taken."""
        self.sent.append(uuid.uuid4().hex)
        status, answer = await self._post("say", {"text": text, "sent_as": self.sent[-1]})
        assert status == 200, answer

    async def type(self) -> None:
        """Begin to write."""
        await self._look(typing="1")

    async def until_read(self, text: str, seconds: float) -> None:
        """Wait until the window shows a text."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: text in self.seen_at)

    async def fetch(self, after: int = 0) -> tuple[dict[str, Any], list[Line]]:
        """The news since message number ``after``: how things stand, and the lines."""
        query = f"after={after}&edition={self.state.get('edition', '')}&version={self.state.get('version', 0)}"
        query += f"&note={self.state.get('note', 0)}&ticket={self.state.get('ticket', '')}"
        async with self.http.get(f"{self._page}/news?{query}", headers=self._cookie) as response:
            response.raise_for_status()
            found = await response.json()
        lines = [Line(int(seq), kind, html.unescape(text)) for seq, kind, text in _LINE.findall(found["html"])]
        return found, [line for line in lines if line.kind != "private"]

    @property
    def _page(self) -> str:
        return f"{self.base}/desk/c/{self.talk}"

    @property
    def _cookie(self) -> dict[str, str]:
        return {"Cookie": f"{SESSION}={self.token}"}

    async def _get(self, path: str) -> str:
        while True:
            with contextlib.suppress(*TROUBLE):
                async with self.http.get(f"{self.base}{path}", headers=self._cookie) as response:
                    assert response.status == 200, path
                    return await response.text()
            await asyncio.sleep(AGAIN)

    async def _post(self, step: str, fields: dict[str, str]) -> tuple[int, Any]:
        sent = {"form_token": self._form_token, **fields}
        while True:
            with contextlib.suppress(*TROUBLE):
                headers = {**self._cookie, **JSON}
                async with self.http.post(f"{self._page}/{step}", data=sent, headers=headers) as response:
                    if response.status not in TEMPORARY:
                        return response.status, await response.json()
            await asyncio.sleep(AGAIN)

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(*TROUBLE):
                address, headers = f"{self.base}/desk/events?c={self.talk}", {"Accept": "text/event-stream"}
                async with self.http.get(address, headers={**self._cookie, **headers}) as response:
                    assert response.status == 200, response.status
                    await self._follow(response.content)
            await asyncio.sleep(AGAIN)

    async def _follow(self, stream: aiohttp.StreamReader) -> None:
        """Fetch what is new whenever the conversation has moved on."""
        async for line in stream:
            moved = re.search(rf'^data: .*"{self.talk}": (\d+)', line.decode())
            if moved and int(moved[1]) != self.state.get("revision"):
                await self._catch_up()

    async def _catch_up(self) -> None:
        before = self.state.get("seq")
        self.state, lines = await self.fetch(self.read[-1].seq if self.read else 0)
        async with self._news:
            self.read = lines if self.state["is_whole"] else [*self.read, *lines]
            for line in lines:
                self.seen_at.setdefault(line.text, time.monotonic())
            self._news.notify_all()
        if self.state["seq"] != before:
            await self._look()

    async def _look(self, **also: str) -> None:
        """Tell how far was read."""
        sent = {"form_token": self._form_token, "seen": str(self.state["seq"]), **also}
        async with self.http.post(f"{self._page}/look", data=sent, headers=self._cookie) as response:
            assert response.status == 204, response.status


@dataclass
class List:
    """A window with the desk's list, fetched anew whenever there is news, though once a second at most. ``seconds`` is
    how long each took."""

    http: aiohttp.ClientSession
    base: str
    token: str
    seconds: list[float] = field(default_factory=list)
    _tag: str = ""

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[List]:
        """The window is open for the block."""
        news = asyncio.Event()
        both = (asyncio.create_task(self._listen(news)), asyncio.create_task(self._refresh(news)))
        try:
            yield self
        finally:
            for each in both:
                each.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _listen(self, news: asyncio.Event) -> None:
        headers = {"Cookie": f"{SESSION}={self.token}", "Accept": "text/event-stream"}
        async with self.http.get(f"{self.base}/desk/events", headers=headers) as response:
            assert response.status == 200, response.status
            async for line in response.content:
                if line.startswith(b"event: news"):
                    news.set()

    async def _refresh(self, news: asyncio.Event) -> None:
        while True:
            await news.wait()
            news.clear()
            began = time.monotonic()
            headers = {"Cookie": f"{SESSION}={self.token}", "If-None-Match": self._tag}
            async with self.http.get(f"{self.base}/desk/list", headers=headers) as response:
                assert response.status in (200, 304), response.status
                await response.read()
                self._tag = response.headers["ETag"]
            self.seconds.append(time.monotonic() - began)
            await asyncio.sleep(1)


class Heard(list[dict[str, Any]]):
    """What a stream told, and when each text was first heard."""

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[str, float] = {}

    def append(self, said: dict[str, Any]) -> None:
        super().append(said)
        self.at.setdefault(said["text"], time.monotonic())


@dataclass
class Talker(Resident):
    """A resident who does not wait for answers, and whose page tells how far they have read."""

    heard: Heard = field(default_factory=Heard)  # type: ignore[assignment]
    _told: int = 0

    @contextlib.asynccontextmanager
    async def talking(self) -> AsyncIterator[Talker]:
        async with super().talking():
            reader = asyncio.create_task(self._read_along())
            try:
                yield self
            finally:
                reader.cancel()
                await asyncio.gather(reader, return_exceptions=True)

    async def tell(self, text: str) -> None:
        """Say something: sent with the same id until it is taken."""
        self.sent.append(str(uuid.uuid4()))
        await self._post("messages", {"id": self.sent[-1], "text": text})

    async def until_heard(self, text: str, seconds: float) -> None:
        """Wait until the stream has told a text."""
        await self._until(lambda: text in self.heard.at, seconds)

    async def type(self) -> None:
        """Begin to write."""
        await self._attend("typing")

    async def _read_along(self) -> None:
        """Tell how far was read whenever there is more, and now and then that the page is open."""
        patience = random.uniform(0, OPEN_EVERY)  # the pages were opened at different moments
        while True:
            with contextlib.suppress(TimeoutError):
                await self._until(lambda: bool(self.heard) and self.heard[-1]["seq"] > self._told, patience)
            await self._attend("seen")
            patience = OPEN_EVERY

    async def _attend(self, how: str) -> None:
        self._told = self.heard[-1]["seq"] if self.heard else 0
        with contextlib.suppress(*TROUBLE):  # it is said again soon
            async with self.http.post(f"{self.base}/webchat/{how}?cursor={self._told}", headers=self._key) as response:
                assert response.status in (204, *TEMPORARY), response.status
