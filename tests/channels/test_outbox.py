"""The outbox: who waits is woken by news, and looks again by itself."""

from __future__ import annotations

import asyncio
import time

import pytest

from channels import outbox as outbox_module
from channels.outbox import Outbox


async def test_news_wakes_everyone_who_listens_to_the_conversation() -> None:
    outbox = Outbox()
    with outbox.listen("a", 5) as one, outbox.listen("a", 5) as two:
        waiting = asyncio.gather(one.ring(), two.ring())
        await asyncio.sleep(0)
        started = time.monotonic()
        outbox.wake("a")
        await waiting
    assert time.monotonic() - started < 0.5


async def test_news_between_reading_and_waiting_is_not_missed() -> None:
    outbox = Outbox()
    with outbox.listen("a", 5) as bell:
        outbox.wake("a")
        started = time.monotonic()
        await bell.ring()
    assert time.monotonic() - started < 0.5


async def test_without_news_it_is_soon_time_to_look_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "RECHECK_SECONDS", 0.02)
    outbox = Outbox()
    with outbox.listen("a", 5) as bell:
        outbox.wake("b")
        started = time.monotonic()
        await bell.ring()
    assert time.monotonic() - started < 5


async def test_the_time_to_listen_ends() -> None:
    with Outbox().listen("a", 0.02) as bell:
        async with asyncio.timeout(5):
            while await bell.ring():
                pass


async def test_a_process_that_stops_keeps_nobody_waiting() -> None:
    outbox = Outbox()
    with outbox.listen("a", 60) as bell:
        waiting = asyncio.create_task(bell.ring())
        await asyncio.sleep(0)
        outbox.close()
        await asyncio.wait_for(waiting, 0.5)
        assert not await bell.ring()
    with outbox.listen("a", 60) as late:
        assert not await late.ring()


async def test_nothing_is_kept_of_those_who_left() -> None:
    outbox = Outbox()
    with outbox.listen("a", 5):
        pass
    assert not outbox._bells
    outbox.wake("a")
