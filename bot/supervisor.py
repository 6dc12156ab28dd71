"""`assistant run`: the four processes of one machine, started, watched and stopped together.

Nothing fancy, on purpose: production uses what the council has (systemd, containers). It imports neither Rasa nor
TensorFlow, so that it speaks at once. Each process's output goes to var/log/<name>.log; a line that begins with
"NOTICE: " is for the person at the terminal and goes there instead, since it may hold a one-time password.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from bot import children, training
from bot.bootstrap import Trouble, check_disk, say
from bot.council import council
from bot.endpoints import write_endpoints
from bot.settings import Settings, settings

DISK_NEEDED_GB = 0.5
LONGEST_WAIT = 30.0
STEADY_AFTER = 60.0  # a process that ran this long is not in a loop of failures
# Long polls of open chat pages must not hold up the end; rasa_sdk listens on every address unless told otherwise.
SANIC = {"SANIC_GRACEFUL_SHUTDOWN_TIMEOUT": "3", "SANIC_HOST": "127.0.0.1"}


@dataclass(frozen=True)
class Process:
    """One process: what starts it, and where it answers 200 once it serves."""

    name: str
    command: tuple[str, ...]
    health_url: str


def _reachable(host: str) -> str:
    """The host to call for a process that listens on `host`."""
    return "127.0.0.1" if host in ("0.0.0.0", "") else host


def processes(chosen: Settings, model: Path, endpoints: Path) -> tuple[Process, ...]:
    """The process table; the slowest to start comes first."""
    python, host = sys.executable, _reachable(chosen.host)
    rasa = (python, "-m", "rasa", "run", "--model", str(model), "--endpoints", str(endpoints))
    listen = ("--credentials", "credentials.yml", "-i", chosen.host, "--port", str(chosen.assistant_port))
    # The same server as `rasa run actions`, without importing all of Rasa first.
    actions = (python, "-m", "rasa_sdk", "--actions", "actions", "--port", str(chosen.actions_port))
    return (
        Process("assistant", rasa + listen, f"http://{host}:{chosen.assistant_port}/webchat/health"),
        Process("actions", actions, f"http://127.0.0.1:{chosen.actions_port}/health"),
        Process("staff", (python, "-m", "bot.staff"), f"http://{host}:{chosen.staff_port}/health"),
        Process("sandbox", (python, "-m", "actions.sandbox"), f"http://127.0.0.1:{chosen.sandbox_port}/health"),
    )


def busy_ports(table: Sequence[Process]) -> list[str]:
    """A plain sentence for each port that cannot be had."""
    sentences = []
    for process in table:
        url = urlsplit(process.health_url)
        setting = f"{process.name.upper()}_PORT"
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((url.hostname, url.port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    sentences.append(f"Port {url.port} is busy: stop what uses it, or set {setting} to another.")
                else:
                    sentences.append(f"Port {url.port} of {url.hostname} cannot be used: set {setting} or HOST.")
    return sentences


async def answers(url: str) -> bool:
    """Whether a process answers 200 at its health address."""
    parts = urlsplit(url)
    request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            try:
                writer.write(request.encode())
                status = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return False
    return b" 200 " in status


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Trouble if another supervisor uses this folder: the two would share logs, endpoints and the ledger."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # ends with this process, however it ends
        except BlockingIOError:
            raise Trouble(f"The assistant already runs with {folder}: stop it first, or set VAR_DIR.") from None
        yield


class Supervisor:
    """Keeps every process of a table running until it is told to stop."""

    def __init__(
        self, table: Sequence[Process], log_dir: Path, ready_within: float = 90.0, stop_within: float = 10.0
    ) -> None:
        self._table = table
        self._log_dir = log_dir
        self._ready_within = ready_within
        self._stop_within = stop_within
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._ready: set[str] = set()
        self._failure = ""
        self._stopping = asyncio.Event()

    async def run(self, announcement: str) -> int:
        """Start all, announce, keep all running, stop all: 0 when told to stop, 1 when they did not start."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup is heeded
                loop.add_signal_handler(number, self._stopping.set)
        with contextlib.ExitStack() as stack:
            logs = [stack.enter_context(children.open_log(self._log_dir, process.name)) for process in self._table]
            keepers = [asyncio.create_task(self._keep(*pair)) for pair in zip(self._table, logs, strict=True)]
            try:
                if await self._all_ready():
                    say(announcement)
                    await self._stopping.wait()
                    say("Stopping.")
            finally:
                await self._stop(keepers)
        return 1 if self._failure else 0

    async def _keep(self, process: Process, log: BinaryIO) -> None:
        wait = 1.0
        while not self._stopping.is_set():
            began = time.monotonic()
            status = await self._run_once(process, log)
            if self._stopping.is_set():
                return
            if status > 0 and process.name not in self._ready:
                # It gave up by itself before it ever served: it would do so again.
                self._failed(process, "could not start")
                return
            wait = 1.0 if time.monotonic() - began > STEADY_AFTER else wait
            how = f"signal {-status}" if status < 0 else f"exit status {status}"
            say(f"The {process.name} process ended ({how}): it is started again in {wait:.0f} s.")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _run_once(self, process: Process, log: BinaryIO) -> int:
        try:
            child = children.start(process.command, variables=SANIC)
        except OSError as error:
            log.write(f"{error}\n".encode())
            return 1
        self._children[process.name] = child
        copier = asyncio.create_task(children.copy_output(child, log))
        while (status := child.poll()) is None:
            await asyncio.sleep(0.1)
        children.send(child, signal.SIGKILL)  # whatever it had started itself
        await asyncio.wait([copier], timeout=1)
        copier.cancel()
        return status

    def _failed(self, process: Process, what: str) -> None:
        path = self._log_dir / f"{process.name}.log"
        lines = training.lines_that_matter(path.read_text("utf-8", "replace"))
        end = "".join(f"\n  {line}" for line in lines)
        self._failure = f"The {process.name} process {what}; the end of its log {path}:{end}"
        self._stopping.set()

    async def _all_ready(self) -> bool:
        """Wait until each process answers; False if one does not, or if told to stop."""
        deadline = time.monotonic() + self._ready_within
        while len(self._ready) < len(self._table) and not self._stopping.is_set():
            for process in self._table:
                if process.name not in self._ready and await answers(process.health_url):
                    self._ready.add(process.name)
                    say(f"  {process.name} is ready")
                elif process.name not in self._ready and time.monotonic() > deadline:
                    self._failed(process, f"did not answer within {self._ready_within:.0f} s")
                    break
            await asyncio.sleep(0.1)
        if self._failure:
            say(self._failure)
        return not self._stopping.is_set()

    async def _stop(self, keepers: list[asyncio.Task[None]]) -> None:
        self._stopping.set()
        for child in self._children.values():
            children.send(child, signal.SIGTERM)
        await asyncio.wait(keepers, timeout=self._stop_within)
        for child in self._children.values():
            if child.poll() is None:
                children.send(child, signal.SIGKILL)
        await asyncio.gather(*keepers)


def run() -> int:
    """For `assistant run`: the exit status."""
    chosen, root = settings(), Path.cwd()
    problems = busy_ports(processes(chosen, root, root))
    for sentence in problems:
        say(sentence)
    if problems:
        return 1
    try:
        check_disk(root, DISK_NEEDED_GB, "running")
        with only_one(root / chosen.var_dir):
            return _run_four(chosen, root)
    except training.TrainingFailed as failure:
        training.tell(failure)
    except Trouble as trouble:
        say(str(trouble))
    except OSError as error:
        say(f"The assistant cannot run: {error.strerror} ({error.filename or 'no file'}).")
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    return 1


def _run_four(chosen: Settings, root: Path) -> int:
    council()  # a profile that cannot be used is told now, not after a minute of training
    table = processes(chosen, training.train(root), write_endpoints(root / "endpoints.yml", chosen))
    say("Starting the four processes: some 20 seconds.")
    announcement = (
        f"Ready.\n  For residents: {chosen.public}/\n"
        f"  On a website:  http://127.0.0.1:{chosen.sandbox_port}/site/\n"
        f"  For staff:     http://{_reachable(chosen.host)}:{chosen.staff_port}/\nCtrl-C stops everything."
    )
    return asyncio.run(Supervisor(table, root / chosen.var_dir / "log").run(announcement))
