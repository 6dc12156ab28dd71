"""The bells: who waits is woken by news that they have not read."""

from __future__ import annotations

import asyncio
import time

from bot.live.bells import Bells

LONG = 60.0


async def test_news_wakes_everyone_who_listens_to_the_conversation() -> None:
    bells = Bells()
    with bells.listen("a") as one, bells.listen("a") as two, bells.listen("b") as other:
        waiting = asyncio.gather(one.ring(LONG), two.ring(LONG))
        await asyncio.sleep(0)
        bells.wake("a")
        assert await asyncio.wait_for(waiting, 5) == [True, True]
        assert not await other.ring(0)


async def test_news_between_reading_and_waiting_is_not_missed() -> None:
    bells = Bells()
    with bells.listen("a") as bell:
        bells.wake("a")
        assert await asyncio.wait_for(bell.ring(LONG), 5)
        assert not await bell.ring(0), "once"


async def test_what_was_read_already_is_no_news() -> None:
    bells = Bells()
    with bells.listen("a") as bell:
        bell.seen = 7
        bells.wake("a", 7)
        assert not await bell.ring(0)
        bells.wake("a", 8)
        assert await bell.ring(0)


async def test_a_new_place_in_the_queue_is_told_with_the_ring() -> None:
    bells = Bells()
    with bells.listen("a") as bell, bells.listen("b") as other:
        bells.move("a", 3)
        bells.move("a", 2)
        assert await bell.ring(0) and bell.place == 2
        assert not await other.ring(0)


async def test_a_new_place_hides_no_other_news() -> None:
    bells = Bells()
    with bells.listen("a") as bell:
        bells.wake("a")
        bells.move("a", 2)
        assert await bell.ring(0) and bell.place is None
        bells.move("a", 1)
        bells.wake("a")
        assert await bell.ring(0) and bell.place is None


async def test_what_concerns_all_wakes_all() -> None:
    bells = Bells()
    with bells.listen("a") as one, bells.listen("b") as two:
        bells.wake_all()
        assert await one.ring(0) and await two.ring(0)


async def test_without_news_the_wait_ends_in_time() -> None:
    started = time.monotonic()
    with Bells().listen("a") as bell:
        assert not await bell.ring(0.02)
    assert time.monotonic() - started < 5


async def test_a_process_that_stops_keeps_nobody_waiting() -> None:
    bells = Bells()
    with bells.listen("a") as bell:
        waiting = asyncio.create_task(bell.ring(LONG))
        await asyncio.sleep(0)
        bells.close()
        await asyncio.wait_for(waiting, 5)
        assert bell.is_stopped
        await asyncio.wait_for(bell.ring(LONG), 5)
    with bells.listen("a") as late:
        assert late.is_stopped
        await asyncio.wait_for(late.ring(LONG), 5)


async def test_nothing_is_kept_of_those_who_left() -> None:
    bells = Bells()
    with bells.listen("a"):
        assert bells.has_listeners()
    assert not bells.has_listeners()
    bells.wake("a")
