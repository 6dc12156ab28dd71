"""``assistant talk`` over the web chat's real interface, with a stand-in for Rasa."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage

from bot import cli, clock
from bot.store.engine import Database
from bot.store.turns import Reply
from channels.webchat.input import build
from tests.channels.standin import answer
from tests.support.asgi import application, serve
from tests.support.ledger import new_ledger


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(new_ledger(tmp_path))
    yield database
    database.close()


@pytest.fixture
async def base(db: Database, set_settings: Callable[..., None]) -> AsyncIterator[str]:
    """An assistant that says back what Rasa was given, with two choices unless a choice was made."""

    async def turn(message: UserMessage) -> None:
        pressed = str(message.text).startswith("/")
        choices = () if pressed else (("First", "/first"), ("Second", "/second"))
        await asyncio.to_thread(answer, db, message, Reply(f"given: {message.text}", choices))

    async with serve(application(build(db, turn, clock.now), prefix="/")) as url:
        set_settings(public_url=url)
        yield url


@pytest.fixture
def chat(base: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Types lines into ``assistant talk`` until the end of input: what was printed."""

    def type_lines(*lines: str) -> str:
        left = iter(lines)

        def read(_prompt: str) -> str:
            try:
                return next(left)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("builtins.input", read)
        assert cli.main(["talk"]) == 0
        return capsys.readouterr().out

    return type_lines


async def test_a_number_picks_the_choice_that_was_offered_last(chat: Callable[..., str]) -> None:
    told = await asyncio.to_thread(chat, "hello", "2")
    assert "  1. First\n  2. Second" in told and "given: /second" in told


async def test_a_number_after_the_choices_are_gone_is_what_was_typed(chat: Callable[..., str]) -> None:
    told = await asyncio.to_thread(chat, "hello", "2", "1")
    assert "given: 1\n" in told and "/first" not in told


async def test_a_digit_that_is_no_number_is_text(chat: Callable[..., str]) -> None:
    assert "given: 2" in await asyncio.to_thread(chat, "hello", "\N{SUPERSCRIPT TWO}")


async def test_what_is_refused_is_told_and_the_chat_goes_on(chat: Callable[..., str]) -> None:
    told = await asyncio.to_thread(chat, "a" * 1001, "", "hello")
    assert "given: hello" in told and "given: a" not in told
    assert len(told.splitlines()[1]) > 20, "a sentence says what was wrong"
