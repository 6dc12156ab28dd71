"""The watcher: what another process writes is noticed, once, and so is a switch."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot import clock
from bot.live.bells import Bells
from bot.live.watcher import Watcher
from bot.store import conversations, switches
from bot.store.engine import Database

AT = clock.now()


def other_process(db: Database) -> Database:
    return Database(db.url)


def new_talk(db: Database, at: datetime = AT) -> str:
    return conversations.open_session(db, "webchat", at, timedelta(hours=1))[1].id


@pytest.fixture
def bells() -> Bells:
    return Bells()


@pytest.fixture
def watcher(db: Database, bells: Bells) -> Watcher:
    return Watcher(db, bells, lambda: AT)


async def test_news_of_another_process_rings_once(db: Database, bells: Bells, watcher: Watcher) -> None:
    talk, quiet = new_talk(db), new_talk(db)
    with bells.listen(talk) as bell, bells.listen(quiet) as other:
        bell.seen = other.seen = 0
        await watcher.look()
        assert not await bell.ring(0), "it was read so far"
        conversations.keep_open(other_process(db), talk, AT, AT)
        await watcher.look()
        assert await bell.ring(0) and not await other.ring(0)
        await watcher.look()
        assert not await bell.ring(0)


async def test_a_transaction_that_was_committed_late_is_noticed(db: Database, bells: Bells, watcher: Watcher) -> None:
    talk = new_talk(db)
    with bells.listen(talk) as bell:
        bell.seen = 0
        await watcher.look()
        conversations.keep_open(other_process(db), talk, AT - timedelta(seconds=20), AT)
        await watcher.look()
        assert await bell.ring(0)


async def test_a_switch_is_noticed_by_all_and_at_the_start(db: Database, bells: Bells, watcher: Watcher) -> None:
    with bells.listen("a") as bell:
        await watcher.look()
        assert watcher.is_on and not await bell.ring(0)
        switches.turn(other_process(db), switches.WEBCHAT, False, "sam", AT)
        await watcher.look()
        assert not watcher.is_on and await bell.ring(0)
    late = Watcher(db, bells, lambda: AT)
    await late.start()
    assert not late.is_on
    await late.close()


async def test_a_ledger_out_of_reach_is_looked_for_again(
    db: Database, bells: Bells, watcher: Watcher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def out_of_reach(*_: object) -> None:
        raise OSError("no database")

    with monkeypatch.context() as broken:
        broken.setattr(switches, "state", out_of_reach)
        await watcher.look()
        await watcher.look()
    assert watcher.is_on and caplog.text.count("could not be watched") == 1
    switches.turn(db, switches.WEBCHAT, False, "sam", AT)
    await watcher.look()
    assert not watcher.is_on
