"""From a bare machine to the environment: what every target of the Makefile does first.

It checks the Python and the disk, finds uv or fetches it, lets uv make `.venv` exactly as uv.lock says, and
builds the embeddings model once. It stands apart because it runs before anything is installed: it uses the
standard library only, and an old Python (3.6 and later) must be able to read it to be told that it is too old;
hence no `from __future__ import annotations` and no generic types here. What goes wrong is told in one plain
sentence (`Trouble`), and the next run repairs what this one left unfinished. All output of the tools is in
var/log/setup.log.
"""

import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Iterator, Sequence  # noqa: UP035

PYTHON_WANTED = (3, 11)
DISK_NEEDED_GB = 4.0  # 2.6 GB for .venv, the rest for uv's cache while it unpacks
UV_OLDEST = (0, 6)  # the first that reads everything that our pyproject.toml says
AGAIN = "then run the same command again: it goes on where this one stopped."

NO_SPACE = ("no space left on device", "os error 28", "errno 28", "quota exceeded")
NO_NETWORK = (
    "dns error",
    "error sending request",
    "failed to fetch",
    "connection",
    "timed out",
    "name resolution",
    "network is unreachable",
    "no matching distribution",
)
# What uv and pip say that tells a waiting person that it moves on; the rest goes to the log alone.
PROGRESS = re.compile(r"\s*(Downloading|Downloaded|Building|Built|Prepared|Installed|Uninstalled|Collecting)\b")


class Trouble(Exception):
    """Setting up cannot go on; the message is one plain sentence for the person who started it."""


class Offline(Trouble):
    """The packages could not be fetched."""


def say(sentence: str) -> None:
    """Tell the person at the terminal, at once."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


@contextlib.contextmanager
def exclusive(lock: Path, waiting: str) -> Iterator[None]:
    """Hold a lock that ends with the process, however it ends; says `waiting` if another process has it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def check_python(version: Sequence[int]) -> None:
    """Trouble unless this is Python 3.11."""
    if tuple(version[:2]) != PYTHON_WANTED:
        has = ".".join(str(part) for part in version[:3])
        raise Trouble(f"Python 3.11 is needed; this machine has {has}. On Debian 12: sudo apt-get install python3.11.")


def check_disk(folder: Path, needed_gb: float, purpose: str) -> None:
    """Trouble if less than `needed_gb` is free where `folder` is."""
    free_gb = shutil.disk_usage(str(folder)).free / 1e9
    if free_gb < needed_gb:
        raise Trouble(f"Only {free_gb:.1f} GB of disk are free; {purpose} needs {needed_gb:g} GB.")


def explain(output: str) -> Trouble:
    """The plain sentence for a tool's failure, from what it printed."""
    lowered = output.lower()
    if any(sign in lowered for sign in NO_SPACE):
        return Trouble("The disk is full: make room, " + AGAIN)
    if any(sign in lowered for sign in NO_NETWORK):
        return Offline("The package index could not be reached: check the network connection, " + AGAIN)
    return Trouble("Setting up failed: the reason is at the end of var/log/setup.log.")


def run_tool(root: Path, command: Sequence[str], **variables: str) -> None:
    """Run one tool, showing its progress and keeping all its output in the log; Trouble if it fails."""
    log = root / "var" / "log" / "setup.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    with log.open("a", encoding="utf-8") as record:
        record.write("$ " + " ".join(command) + "\n")
        tool = subprocess.Popen(
            command,
            cwd=str(root),
            env=dict(os.environ, **variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            for raw in tool.stdout or ():
                lines.append(raw.decode("utf-8", "replace").rstrip())
                record.write(lines[-1] + "\n")
                if PROGRESS.match(lines[-1]):
                    say("  " + lines[-1].strip())
            tool.wait()
        finally:  # whatever interrupts us also ends the tool
            if tool.poll() is None:
                tool.terminate()
                tool.wait()
    if tool.returncode != 0:
        raise explain("\n".join(lines[-40:]))


def uv_version(uv: str) -> tuple:
    """The version of a uv, as numbers; empty if it does not run."""
    try:
        said = subprocess.run([uv, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", said.stdout.decode("utf-8", "replace"))
    return tuple(int(part) for part in found.groups()) if found and said.returncode == 0 else ()


def find_uv(root: Path) -> str:
    """The path of a uv that is new enough: the machine's, or our own, fetched with pip if need be."""
    home = root / "var" / "uv"
    ours = str(home / "bin" / "uv")
    for candidate in (shutil.which("uv"), ours):
        if candidate and uv_version(candidate) >= UV_OLDEST:
            return candidate
    say("Fetching uv, which installs the Python packages.")
    shutil.rmtree(str(home), ignore_errors=True)
    wanted = "uv>=" + ".".join(str(part) for part in UV_OLDEST)
    if importlib.util.find_spec("ensurepip"):
        run_tool(root, [sys.executable, "-m", "venv", str(home)])
        run_tool(root, [str(home / "bin" / "python"), "-m", "pip", "install", wanted])
    elif importlib.util.find_spec("pip"):
        run_tool(root, [sys.executable, "-m", "pip", "install", "--target", str(home), wanted])
    else:
        raise Trouble("Python's venv module is missing. On Debian 12: sudo apt-get install python3.11-venv.")
    return ours


def wanted_state(root: Path) -> str:
    """What `.venv` is made from, as one short text: two environments of the same state are the same."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "uv.lock"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def uv_variables() -> dict:
    """What uv must be told whatever the person's own shell says: this Python, and our own `.venv`."""
    return {
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PROJECT_ENVIRONMENT": ".venv",
        "VIRTUAL_ENV": ".venv",
    }


def sync(root: Path) -> None:
    """Make `.venv` as uv.lock says; nothing to do when it is already so."""
    venv = root / ".venv"
    stamp = venv / ".synced"
    unfinished = root / "var" / "setup-unfinished"
    state = wanted_state(root)
    if stamp.is_file() and stamp.read_text() == state and (venv / "bin" / "python").exists():
        return
    if unfinished.exists():
        # A sync that was interrupted may have left half a package, which uv takes for a whole one.
        say("The last set-up was interrupted: making the environment anew.")
        shutil.rmtree(str(venv), ignore_errors=True)
    if not stamp.is_file():
        check_disk(root, DISK_NEEDED_GB, "setting up")
    say("Setting up the environment: some minutes the first time, with about 1 GB to download.")
    uv = find_uv(root)
    unfinished.touch()
    try:
        run_tool(root, [uv, "sync", "--frozen"], **uv_variables())
    except Offline:
        unfinished.unlink()  # uv changes nothing before it has fetched everything
        raise
    stamp.write_text(state)
    unfinished.unlink()


def build_models(root: Path) -> None:
    """Build what understanding needs and no training makes, once: sentence embeddings, and what danger looks like."""
    built, python = root / os.environ.get("VAR_DIR", "var"), str(root / ".venv" / "bin" / "python")
    if not (built / "minilm-onnx").is_dir():
        say("Building the language model.")
        run_tool(root, [python, "-m", "bot.nlu.minilm_build"])
    if not any(built.glob("danger-*")):
        say("Learning what danger looks like.")
        run_tool(root, [python, "-m", "bot.nlu.danger_model"])


def prepare(root: Path) -> None:
    """Everything, in order; Trouble with one plain sentence when it cannot be done."""
    try:
        with exclusive(root / "var" / "setup.lock", "Another set-up is going on here: waiting for it."):
            sync(root)
            build_models(root)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise explain(NO_SPACE[0]) from error
        raise Trouble("Setting up failed: {} ({}).".format(error.strerror, error.filename or "")) from error


def main() -> int:
    """Exit status: 0 when the environment is there, 1 after a plain sentence, 130 when interrupted."""
    try:
        check_python(sys.version_info[:3])
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        prepare(Path(__file__).resolve().parent.parent)
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nSet-up was interrupted: run the same command again, and it goes on.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
