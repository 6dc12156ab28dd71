"""The inbox: nothing is lost, nothing is answered twice, and every message ends one way or another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from rasa.core.channels.channel import UserMessage

from bot import clock
from bot.live.bells import Bells
from bot.store import conversations, messages
from bot.store.engine import Database
from bot.store.messages import Message
from bot.store.turns import Reply, StaleTurn
from channels import inbox as inbox_module
from channels.inbox import Inbox
from channels.messages import Incoming
from tests.channels.standin import OnNewMessage, answer, echo
from tests.support.handing import pull

APOLOGY = "Sorry, that went wrong."
Make = Callable[[OnNewMessage], Inbox]


@pytest.fixture
def talk(db: Database) -> str:
    return start(db)


def start(db: Database) -> str:
    with db.write() as connection:
        return conversations.start(connection, "webchat", clock.now())


@pytest.fixture
async def make(db: Database) -> AsyncIterator[Make]:
    """Makes inboxes, and stops them when the test is over."""
    made: list[Inbox] = []

    def make_inbox(turn: OnNewMessage) -> Inbox:
        made.append(Inbox(db, turn, clock.now, Bells(), lambda: APOLOGY))
        return made[-1]

    yield make_inbox
    for inbox in made:
        await inbox.close()


def say(talk: str, text: str, provider_id: str = "") -> Incoming:
    return Incoming(talk, provider_id or f"id-{text}", text, text)


async def settle(db: Database, *talks: str) -> None:
    """Wait until nothing waits for an answer."""
    async with asyncio.timeout(20):
        while any(messages.unhandled(db, talk) for talk in talks):
            await asyncio.sleep(0.005)


def said(db: Database, talk: str, sender: str) -> list[str]:
    return [message.text for message in messages.after(db, talk, 0) if message.sender == sender]


def first(db: Database, talk: str) -> Message:
    return messages.after(db, talk, 0)[0]


async def test_a_message_is_answered(db: Database, talk: str, make: Make) -> None:
    assert await make(echo(db)).accept(say(talk, "hello"))
    await settle(db, talk)
    assert said(db, talk, "assistant") == ["You said **hello**"]
    assert first(db, talk).state == messages.HANDLED


async def test_rasa_is_given_the_payload_and_the_ids(db: Database, talk: str, make: Make) -> None:
    seen: list[UserMessage] = []

    async def turn(message: UserMessage) -> None:
        seen.append(message)
        answer(db, message)

    await make(turn).accept(Incoming(talk, "id-1", "Bin day", "/bin_day"))
    await settle(db, talk)
    (message,) = seen
    assert (message.text, message.sender_id, message.input_channel) == ("/bin_day", talk, "webchat")
    assert message.message_id == str(first(db, talk).id)
    assert message.output_channel.name() == "webchat"
    await message.output_channel.send_response(talk, {"text": "not sent: it is committed with the turn"})


async def test_the_same_id_twice_at_once_is_one_message(db: Database, talk: str, make: Make) -> None:
    inbox = make(echo(db))
    assert all(await asyncio.gather(*(inbox.accept(say(talk, "hello")) for _ in range(20))))
    await settle(db, talk)
    assert said(db, talk, "resident") == ["hello"]
    assert said(db, talk, "assistant") == ["You said **hello**"]


async def test_the_same_id_for_other_words_is_refused(db: Database, talk: str, make: Make) -> None:
    inbox = make(echo(db))
    assert await inbox.accept(say(talk, "hello", "id-1"))
    assert not await inbox.accept(say(talk, "goodbye", "id-1"))
    await settle(db, talk)
    assert said(db, talk, "resident") == ["hello"]


async def test_one_conversation_is_answered_one_message_after_another(db: Database, talk: str, make: Make) -> None:
    running = 0

    async def turn(message: UserMessage) -> None:
        nonlocal running
        running += 1
        assert running == 1
        await echo(db)(message)
        running -= 1

    inbox = make(turn)
    await asyncio.gather(*(inbox.accept(say(talk, f"number {n}")) for n in range(50)))
    await settle(db, talk)
    asked = said(db, talk, "resident")
    assert len(asked) == 50
    assert said(db, talk, "assistant") == [f"You said **{text}**" for text in asked]


async def test_conversations_do_not_wait_for_each_other(db: Database, talk: str, make: Make) -> None:
    other, release = start(db), asyncio.Event()

    async def turn(message: UserMessage) -> None:
        if message.sender_id == talk:
            await release.wait()
        await echo(db)(message)

    inbox = make(turn)
    await inbox.accept(say(talk, "slow"))
    await inbox.accept(say(other, "quick"))
    await settle(db, other)
    assert said(db, talk, "assistant") == []
    release.set()
    await settle(db, talk)


async def test_staff_have_the_conversation(db: Database, talk: str, make: Make) -> None:
    async def turn(_message: UserMessage) -> None:
        raise AssertionError("Rasa must not see what is for staff")

    pull(db, talk, "sam", clock.now())
    await make(turn).accept(say(talk, "for a person"))
    await settle(db, talk)
    assert [message.text for message in messages.after(db, talk, 0)] == ["for a person"]
    assert first(db, talk).attempts == 0


@pytest.mark.parametrize("failure", [RuntimeError("broken"), StaleTurn("overtaken"), asyncio.CancelledError()])
async def test_a_turn_that_fails_is_tried_again(db: Database, talk: str, make: Make, failure: BaseException) -> None:
    failures = [failure]

    async def turn(message: UserMessage) -> None:
        if failures:
            raise failures.pop()
        await echo(db)(message)

    await make(turn).accept(say(talk, "hello"))
    await settle(db, talk)
    assert said(db, talk, "assistant") == ["You said **hello**"]
    assert said(db, talk, "system") == []


async def test_a_failure_that_rasa_hides_is_seen(db: Database, talk: str, make: Make) -> None:
    async def turn(_message: UserMessage) -> None:
        """Returns as if all were well, but nothing was committed."""

    inbox = make(turn)
    await inbox.accept(say(talk, "hello"))
    await settle(db, talk)
    assert said(db, talk, "system") == [APOLOGY]
    assert (first(db, talk).state, first(db, talk).attempts) == (messages.FAILED, 3)


async def test_a_turn_that_committed_before_it_failed_is_not_done_again(db: Database, talk: str, make: Make) -> None:
    async def turn(message: UserMessage) -> None:
        answer(db, message, Reply("Done"))
        raise RuntimeError("after the commit")

    await make(turn).accept(say(talk, "hello"))
    await settle(db, talk)
    assert said(db, talk, "assistant") == ["Done"]
    assert first(db, talk).attempts == 1


async def test_a_turn_that_hangs_ends_in_an_apology(
    db: Database, talk: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "TURN_SECONDS", 0.02)

    async def turn(message: UserMessage) -> None:
        if message.text == "hang":
            await asyncio.Event().wait()
        answer(db, message, Reply("Here"))

    inbox = make(turn)
    await inbox.accept(say(talk, "hang"))
    await inbox.accept(say(talk, "go on"))
    await settle(db, talk)
    assert said(db, talk, "system") == [APOLOGY]
    assert said(db, talk, "assistant") == ["Here"]


async def test_waiting_for_a_place_is_no_attempt(
    db: Database, talk: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a message that was never tried could be given up after a few restarts under load."""
    monkeypatch.setattr(inbox_module, "PARALLEL_TURNS", 1)
    other, started, go_on = start(db), asyncio.Event(), asyncio.Event()

    async def turn(message: UserMessage) -> None:
        started.set()
        await go_on.wait()
        await echo(db)(message)

    inbox = make(turn)
    await inbox.accept(say(talk, "first"))
    await started.wait()
    await inbox.accept(say(other, "second"))
    async with asyncio.timeout(20):
        while not inbox._turns._waiters:
            await asyncio.sleep(0.005)
    assert (first(db, talk).attempts, first(db, other).attempts) == (1, 0)
    go_on.set()
    await settle(db, talk, other)
    assert said(db, other, "assistant") == ["You said **second**"]


async def test_a_restart_takes_up_what_waited(db: Database, talk: str, make: Make) -> None:
    started = asyncio.Event()

    async def hang(_message: UserMessage) -> None:
        started.set()
        await asyncio.Event().wait()

    dying = make(hang)
    await dying.accept(say(talk, "hello"))
    await started.wait()
    await dying.close()
    assert [message.text for message in messages.unhandled(db, talk)] == ["hello"]
    await make(echo(db)).resume()
    await settle(db, talk)
    assert said(db, talk, "assistant") == ["You said **hello**"]


async def test_a_message_that_ends_the_process_every_time_is_given_up(db: Database, talk: str, make: Make) -> None:
    tried = 0

    async def turn(_message: UserMessage) -> None:
        nonlocal tried
        tried += 1

    messages.receive(db, talk, "id-1", "poison", "poison", clock.now(), clock.now())
    for _ in range(3):
        messages.count_attempt(db, first(db, talk).id)
    await make(turn).resume()
    await settle(db, talk)
    assert tried == 0
    assert said(db, talk, "system") == [APOLOGY]


async def test_a_ledger_out_of_reach_delays_but_loses_nothing(
    db: Database, talk: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = messages.count_attempt, [OSError("disk"), OSError("disk")]

    def count_attempt(database: Database, message_id: int) -> int:
        if failures:
            raise failures.pop()
        return real(database, message_id)

    monkeypatch.setattr(messages, "count_attempt", count_attempt)
    await make(echo(db)).accept(say(talk, "hello"))
    await settle(db, talk)
    assert said(db, talk, "assistant") == ["You said **hello**"]


async def test_what_was_typed_is_not_logged(
    db: Database, talk: str, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    async def turn(_message: UserMessage) -> None:
        raise RuntimeError("broken")

    await make(turn).accept(say(talk, "my secret"))
    await settle(db, talk)
    assert "secret" not in caplog.text


async def test_what_waits_is_taken_up_once_the_ledger_can_be_read(
    db: Database, talk: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = messages.conversations_waiting, [OSError("gone"), OSError("gone")]

    def conversations_waiting(database: Database) -> list[str]:
        if failures:
            raise failures.pop()
        return real(database)

    monkeypatch.setattr(messages, "conversations_waiting", conversations_waiting)
    monkeypatch.setattr(inbox_module, "LONGEST_PAUSE", 0.01)
    messages.receive(db, talk, "id-1", "hello", "hello", clock.now(), clock.now())
    await make(echo(db)).resume()
    await settle(db, talk)
    assert said(db, talk, "assistant") == ["You said **hello**"] and not failures


async def test_a_message_whose_commit_nobody_heard_of_is_answered(
    db: Database, talk: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sender is told to send it again, and may have gone by then."""
    real = messages.receive

    def receive(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        raise OSError("the connection was lost in the commit")

    monkeypatch.setattr(messages, "receive", receive)
    with pytest.raises(OSError):
        await make(echo(db)).accept(say(talk, "hello"))
    await settle(db, talk)
    assert said(db, talk, "assistant") == ["You said **hello**"]


async def test_staff_who_take_over_between_two_attempts_get_the_message(db: Database, talk: str, make: Make) -> None:
    async def turn(_message: UserMessage) -> None:
        pull(db, talk, "sam", clock.now())

    await make(turn).accept(say(talk, "for a person"))
    await settle(db, talk)
    assert (first(db, talk).state, first(db, talk).attempts) == (messages.HANDLED, 1)
    assert said(db, talk, "system") == []
