"""How quickly staff and residents hear each other. By hand: ``python bench/desk.py [STAFF RESIDENTS]``.

Starts the real assistant and the real desk and prints the tables that docs/desk-performance.md holds: from sending to
seen, in both directions, while everybody else waits or listens. The load is made on the same machine, so that its
part of the processors counts against us.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_lowercase

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bench.webchat import Times, say  # noqa: E402
from bot import clock, training  # noqa: E402
from bot.store import conversations, ownership  # noqa: E402
from bot.store.engine import Database  # noqa: E402
from tests.support.colleagues import Colleague, List, Talker, hire  # noqa: E402
from tests.support.product import Product, cpu_seconds, memory_mb, running  # noqa: E402
from tests.support.residents import client  # noqa: E402
from tests.support.staff import ask  # noqa: E402

SEED = 1
STAFF, RESIDENTS = 50, 500
TALKS = 4  # conversations of each member of staff, one of them in their window
THINK = 5.0  # seconds between what one person says and what they say next, on average
HELD = 60.0  # seconds of talk
PATIENCE = 30.0
PROCESSES = ("assistant", "staff")


@dataclass
class Measured:
    """What everybody's talk gave."""

    to_residents: Times = field(default_factory=Times)
    to_staff: Times = field(default_factory=Times)
    lists: Times = field(default_factory=Times)
    cpu: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)


async def measure(product: Product, staff: int, residents: int) -> Measured:
    """Fill the desk, then let each member of staff talk to the resident in their window."""
    ledger = Database(product.settings.database)
    found = Measured()
    async with contextlib.AsyncExitStack() as stack:
        http = await stack.enter_async_context(client())
        waiting = [await stack.enter_async_context(Talker(http, product.base).talking()) for _ in range(residents)]
        talks = [queue(ledger, resident) for resident in waiting]
        windows = []
        for number in range(staff):
            window = await open_window(stack, http, product, ledger, number, talks[number::staff][:TALKS])
            windows.append((window, waiting[number]))
        lists = [await stack.enter_async_context(List(http, window.base, window.token).open()) for window, _ in windows]
        say(f"{len(windows)} talk, {residents} residents are connected, {residents - staff * TALKS} wait in the queue.")
        before, began = used(product), time.monotonic()
        chance = random.Random(SEED)
        await asyncio.gather(*(talk(*pair, found, chance, began + HELD) for pair in windows))
        passed = time.monotonic() - began
        found.lists.seconds = [each for one in lists for each in one.seconds]
        found.cpu = {name: 100 * (now - before[name]) / passed for name, now in used(product).items()}
        found.memory = {name: memory_mb(pid) for name, pid in pids(product).items()}
    ledger.close()
    return found


def queue(ledger: Database, resident: Talker) -> str:
    """The resident's conversation, which now waits for staff."""
    opened = conversations.by_token(ledger, resident.token, clock.now())
    assert opened is not None
    ask(ledger, opened.id)
    return opened.id


async def open_window(
    stack: contextlib.AsyncExitStack, http: object, product: Product, ledger: Database, number: int, talks: list[str]
) -> Colleague:
    """A member of staff with these conversations, who looks at the first of them."""
    token = hire(ledger, f"agent{number}", f"Agent {number}")
    window = Colleague(http, desk_of(product), token, talks[0])  # type: ignore[arg-type]
    await stack.enter_async_context(window.at_desk())
    for each in talks:
        standing = ownership.standing(ledger, each)
        assert standing is not None
        window.talk, kept = each, window.talk
        assert await window.take(standing.version) == 200
        window.talk = kept
    return window


async def talk(window: Colleague, resident: Talker, found: Measured, chance: random.Random, until: float) -> None:
    """Both say something from time to time, and each time the other one's seeing it is timed."""
    both = (
        speak(window.type, window.say, resident.until_heard, resident.heard.at, found.to_residents, chance, until),
        speak(resident.type, resident.tell, window.until_read, window.seen_at, found.to_staff, chance, until),
    )
    await asyncio.gather(*both)


async def speak(
    begin: Callable[[], Awaitable[None]],
    send: Callable[[str], Awaitable[None]],
    arrives: Callable[[str, float], Awaitable[None]],
    seen: dict[str, float],
    times: Times,
    chance: random.Random,
    until: float,
) -> None:
    """Say one thing after another; how long each took to be seen on the other side."""
    while True:
        await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK / 2)
        await begin()
        await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK / 2)
        if time.monotonic() > until:
            return
        # Letters: the desk asks whether one is sure of what looks like the number of a card.
        text, began = f"line {''.join(chance.choices(ascii_lowercase, k=12))}", time.monotonic()
        await send(text)
        try:
            await arrives(text, PATIENCE)
        except TimeoutError:
            times.lost += 1
        else:
            times.seconds.append(seen[text] - began)


def desk_of(product: Product) -> str:
    return f"http://127.0.0.1:{product.settings.staff_port}"


def pids(product: Product) -> dict[str, int]:
    return {name: product.pid(name) or 0 for name in PROCESSES} | {"load": os.getpid()}


def used(product: Product) -> dict[str, float]:
    return {name: cpu_seconds(pid) for name, pid in pids(product).items()}


def tell(found: Measured) -> None:
    say("\n| from sending to seen | messages | p50 | p95 | slowest | lost |\n|---|---|---|---|---|---|")
    for name, times in (("staff to resident", found.to_residents), ("resident to staff", found.to_staff)):
        say(f"| {name} | {len(times.seconds)} | {times.row()} | {times.lost} |")
    say("\n| from asking to having | times | p50 | p95 | slowest |\n|---|---|---|---|---|")
    say(f"| the desk's list | {len(found.lists.seconds)} | {found.lists.row()} |")
    say("\n| process | processor | memory |\n|---|---|---|")
    for name in found.cpu:
        say(f"| {name} | {found.cpu[name]:.0f} % of a core | {found.memory[name]:.0f} MB |")


async def run(model: Path, folder: Path, staff: int, residents: int) -> None:
    async with running(model, folder, PROCESSES) as product:
        tell(await measure(product, staff, residents))


def main() -> None:
    os.chdir(ROOT)
    model = Path(os.environ.get("MODEL") or training.train(ROOT))
    staff, residents = (int(each) for each in sys.argv[1:3] or (STAFF, RESIDENTS))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for built in (ROOT / "var").glob("*-*"):  # made once; seconds at each start otherwise
            if built.name.startswith(("minilm-", "danger-")):
                (folder / built.name).symlink_to(built)
        asyncio.run(run(model, folder, staff, residents))


if __name__ == "__main__":
    main()
