"""How a child process of ours is started and heard: quietly, in its own group, never outliving its parent.

Apart because training and supervising both start children, and neither may leave one behind however it ends. The
promise rests on Linux's PR_SET_PDEATHSIG (prctl(2)): the kernel ends the child when its parent is gone.
A line that begins with "NOTICE: " is for the person at the terminal and goes there and nowhere else, since it may
hold a one-time password; every other line goes to the child's log.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from bot.bootstrap import say

PR_SET_PDEATHSIG = 1
NOTICE = b"NOTICE: "
LONGEST_LINE = 2**20
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONUNBUFFERED": "1",
}


def _die_with(parent: int) -> Callable[[], None]:
    libc = ctypes.CDLL(None)

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it went before the kernel knew of our wish
            os._exit(1)

    return arrange


def start(
    command: Sequence[str], folder: Path | None = None, variables: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a child whose two outputs are one pipe. From the main thread: a thread's end ends its children."""
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **QUIET, **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_die_with(os.getpid()),
    )


def send(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a child and all that it started itself."""
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return


def open_log(folder: Path, name: str) -> BinaryIO:
    """A new log file; the one before it is kept as <name>.log.1."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.log"
    if path.exists():
        path.replace(folder / f"{name}.log.1")
    return path.open("wb", buffering=0)


async def copy_output(child: subprocess.Popen[bytes], log: BinaryIO) -> None:
    """Everything that a child prints, until it closes its output: notices to the terminal, the rest to its log."""
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    loop = asyncio.get_running_loop()
    pipe, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), child.stdout)
    with contextlib.closing(pipe):
        while True:
            try:
                line = await reader.readline()
            except ValueError:  # longer than anybody would read
                continue
            if not line:
                return
            if line.startswith(NOTICE):
                say(line.removeprefix(NOTICE).decode("utf-8", "replace").rstrip())
            else:
                with contextlib.suppress(OSError):  # when the disk is full, reading must go on
                    log.write(line)
