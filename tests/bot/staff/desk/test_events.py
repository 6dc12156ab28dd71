"""The stream of news: what another process writes arrives, and it ends with the session and with this process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.live.bells import ANY
from bot.store import administration, presence, staff_sessions
from bot.store.engine import Database

STREAM = {"Accept": "text/event-stream"}


class Stream:
    """The events of one stream, as they come."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def event(self) -> tuple[str, Any]:
        """The next event; ("over", None) after the last."""
        name = ""
        async for line in self._lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                return name, json.loads(line.removeprefix("data: "))
        return "over", None

    async def next(self, wanted: str) -> Any:
        """The data of the next event of a name."""
        async with asyncio.timeout(10):
            while True:
                name, data = await self.event()
                if name == wanted:
                    return data
                assert name != "over", f"the stream is over before there was {wanted}"


@asynccontextmanager
async def listening(browser: Any, path: str = "/desk/events") -> AsyncIterator[Stream]:
    async with browser.stream("GET", path, headers=STREAM, timeout=30) as answer:
        yield Stream(answer)


async def test_a_write_of_another_process_is_news(live_desk: Any, browser: Any) -> None:
    live_desk.person("sam", "agent")
    talk = live_desk.ask("Missed bin")
    await browser.sign_in("sam")
    async with listening(browser, f"/desk/events?c={talk}") as stream:
        first = await stream.next("news")
        assert set(first) == {talk} and stream.answer.headers["content-type"].startswith("text/event-stream")
        assert stream.answer.headers["cache-control"] == "no-store"
        await stream.next("beat")
        live_desk.office.db, ours = Database(live_desk.office.db.url), live_desk.office.db
        live_desk.write(talk, "Hello?", "p2")
        live_desk.office.db = ours
        news = await stream.next("news")
        assert set(news) == {talk} and news[talk] > first[talk]


async def test_the_window_of_a_conversation_hears_of_no_other(live_desk: Any, browser: Any) -> None:
    live_desk.person("sam", "agent")
    await browser.sign_in("sam")
    talk, other = live_desk.ask("Missed bin"), live_desk.ask("Pothole")
    async with listening(browser, f"/desk/events?c={talk}") as stream:
        assert set(await stream.next("news")) == {talk}
        live_desk.write(other, "Hello?", "p2")
        live_desk.office.app.ctx.state.bells.wake(ANY)
        # The watcher looks at least once while the stream beats four times.
        assert [(await stream.event())[0] for _ in range(4)] == ["beat"] * 4


async def test_what_this_process_has_told_is_not_told_again_by_the_watcher(live_desk: Any, browser: Any) -> None:
    live_desk.person("sam", "agent")
    await browser.sign_in("sam")
    talk, state = live_desk.ask("Missed bin"), live_desk.office.app.ctx.state
    async with listening(browser, f"/desk/events?c={talk}") as stream:
        first = await stream.next("news")
        await stream.next("beat")
        live_desk.write(talk, "Hello?", "p2")
        state.bells.wake(talk)
        assert (await stream.next("news"))[talk] > first[talk]
        await state.watcher.look()
        assert [(await stream.event())[0] for _ in range(4)] == ["beat"] * 4


async def test_without_a_conversation_there_is_only_the_number(live_desk: Any, browser: Any) -> None:
    live_desk.person("sam", "agent")
    await browser.sign_in("sam")
    for path in ("/desk/events", "/desk/events?c=", "/desk/events?c=%0Aevent:x"):
        async with listening(browser, path) as stream:
            assert set(await stream.next("news")) == {"*"}


async def test_many_pieces_of_news_at_once_are_one(live_desk: Any, browser: Any) -> None:
    live_desk.person("sam", "agent")
    await browser.sign_in("sam")
    async with listening(browser) as stream:
        await stream.next("beat")
        for _ in range(20):
            live_desk.office.app.ctx.state.bells.wake("*")
        news = 0
        for _ in range(5):
            name, data = await stream.event()
            news = data["*"] if name == "news" else news
        assert 1 <= news <= 2, "the watcher's first look may be one more"


async def test_signing_out_ends_the_stream(live_desk: Any, browser: Any) -> None:
    live_desk.person("sam", "agent")
    await browser.sign_in("sam")
    async with listening(browser) as stream:
        await stream.next("beat")
        staff_sessions.sign_out(live_desk.office.db, browser.cookies["staff"])
        assert await stream.next("end") == {}
        assert await stream.event() == ("over", None)


async def test_an_account_that_is_switched_off_hears_no_more(live_desk: Any, browser: Any) -> None:
    live_desk.person("sam", "agent")
    await browser.sign_in("sam")
    async with listening(browser) as stream:
        await stream.next("beat")
        administration.deactivate(live_desk.office.db, "admin", "sam", live_desk.office.now)
        await stream.next("end")


async def test_the_end_of_this_process_ends_the_stream(live_desk: Any, browser: Any) -> None:
    live_desk.person("sam", "agent")
    await browser.sign_in("sam")
    async with listening(browser) as stream:
        await stream.next("beat")
        live_desk.office.app.ctx.state.bells.close()
        async with asyncio.timeout(10):
            while (await stream.event())[0] != "over":
                pass


@pytest.mark.parametrize(("path", "is_seen"), [("/desk/events", True), ("/wall/events", False)])
async def test_an_open_desk_is_heard_of_and_a_wall_is_no_desk(
    live_desk: Any, browser: Any, path: str, is_seen: bool
) -> None:
    live_desk.person("sam", "senior", is_available=True)
    await browser.sign_in("sam")
    async with listening(browser, path) as stream:
        await stream.next("beat")
        before = live_desk.office.now
        live_desk.office.pass_time(seconds=20)
        await stream.next("beat")
        await stream.next("beat")
    me = presence.one(live_desk.office.db, "sam")
    assert me and (me.seen_at > before) is is_seen and me.is_available


async def test_who_does_not_ask_for_a_stream_gets_none(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent")
    assert (await browser.get("/desk/events")).status_code == 303
    await browser.sign_in("sam")
    assert (await browser.get("/desk/events", headers={"Accept": "text/plain"})).status_code == 406
