"""The staff's process dies at any instant while two people talk: nothing is lost or doubled, and the resident is told.

The real assistant and the real desk. The seed is printed, and KILL_SEED=<number> draws the same instants again.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import yaml

from bot import clock
from bot.notices import notice
from bot.store import conversations, desk, messages, ownership
from bot.store.engine import Database
from bot.store.messages import ASSISTANT, HANDLED, RESIDENT, STAFF
from tests.conftest import ROOT
from tests.support.colleagues import Colleague, Talker, hire
from tests.support.product import Product, running
from tests.support.residents import client
from tests.support.staff import ask

pytestmark = [pytest.mark.kills, pytest.mark.model]
LINES = 30  # of each of the two
THINK = (0.2, 2.0)  # seconds
KILLS = 6
BETWEEN_KILLS = (0.5, 8.0)  # seconds
PATIENCE = 120.0  # seconds in which a process comes back and what was said is seen
# Seconds; all other times are so long that nobody is taken away from whom they talk to.
TIMES = {"staff_gone": 15, "staff_gone_requeue": 3000, "staff_silent_warn": 1000, "staff_silent_requeue": 3000}
TIMES |= {"nobody_came": 3000, "resident_silent_ask": 1000, "resident_silent_close": 3000}


async def test_two_people_talk_whatever_dies(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    seed = int(os.environ.get("KILL_SEED") or random.randrange(10**6))
    chance = random.Random(seed)
    (tmp_path / "minilm-onnx").symlink_to(ROOT / "var" / "minilm-onnx")
    data = data_with_times(tmp_path / "data")
    async with running(model, tmp_path, ("assistant", "staff"), DATA_DIR=str(data)) as product, client() as http:
        ledger = Database(product.settings.database)
        async with Talker(http, product.base).talking() as resident:
            opened = conversations.by_token(ledger, resident.token, clock.now())
            assert opened is not None
            version = ask(ledger, opened.id).version
            token = hire(ledger, "ann", "Ann")
            base = f"http://127.0.0.1:{product.settings.staff_port}"
            async with Colleague(http, base, token, opened.id).at_desk() as ann:
                assert await ann.take(version) == 200
                both = asyncio.gather(talk(ann.say, "Ann", chance), talk(resident.tell, "Resident", chance))
                killed = await kill(product, chance, both)
                await both
                await is_gone_and_comes_back(product, resident, ann)
                check(ledger, resident, ann)
                assert (await resident.read())["messages"] == list(resident.heard)
                assert (await ann.fetch())[1] == ann.read
        ledger.close()
    with capsys.disabled():
        sys.stdout.write(f"\nseed {seed}: {len(resident.heard)} messages, {killed} kills ")
    assert killed >= KILLS / 2


def data_with_times(folder: Path) -> Path:
    """The council's content with times that a test can wait for."""
    shutil.copytree(ROOT / "data", folder)
    path = folder / "councils" / "stockport" / "desk.yml"
    content = yaml.safe_load(path.read_text())
    content["times"] |= TIMES
    path.write_text(yaml.safe_dump(content))
    return folder


async def talk(say: Callable[[str], Awaitable[None]], name: str, chance: random.Random) -> None:
    for number in range(LINES):
        await asyncio.sleep(chance.uniform(*THINK))
        await say(f"{name} {number}")


async def kill(product: Product, chance: random.Random, both: asyncio.Future[list[None]]) -> int:
    """Kill the desk at random while the two talk; how often it died."""
    killed = 0
    while killed < KILLS and not both.done():
        await asyncio.sleep(chance.uniform(*BETWEEN_KILLS))
        killed += product.kill("staff")
    return killed


async def is_gone_and_comes_back(product: Product, resident: Talker, ann: Colleague) -> None:
    """The desk stays away until the resident is told so; then the two go on where they were."""
    await resident.tell("Are you there?")
    await resident.until_heard("Are you there?", PATIENCE)
    told, before = notice("staff_gone", name="Ann"), len(resident.heard)
    async with asyncio.timeout(PATIENCE):
        while told not in [said["text"] for said in resident.heard[before:]]:
            product.kill("staff")
            await asyncio.sleep(0.1)
    await ann.until_read("Are you there?", PATIENCE)
    await ann.say("I am back.")
    await resident.until_heard("I am back.", PATIENCE)
    await ann.until_read("I am back.", PATIENCE)


def check(ledger: Database, resident: Talker, ann: Colleague) -> None:
    """All that was taken is there once, in the order sent, and both have seen it; nobody else spoke or came between."""
    said = messages.after(ledger, ann.talk, 0)
    sent = {sender: [each.provider_id for each in said if each.sender == sender] for sender in (RESIDENT, STAFF)}
    assert sent == {RESIDENT: resident.sent, STAFF: [f"staff-{sent_as}" for sent_as in ann.sent]}
    assert {each.state for each in said} == {HANDLED} and ASSISTANT not in {each.sender for each in said}
    assert [each.seq for each in said] == list(range(1, len(said) + 1))
    assert [(each["seq"], each["text"]) for each in resident.heard] == [(each.seq, each.text) for each in said]
    assert [(line.seq, line.text) for line in ann.read] == [(each.seq, each.text) for each in said]
    assert [each.event for each in desk.steps_of(ledger, ann.talk)] == ["ask", "take"]
    now = ownership.standing(ledger, ann.talk)
    assert now is not None and now.staff == "ann"
