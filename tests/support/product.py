"""The real product: the processes that ``assistant run`` starts, supervised, on ports and in a folder of their own.

The Supervisor runs in the caller's event loop, which must be the main thread's; the processes are real ones and can
be killed. Their environment is this process's, so whoever changes it puts it back.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from bot import supervisor
from bot.endpoints import write_endpoints
from bot.settings import Settings, read_settings
from bot.supervisor import Process, answers, processes

ROOT = Path(__file__).parent.parent.parent
PORTS = ("assistant_port", "actions_port", "staff_port", "sandbox_port")
SERVING = ("assistant", "actions", "sandbox")  # the staff's pages answer nobody here
START = 120.0  # seconds
# A process that dies again and again is started after longer and longer pauses: here it dies of the test.
LONGEST_WAIT = 2.0


@dataclass
class Product:
    """The product while it runs; ``base`` is what residents reach."""

    settings: Settings
    table: Sequence[Process]

    @property
    def base(self) -> str:
        return self.settings.public

    @property
    def sandbox(self) -> str:
        return f"http://127.0.0.1:{self.settings.sandbox_port}"

    def pid(self, name: str) -> int | None:
        """The process of this name that runs now: a child of ours with exactly its command."""
        command = next(process.command for process in self.table if process.name == name)
        return next((pid for pid in children_of(os.getpid()) if _command(pid) == command), None)

    def kill(self, name: str) -> bool:
        """SIGKILL, this instant; False when it is not running anyway."""
        pid = self.pid(name)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        return pid is not None

    async def serves(self, name: str, seconds: float = START) -> None:
        """Wait until a process answers."""
        url = next(process.health_url for process in self.table if process.name == name)
        async with asyncio.timeout(seconds):
            while not await answers(url):
                await asyncio.sleep(0.2)


@contextlib.asynccontextmanager
async def running(model: Path, folder: Path, names: Sequence[str] = SERVING, **changes: str) -> AsyncIterator[Product]:
    """The product with this model for the block; ``changes`` are environment variables."""
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    own = {**{name.upper(): str(port) for name, port in ports.items()}, "VAR_DIR": str(folder), **changes}
    with environment(own), mock.patch.object(supervisor, "LONGEST_WAIT", LONGEST_WAIT):
        chosen = read_settings(dict(os.environ))
        table = processes(chosen, model, write_endpoints(ROOT / "endpoints.yml", chosen))
        product = Product(chosen, [process for process in table if process.name in names])
        keeper = asyncio.create_task(supervisor.Supervisor(product.table, folder / "log", START).run("Ready."))
        try:
            for process in product.table:
                ready = asyncio.create_task(product.serves(process.name))
                await asyncio.wait([ready, keeper], return_when=asyncio.FIRST_COMPLETED)
                if keeper.done():
                    ready.cancel()
                    raise RuntimeError(f"the product did not start: see {folder / 'log'}")
                await ready
            yield product
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)


@contextlib.contextmanager
def environment(variables: dict[str, str]) -> Iterator[None]:
    """These environment variables for the block."""
    kept = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        made = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [listener.getsockname()[1] for listener in made]


def cpu_seconds(pid: int) -> float:
    """What a process has computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """What a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def children_of(parent: int) -> list[int]:
    """The processes that a process started and that still are."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _command(pid: int) -> tuple[str, ...]:
    with contextlib.suppress(OSError):
        return tuple(Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0"))
    return ()
