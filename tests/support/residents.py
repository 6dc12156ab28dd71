"""A resident's client of the web chat: sends until it is taken, listens until it is answered, whatever breaks between.

It is what docs/webchat-api.md asks of a client and no more: the same id until 202, ``Last-Event-ID`` after a broken
stream. Light, since the load that it makes shares a machine with what is measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

AGAIN = 0.3  # seconds between tries
TROUBLE = (aiohttp.ClientError, TimeoutError, ConnectionError)
TEMPORARY = (429, 502, 503)


@dataclass(frozen=True)
class Say:
    """Something typed; or, with ``press``, that many of the last choices counted (typed when there are none)."""

    text: str
    press: int | None = None


# What residents come with: small talk, answers, look-ups with postcode and choice, a report to the council.
ERRANDS: tuple[tuple[Say, ...], ...] = (
    (Say("hello"), Say("what can you do"), Say("thanks love")),
    (Say("when is my bin collected"), Say("SK1 3XE"), Say("number 4", press=3)),
    (Say("what can I put in the food caddy?"), Say("what time are you open")),
    (Say("can you deliver caddy bags to 3 Edward Street SK1 3XE"), Say("yes", press=0)),
    (Say("bin day 5 Edward Street SK1 3XE"), Say("thank you")),
    (Say("what do you do with my data"), Say("are you a real person"), Say("ta ra")),
    (Say("my brown bin was missed 3 Bosden Fold Road SK7 9AA"), Say("behind the blue gate"), Say("stop")),
)


def errands(first: int, lines: int) -> list[Say]:
    """So many lines to say, beginning with one errand or another."""
    turned = ERRANDS[first % len(ERRANDS) :] + ERRANDS[: first % len(ERRANDS)]
    once = [line for errand in turned for line in errand]
    return [once[n % len(once)] for n in range(lines)]


def client() -> aiohttp.ClientSession:
    """One for many residents. Connections are not counted: each resident holds a stream open."""
    limit = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=45)
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=limit)


@dataclass
class Resident:
    """One conversation. ``heard`` is what the stream told, ``sent`` the ids of what was said, both in order."""

    http: aiohttp.ClientSession
    base: str
    token: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    tries: int = 0
    streams: int = 0
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @contextlib.asynccontextmanager
    async def talking(self) -> AsyncIterator[Resident]:
        """Open a conversation and listen to it for the block."""
        self.token = (await self._post("sessions", None))["token"]
        listener = asyncio.create_task(self._listen())
        try:
            await self._until(lambda: bool(self.state), 60)
            yield self
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)

    async def talk(self, script: Sequence[Say], think: Callable[[], float], patience: float) -> None:
        """Say each line once the one before is answered, thinking a little between."""
        for line in script:
            await asyncio.sleep(think())
            await self.say(line, patience)

    async def say(self, line: Say, patience: float) -> None:
        """Send one line and wait for its answer. TimeoutError when none comes."""
        choices = self.heard[-1]["choices"] if self.heard and line.press is not None else []
        what = {"choice": choices[(line.press or 0) % len(choices)]["id"]} if choices else {"text": line.text}
        message_id = str(uuid.uuid4())
        self.sent.append(message_id)
        began = time.monotonic()
        await self._post("messages", {"id": message_id, **what})
        await self._until(lambda: self._is_answered(message_id), patience)
        self.seconds.append(time.monotonic() - began)

    async def read(self) -> dict[str, Any]:
        """The whole conversation, by the plain read."""
        async with self.http.get(f"{self.base}/webchat/messages?after=0", headers=self._key) as response:
            response.raise_for_status()
            found: dict[str, Any] = await response.json()
            return found

    @property
    def _key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def _is_answered(self, message_id: str) -> bool:
        after = next((n for n, said in enumerate(self.heard) if said["id"] == message_id), None)
        return after is not None and len(self.heard) > after + 1 and not self.state["busy"]

    async def _until(self, holds: Callable[[], bool], seconds: float) -> None:
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(holds)

    async def _post(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        while True:
            self.tries += 1
            with contextlib.suppress(*TROUBLE):
                async with self.http.post(f"{self.base}/webchat/{path}", json=body, headers=self._key) as response:
                    answer: dict[str, Any] = await response.json()
                    if response.status < 300:
                        return answer
                    assert response.status in TEMPORARY, answer
            await asyncio.sleep(AGAIN)

    async def _listen(self) -> None:
        while True:
            self.streams += 1
            with contextlib.suppress(*TROUBLE):
                last = {"Last-Event-ID": str(self.heard[-1]["seq"])} if self.heard else {}
                async with self.http.get(f"{self.base}/webchat/events", headers={**self._key, **last}) as response:
                    if response.status == 200:
                        await self._take(response.content)
                    else:
                        assert response.status in TEMPORARY, await response.text()
            await asyncio.sleep(AGAIN)

    async def _take(self, stream: aiohttp.StreamReader) -> None:
        name = ""
        async for line in stream:
            field_name, _, value = line.decode().rstrip("\n").partition(": ")
            if field_name == "event":
                name = value
            elif field_name == "data" and name == "message":
                self.heard.append(json.loads(value))
            elif field_name == "data" and name == "state":
                async with self._news:
                    self.state = json.loads(value)
                    self._news.notify_all()
