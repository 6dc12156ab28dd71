"""How quickly residents are answered, and how many at once. By hand: ``python bench/webchat.py``.

Starts the real product and prints the tables that docs/webchat-performance.md holds: the time from sending to the
answer, beside stock Rasa's own REST channel with the same model and actions; and 500 open streams with 20 messages
a second. The load is made on the same machine, so that its part of the processors counts against us.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bot import children, training  # noqa: E402
from tests.support.product import Product, cpu_seconds, free_ports, memory_mb, running  # noqa: E402
from tests.support.residents import Resident, client, errands  # noqa: E402

SEED = 1
# Conversations at once, the seconds that each resident thinks between messages on average, messages of each.
LEVELS = ((1, 0.5, 40), (20, 2.0, 12), (100, 8.0, 6))
OPEN_STREAMS, TALKING = 500, 100  # residents who listen, and how many of them talk
RATE, HELD = 20.0, 30  # messages a second, seconds
PATIENCE = 60.0
WARM_UP = 14  # lines


@dataclass
class Times:
    """Seconds from sending to the answer, of one measurement."""

    seconds: list[float] = field(default_factory=list)
    lost: int = 0

    def at(self, share: float) -> str:
        ordered = sorted(self.seconds)
        return f"{1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]:.0f} ms" if ordered else "-"

    def row(self) -> str:
        return f"{self.at(0.5)} | {self.at(0.95)} | {self.at(1)}"


Talk = Callable[[int, int, Callable[[], float]], Awaitable[list[float]]]


async def level(count: int, think: float, lines: int, talk: Talk) -> Times:
    """So many conversations at once; how long each line took."""
    chance = random.Random(SEED)
    pauses = [lambda: chance.uniform(0.5, 1.5) * think] * count
    found = await asyncio.gather(*(talk(n, lines, pauses[n]) for n in range(count)), return_exceptions=True)
    times = Times()
    for seconds in found:
        if isinstance(seconds, BaseException):
            times.lost += 1
        else:
            times.seconds += seconds
    return times


def ours(product: Product, http: aiohttp.ClientSession) -> Talk:
    """A conversation with the product: sent by POST, heard by server-sent events."""

    async def talk(number: int, lines: int, think: Callable[[], float]) -> list[float]:
        await asyncio.sleep(think() * number / 100)
        async with Resident(http, product.base).talking() as resident:
            await resident.talk(errands(number, lines), think, PATIENCE)
            return resident.seconds

    return talk


def stock(base: str, http: aiohttp.ClientSession) -> Talk:
    """A conversation with stock Rasa's REST channel, whose response is the answer."""

    async def talk(number: int, lines: int, think: Callable[[], float]) -> list[float]:
        seconds, buttons = [], []
        for line in errands(number, lines):
            await asyncio.sleep(think())
            text = buttons[(line.press or 0) % len(buttons)] if buttons and line.press is not None else line.text
            began = time.monotonic()
            body = {"sender": f"resident-{number}", "message": text}
            async with http.post(f"{base}/webhooks/rest/webhook", json=body) as response:
                said = await response.json()
            assert said, line
            seconds.append(time.monotonic() - began)
            buttons = [button["payload"] for button in said[-1].get("buttons", [])]
        return seconds

    return talk


@contextlib.asynccontextmanager
async def stock_rasa(model: Path, folder: Path, product: Product) -> AsyncIterator[str]:
    """``rasa run`` with the REST channel and trackers in memory, nothing tuned; the model and the actions are ours."""
    (port,) = free_ports(1)
    (folder / "credentials.yml").write_text("rest:\n")
    action_url = f"http://127.0.0.1:{product.settings.actions_port}/webhook"
    (folder / "endpoints.yml").write_text(
        f"action_endpoint:\n  url: {action_url}\n  enable_selective_domain: true\n"
        "nlg:\n  type: bot.dialogue.nlg.ContentNaturalLanguageGenerator\n"
    )
    command = [sys.executable, "-m", "rasa", "run", "--model", str(model), "--port", str(port), "-i", "127.0.0.1"]
    command += ["--endpoints", str(folder / "endpoints.yml"), "--credentials", str(folder / "credentials.yml")]
    process = children.start(command)
    copier = asyncio.create_task(_copy(process, folder / "stock.log"))
    base = f"http://127.0.0.1:{port}"
    try:
        async with client() as http, asyncio.timeout(120):
            while not await _is_up(http, base):
                await asyncio.sleep(0.3)
        yield base
    finally:
        process.kill()
        process.wait()
        await copier


async def _copy(process, log: Path) -> None:  # type: ignore[no-untyped-def]
    with log.open("wb", buffering=0) as file:
        await children.copy_output(process, file)


async def _is_up(http: aiohttp.ClientSession, base: str) -> bool:
    with contextlib.suppress(aiohttp.ClientError):
        async with http.get(f"{base}/webhooks/rest/") as response:
            return response.status == 200
    return False


@dataclass
class Held:
    """What the measurement with many open streams gave."""

    times: Times
    rate: float
    cpu: dict[str, float]
    memory: dict[str, float]


async def hold(product: Product, http: aiohttp.ClientSession, streams: int, rate: float, seconds: float) -> Held:
    """Keep streams open, and let some of the residents by turns send so many messages a second."""
    async with contextlib.AsyncExitStack() as stack:
        residents = [await stack.enter_async_context(Resident(http, product.base).talking()) for _ in range(streams)]
        scripts = [errands(n, 100) for n in range(TALKING)]
        pids = {name: product.pid(name) or 0 for name in ("assistant", "actions", "sandbox")} | {"load": os.getpid()}
        before = {name: cpu_seconds(pid) for name, pid in pids.items()}
        began = time.monotonic()
        said: list[asyncio.Task[None]] = []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            place, line = number % TALKING, scripts[number % TALKING][number // TALKING]
            said.append(asyncio.create_task(residents[place].say(line, PATIENCE)))
        lost = sum(isinstance(each, BaseException) for each in await asyncio.gather(*said, return_exceptions=True))
        passed = time.monotonic() - began
        cpu = {name: 100 * (cpu_seconds(pid) - before[name]) / passed for name, pid in pids.items()}
        memory = {name: memory_mb(pid) for name, pid in pids.items()}
        times = Times([each for resident in residents for each in resident.seconds], lost)
        lost += sum(not _is_whole(resident) for resident in residents)
    return Held(Times(times.seconds, lost), len(said) / passed, cpu, memory)


def _is_whole(resident: Resident) -> bool:
    """Whether all that was sent was heard once, in order."""
    return [said["id"] for said in resident.heard if said["id"]] == resident.sent


async def measure(model: Path, folder: Path, parts: Sequence[str]) -> None:
    async with running(model, folder) as product, client() as http:
        await ours(product, http)(0, WARM_UP, lambda: 0.0)
        if "latency" in parts:
            say("| conversations | think time | p50 | p95 | slowest | stock Rasa: p50 | p95 | slowest |")
            say("|---|---|---|---|---|---|---|---|")
            async with stock_rasa(model, folder, product) as base:
                await stock(base, http)(1000, WARM_UP, lambda: 0.0)
                for count, think, lines in LEVELS:
                    mine = await level(count, think, lines, ours(product, http))
                    theirs = await level(count, think, lines, stock(base, http))
                    say(f"| {count} | {think} s | {mine.row()} | {theirs.row()} |")
                    assert not mine.lost, mine.lost
        if "hold" in parts:
            held = await hold(product, http, OPEN_STREAMS, float(os.environ.get("RATE", RATE)), HELD)
            say(f"\n{OPEN_STREAMS} open streams, {RATE:.0f} messages a second for {HELD} s:\n")
            say("| rate held | p50 | p95 | slowest | lost |\n|---|---|---|---|---|")
            say(f"| {held.rate:.1f}/s | {held.times.row()} | {held.times.lost} |")
            say("\n| process | processor | memory |\n|---|---|---|")
            for name in held.cpu:
                say(f"| {name} | {held.cpu[name]:.0f} % of a core | {held.memory[name]:.0f} MB |")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    os.chdir(ROOT)
    model = Path(os.environ.get("MODEL") or training.train(ROOT))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if (ROOT / "var" / "minilm-onnx").is_dir():  # made once from the weights; seconds at each start otherwise
            (folder / "minilm-onnx").symlink_to(ROOT / "var" / "minilm-onnx")
        asyncio.run(measure(model, folder, sys.argv[1:] or ("latency", "hold")))


if __name__ == "__main__":
    main()
