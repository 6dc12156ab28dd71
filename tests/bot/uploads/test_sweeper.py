"""The sweeper: at the start and again and again, whatever goes wrong, and without a name in the log."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.settings import settings
from bot.store import conversations, messages, uploads
from bot.store.engine import Database
from bot.store.uploads import Upload
from bot.uploads import files, sweeper
from bot.uploads.sweeper import Sweeper

AT = clock.now()


@pytest.fixture(autouse=True)
def _own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    settings.cache_clear()
    yield
    settings.cache_clear()


def kept() -> str:
    """The id of a file that has lain there for a day."""
    upload_id = files.save(b"x")
    then = time.time() - 86_400
    os.utime(files.path_of(upload_id), (then, then))
    return upload_id


def sent(db: Database, upload_id: str) -> str:
    """The conversation in which a file was sent."""
    talk = conversations.open_session(db, "webchat", AT, timedelta(hours=1))[1].id
    uploads.add(db, Upload(upload_id, talk, "image/jpeg", 1, AT))
    return talk


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_so():
            await asyncio.sleep(0.01)


async def test_it_sweeps_at_the_start_and_the_log_has_only_a_count(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    somebodys, nobodys = kept(), kept()
    sent(db, somebodys)
    running = Sweeper(db)
    await running.start()
    await until(lambda: bool(caplog.records))
    await running.close()
    assert not files.path_of(nobodys).exists() and files.path_of(somebodys).exists()
    assert "1 erased" in caplog.text and nobodys not in caplog.text


async def test_a_deleted_chats_files_go_with_the_next_look(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeper, "EVERY", 0.01)
    upload_id = kept()
    talk = sent(db, upload_id)
    running = Sweeper(db)
    await running.start()
    await asyncio.sleep(0.1)
    assert files.path_of(upload_id).exists()
    messages.erase(db, talk)
    await until(lambda: not files.path_of(upload_id).exists())
    await running.close()


async def test_a_ledger_out_of_reach_erases_nothing_and_is_asked_again(
    db: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sweeper, "EVERY", 0.01)
    upload_id = kept()
    running = Sweeper(db)
    with monkeypatch.context() as broken:
        broken.setattr(uploads, "ids", lambda _db: 1 / 0)
        await running.start()
        await until(lambda: caplog.text.count("could not be swept: ZeroDivisionError") > 1)
        assert files.path_of(upload_id).exists()
    await until(lambda: not files.path_of(upload_id).exists())
    await running.close()


async def test_one_that_was_never_started_can_be_closed(db: Database) -> None:
    await Sweeper(db).close()
