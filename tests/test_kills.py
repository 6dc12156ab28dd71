"""Processes die at any instant, and every message still has exactly one answer, in order, in the page.

The real product under the load of many residents, some of them in real browsers. The assistant, its actions and the
database are killed at random; the seed is printed, and KILL_SEED=<number> draws the same instants again.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot import clock
from bot.store import conversations, messages, turns
from bot.store.engine import Database
from bot.store.messages import ASSISTANT, FAILED, HANDLED, RESIDENT, SYSTEM, Message
from bot.store.schema import turn as turn_table
from tests.conftest import ROOT
from tests.support.postgres import Postgres, binaries, own_postgres
from tests.support.product import Product, running
from tests.support.residents import Resident, client, errands

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.kills,
    pytest.mark.model,
    pytest.mark.postgres,
    pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not installed"),
]
RESIDENTS, LINES = 32, 32  # 1,024 messages, and those of the pages
PAGES, PAGE_LINES = 2, 8
THINK = (0.5, 3.0)  # seconds
KILLS = ["assistant"] * 3 + ["actions"] * 5 + ["database"] * 6
BETWEEN_KILLS = (0.5, 11.0)  # seconds
AWAY = (0.0, 3.0)  # seconds that the database stays away
PATIENCE = 150.0  # seconds that a resident waits for one answer, whatever dies
APOLOGIES = 10  # of a thousand: a message is given up after three attempts that died under it


@dataclass
class Page:
    """A resident with a real browser: what they sent, and what their page shows at the end."""

    token: str = ""
    sent: list[str] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)


async def test_every_message_has_one_answer_whatever_dies(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    seed = int(os.environ.get("KILL_SEED") or random.randrange(10**6))
    chance = random.Random(seed)
    (tmp_path / "minilm-onnx").symlink_to(ROOT / "var" / "minilm-onnx")
    with own_postgres(binaries() or Path()) as database:
        async with (
            running(model, tmp_path, DATABASE_URL=database.url) as product,
            client() as http,
            browser() as open_page,
        ):
            residents = [Resident(http, product.base) for _ in range(RESIDENTS)]
            pages = [Page() for _ in range(PAGES if CHROMIUM else 0)]
            talks = [asyncio.create_task(talk(each, n, chance)) for n, each in enumerate(residents)]
            talks += [asyncio.create_task(open_page(product.base, page)) for page in pages]
            killer = asyncio.create_task(kill(product, database, chance, talks))
            await asyncio.gather(*talks)
            killed = await killer
            ledger = Database(database.url)
            try:
                conversations_of = {each.token: conversation(ledger, each.token) for each in [*residents, *pages]}
                for each in residents:
                    said = check_ledger(ledger, conversations_of[each.token], each.sent)
                    assert [seen(message) for message in said] == [told(message) for message in each.heard]
                    assert (await each.read())["messages"] == each.heard
                for page in pages:
                    said = check_ledger(ledger, conversations_of[page.token], page.sent)
                    assert [(message.seq, message.sender) for message in said] == [
                        (shown["seq"], shown["sender"]) for shown in page.shown
                    ]
                everything = [said for each in conversations_of.values() for said in messages.after(ledger, each, 0)]
                await check_writes(http, product, everything)
            finally:
                ledger.close()
    sent = sum(said.sender == RESIDENT for said in everything)
    apologies = sum(said.state == FAILED for said in everything)
    with capsys.disabled():
        sys.stdout.write(f"\nseed {seed}: {sent} messages, killed {dict(killed)}, {apologies} apologies ")
    assert sent >= 1000 and apologies <= APOLOGIES
    assert all(killed[kind] >= 3 for kind in ("assistant", "actions", "database")), killed


async def talk(resident: Resident, number: int, chance: random.Random) -> None:
    async with resident.talking():
        await resident.talk(errands(number, LINES), lambda: chance.uniform(*THINK), PATIENCE)


async def kill(
    product: Product, database: Postgres, chance: random.Random, talks: list[asyncio.Task[None]]
) -> Counter[str]:
    """Kill at random for as long as anybody talks; how often each kind died."""
    killed: Counter[str] = Counter()
    kinds = chance.sample(KILLS, len(KILLS))
    while kinds and not all(each.done() for each in talks):
        await asyncio.sleep(chance.uniform(*BETWEEN_KILLS))
        kind = kinds.pop()
        if kind == "database":
            await asyncio.to_thread(database.kill)
            await asyncio.sleep(chance.uniform(*AWAY))
            await asyncio.to_thread(database.start)
        elif not product.kill(kind):  # it has not come back from the last time
            kinds.insert(0, kind)
            continue
        killed[kind] += 1
    return killed


def conversation(ledger: Database, token: str) -> str:
    found = conversations.by_token(ledger, token, clock.now())
    assert found is not None
    return found.id


def check_ledger(ledger: Database, conversation_id: str, sent: list[str]) -> list[Message]:
    """What was said: each message once, in the order sent, and after each exactly what one turn answered."""
    said = messages.after(ledger, conversation_id, 0)
    asked = [message for message in said if message.sender == RESIDENT]
    assert [message.provider_id for message in asked] == sent
    with ledger.read() as connection:
        query = select(turn_table.c.message_id).where(turn_table.c.conversation_id == conversation_id)
        done = sorted(connection.execute(query).scalars())
    assert done == sorted(message.id for message in asked if message.state == HANDLED)
    remembered = answers_remembered(turns.load_events(ledger, conversation_id))
    for message, following in zip(asked, [*asked[1:], None], strict=True):
        until = following.seq if following else said[-1].seq + 1
        answer = [each for each in said if message.seq < each.seq < until]
        assert answer, f"{message.text!r} has no answer"
        senders = {each.sender for each in answer}
        assert senders == ({ASSISTANT} if message.state == HANDLED else {SYSTEM}), message
        if message.state == FAILED:
            assert len(answer) == 1
        elif message.id in remembered:  # a long conversation's first turns are forgotten
            assert [each.text for each in answer] == remembered[message.id]
    return said


def answers_remembered(events: list[dict[str, Any]]) -> dict[int, list[str]]:
    """By message, what the assistant said in its turn, as Rasa remembers it; a message remembered twice fails."""
    found: dict[int, list[str]] = {}
    current: list[str] = []
    for event in events:
        if event["event"] == "user":
            current = []
            assert int(event["message_id"]) not in found
            found[int(event["message_id"])] = current
        elif event["event"] == "bot":
            current.append(event["text"])
    return found


def seen(message: Message) -> tuple[Any, ...]:
    return message.seq, message.provider_id, message.sender, message.text


def told(message: dict[str, Any]) -> tuple[Any, ...]:
    return message["seq"], message["id"], message["from"], message["text"]


async def check_writes(http: aiohttp.ClientSession, product: Product, everything: list[Message]) -> None:
    """No more reports were made than residents were told of, but for answers that were lost with a process."""
    async with http.get(f"{product.sandbox}/log") as response:
        log = await response.json()
    made = {entry["key"] for entry in log if entry["path"] == "/waste/cases" and entry["status"] < 400}
    answers = [said.text for said in everything if said.sender != RESIDENT]
    references = {word.strip("*.") for text in answers for word in text.split() if word.startswith("**SBX-")}
    let_down = sum("SBX-" not in text and is_let_down(text) for text in answers)
    assert references and len(references) <= len(made) <= len(references) + let_down


def is_let_down(text: str) -> bool:
    return "sorry" in text.lower() or "try again" in text.lower()


OpenPage = Callable[[str, Page], Any]


@asynccontextmanager
async def browser() -> AsyncIterator[OpenPage]:
    """Lets residents talk through the page itself, in Chromium."""
    if CHROMIUM is None:
        yield lambda base, page: None
        return
    playwright = pytest.importorskip("playwright.async_api")
    async with playwright.async_playwright() as started:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = await started.chromium.launch(executable_path=CHROMIUM, args=arguments)

        async def talk_in_page(base: str, page: Page) -> None:
            context = await opened.new_context()
            tab = await context.new_page()
            tab.set_default_timeout(1000 * PATIENCE)
            await tab.goto(base)
            for number, line in enumerate(errands(1, PAGE_LINES), start=1):
                await asyncio.sleep(THINK[1])
                await tab.fill("#text", line.text)
                await tab.press("#text", "Enter")
                await tab.wait_for_function(ANSWERED, arg=number)
            page.shown = await tab.evaluate(TRANSCRIPT)
            page.sent = [shown["id"] for shown in page.shown if shown["sender"] == RESIDENT]
            assert [shown["text"] for shown in page.shown if shown["id"]] == [
                line.text for line in errands(1, PAGE_LINES)
            ]
            cookies = await context.cookies()
            page.token = next(cookie["value"] for cookie in cookies if cookie["name"] == "chat")
            await context.close()

        yield talk_in_page
        await opened.close()


ANSWERED = """number => {
  const items = [...document.querySelectorAll("#messages .message[data-seq]")];
  const asked = items.filter((item) => item.matches(".resident"));
  return asked.length === number && !items.at(-1).matches(".resident") && !document.getElementById("text").readOnly;
}"""
TRANSCRIPT = """() => [...document.querySelectorAll("#messages .message[data-seq]")].map((item) => ({
  seq: Number(item.dataset.seq),
  id: item.dataset.id || null,
  sender: item.className.split(" ").find((name) => ["resident", "assistant", "system"].includes(name)),
  text: item.querySelector(".said").innerText.trim(),
}))"""
