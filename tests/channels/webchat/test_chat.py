"""The chat without HTTP: what the interface and the page rely on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot import clock
from bot.live.bells import Bells
from bot.live.watcher import Watcher
from bot.settings import settings
from bot.store import conversations
from bot.store.engine import Database
from bot.store.schema import conversation
from channels.inbox import Inbox
from channels.messages import Problem
from channels.webchat.chat import Chat
from channels.webchat.limits import Limits
from tests.channels.webchat.conftest import Rasa
from tests.support.staff import ask


class Time:
    """The time, put forward by hand."""

    def __init__(self) -> None:
        self.moment = clock.now()

    def __call__(self) -> datetime:
        return self.moment

    def pass_minutes(self, minutes: float) -> None:
        self.moment += timedelta(minutes=minutes)


@pytest.fixture
def time_now() -> Time:
    return Time()


@pytest.fixture
async def chat(db: Database, rasa: Rasa, limits: Limits, time_now: Time) -> AsyncIterator[Chat]:
    bells = Bells()
    inbox = Inbox(db, rasa, time_now, bells, lambda: "Sorry")
    watcher = Watcher(db, bells, time_now)
    await watcher.start()
    yield Chat(db, inbox, bells, watcher, time_now, limits)
    await watcher.close()
    await inbox.close()


async def test_answered_waits_for_the_answer_but_not_for_ever(chat: Chat, rasa: Rasa) -> None:
    _, talk = await chat.open("192.0.2.1")
    await chat.answered(talk, 60)  # nothing was asked
    rasa.open.clear()
    await chat.send(talk, "id-00001", "hello")
    await chat.answered(talk, 0.05)
    assert (await chat.read(talk)).state.busy
    asyncio.get_running_loop().call_later(0.05, rasa.open.set)
    await chat.answered(talk, 20)
    page = await chat.read(talk)
    assert not page.state.busy
    assert [said.sender for said in page.messages] == ["resident", "assistant"]


async def test_an_unused_session_expires_and_a_message_prolongs_it(chat: Chat, time_now: Time) -> None:
    lasts = settings().session_minutes
    token, talk = await chat.open("192.0.2.1")
    time_now.pass_minutes(lasts - 1)
    await chat.send(talk, "id-00001", "still here")
    time_now.pass_minutes(lasts - 1)
    assert (await chat.find(token)).id == talk.id
    time_now.pass_minutes(2)
    with pytest.raises(Problem, match="no_session"):
        await chat.find(token)


async def test_an_ended_chat_takes_no_message(chat: Chat, db: Database, time_now: Time) -> None:
    token, _ = await chat.open("192.0.2.1")
    with db.write() as connection:
        connection.execute(update(conversation).values(ended_at=time_now()))
    ended = await chat.find(token)
    assert (await chat.read(ended)).state.ended
    with pytest.raises(Problem) as caught:
        await chat.send(ended, "id-00001", "hello")
    assert (caught.value.kind, caught.value.status) == ("ended", 410)


async def test_a_change_of_state_ends_a_waiting_read(chat: Chat, db: Database, time_now: Time) -> None:
    _, talk = await chat.open("192.0.2.1")
    waiting = asyncio.create_task(chat.read(talk, wait=20))
    await asyncio.sleep(0.05)
    started = time.monotonic()
    ask(db, talk.id, time_now())
    assert (await waiting).state.owner == "queued"
    assert time.monotonic() - started < 5


async def test_a_token_of_another_channel_opens_nothing(chat: Chat, db: Database, time_now: Time) -> None:
    token, _ = conversations.open_session(db, "sms", time_now(), timedelta(minutes=1))
    with pytest.raises(Problem, match="no_session"):
        await chat.find(token)


async def test_the_token_is_not_kept(chat: Chat, db: Database) -> None:
    token, _ = await chat.open("192.0.2.1")
    with db.read() as connection:
        (kept,) = connection.exec_driver_sql("select token_hash from session").scalars()
    assert token not in kept
    assert len(token) >= 43
