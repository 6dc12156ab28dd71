"""Thousands of steps wanted by many at once, in two processes over one ledger: afterwards the whole ledger is judged.

Not one word of the assistant's while people had a conversation; no message lost, doubled or left waiting; one winner
of each race; what staff handed back was taken up once. The chance is seeded, but processes are free: what is
asserted holds however they run. RACE_SEED=<number> draws the same chances again, RACE_STEPS=<number> makes it shorter.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import clock
from bot.handover import ASSISTANT, OWNERS, PULL, QUEUED, STAFF
from bot.store import conversations
from bot.store.engine import Database, migrate
from bot.store.messages import HANDLED, RESIDENT, SYSTEM
from bot.store.messages import STAFF as BY_STAFF
from bot.store.notes import UNSAID
from bot.store.schema import conversation, message, note, step, turn
from tests.support.contenders import contend
from tests.support.contest import BACK, CAPACITY, LASTS, Account, add_accounts
from tests.support.postgres import binaries, own_postgres

TALKS, PROCESSES = 12, 2
STEPS = int(os.environ.get("RACE_STEPS") or 4_000)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with own_postgres(programs) as server:
        yield server.url


def test_whoever_wins_the_assistant_is_silent_while_people_talk(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    seed = int(os.environ.get("RACE_SEED") or random.randrange(10**6))
    migrate(url)
    db = Database(url)
    add_accounts(db)
    talks = [conversations.open_session(db, "webchat", clock.now(), LASTS)[1].id for _ in range(TALKS)]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.contenders"])
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        running = [pool.submit(contend, url, seed + number, talks, STEPS) for number in range(PROCESSES)]
        accounts = [each.result() for each in running]
    ledger = Ledger(db)
    db.close()
    with capsys.disabled():
        sys.stdout.write(f"\nseed {seed}: {ledger.told(accounts)} ")
    ledger.judge_steps(accounts)
    ledger.judge_words(accounts)
    ledger.judge_silence()
    ledger.judge_hand_backs()
    assert len(ledger.steps) >= STEPS
    assert {(each.owner_before, each.event) for each in ledger.steps} == {pair for pair in OWNERS if pair[1] != "leave"}
    assert sum(each.lost for each in accounts) > STEPS / 20, "hardly anybody was in another's way"
    assert ledger.unsaid, "no turn was under way when people took over"


class Ledger:
    """All that was written, read once everything is over."""

    def __init__(self, db: Database) -> None:
        with db.read() as connection:
            self.conversations = connection.execute(select(conversation)).all()
            self.steps = connection.execute(select(step).order_by(step.c.conversation_id, step.c.version)).all()
            self.said = connection.execute(select(message).order_by(message.c.conversation_id, message.c.seq)).all()
            self.answered = Counter(connection.execute(select(turn.c.message_id)).scalars())
            self.unsaid = len(connection.execute(select(note.c.id).where(note.c.kind == UNSAID)).all())

    def told(self, accounts: list[Account]) -> str:
        """What it was about, in a line."""
        lost, full, late = (
            sum(getattr(each, name) for each in accounts) for name in ("lost", "full", "overtaken_turns")
        )
        some = f"{len(self.steps)} steps, {lost} lost races, {full} without room, {len(self.said)} messages"
        return f"{some}, {late} turns overtaken, {self.unsaid} of them by people"

    def steps_of(self, talk: str) -> list[Any]:
        return [each for each in self.steps if each.conversation_id == talk]

    def judge_steps(self, accounts: list[Account]) -> None:
        """Who was told that they made a step made it, nobody else did, and each begins where the one before ended."""
        claimed = Counter(made for each in accounts for made in each.steps)
        by_people = Counter((each.conversation_id, each.version) for each in self.steps if each.actor != ASSISTANT)
        assert claimed == by_people and set(claimed.values()) == {1}
        for talk in self.conversations:
            steps = self.steps_of(talk.id)
            assert [each.version for each in steps] == list(range(1, talk.version + 1))
            assert all(after.owner_before == before.owner for before, after in pairwise(steps))
            assert all(after.last_seq >= before.last_seq for before, after in pairwise(steps))
            last = steps[-1]
            assert (talk.owner, talk.staff) == (last.owner, last.staff)
        assert not any(each.crowded for each in accounts)
        held = Counter(talk.staff for talk in self.conversations if talk.staff)
        assert all(count <= CAPACITY for count in held.values())

    def judge_words(self, accounts: list[Account]) -> None:
        """What was taken is there once, numbered without a gap, and dealt with."""
        assert {each.state for each in self.said} == {HANDLED}
        for talk in self.conversations:
            numbers = [each.seq for each in self.said if each.conversation_id == talk.id]
            assert numbers == list(range(1, talk.last_seq + 1))
        for sender, prefix, taken in (
            (RESIDENT, "", [sent for each in accounts for sent in each.residents]),
            (BY_STAFF, "staff-", [sent for each in accounts for sent in each.staff]),
        ):
            there = [(each.conversation_id, each.provider_id) for each in self.said if each.sender == sender]
            assert sorted(there) == sorted((talk, f"{prefix}{sent_as}") for talk, sent_as in taken)

    def judge_silence(self) -> None:
        """Between a step that gave a conversation to people and the one that gave it back the assistant says nothing;
        staff say nothing unless it is theirs."""
        for talk in self.conversations:
            steps = self.steps_of(talk.id)
            said = iter([each for each in self.said if each.conversation_id == talk.id])
            one = next(said, None)
            owner, staff = ASSISTANT, None
            for after in [*steps, None]:
                while one is not None and (after is None or one.seq <= after.last_seq):
                    assert one.sender != ASSISTANT or owner == ASSISTANT, (talk.id, one.seq, owner)
                    assert one.sender != BY_STAFF or (owner, staff) == (STAFF, one.author), (talk.id, one.seq, owner)
                    assert not self.answered[one.id] or one.sender in (RESIDENT, SYSTEM)
                    one = next(said, None)
                if after is not None:
                    owner, staff = after.owner, after.staff

    def judge_hand_backs(self) -> None:
        """What gave a conversation back was answered once, or by people who were quicker than the assistant."""
        given_back = 0
        for talk in self.conversations:
            steps = self.steps_of(talk.id)
            by_number = {each.seq: each for each in self.said if each.conversation_id == talk.id}
            for one, following in zip(steps, [*steps[1:], None], strict=True):
                notice = by_number.get(one.last_seq + 1)
                if one.owner != ASSISTANT or notice is None or not notice.payload:
                    continue
                given_back += 1
                assert (notice.sender, notice.state) == (SYSTEM, HANDLED)
                is_cut_off = following is not None and following.event in (PULL, "ask")
                assert self.answered[notice.id] == 1 or (is_cut_off and self.answered[notice.id] == 0), notice.id
        payloads = [each for each in self.said if each.sender == SYSTEM and each.payload]
        assert given_back == len(payloads) > 0 and {each.payload for each in payloads} == {BACK, "/nobody_came"}
        assert set(self.answered.values()) == {1}
        assert QUEUED in {each.owner for each in self.steps}
