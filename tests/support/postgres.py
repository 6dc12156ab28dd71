"""A PostgreSQL server of a test's own, that can be killed at any instant and started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from tests.support.product import children_of, free_ports

USER = "postgres"  # the server refuses to run as root
START = 30.0  # seconds, recovery after a kill included


def binaries() -> Path | None:
    """Where the newest server's programs are: in Debian not on the PATH."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    path = shutil.which("initdb")
    return max(found, default=None, key=lambda folder: int(folder.parent.name)) or (Path(path).parent if path else None)


class Postgres:
    """The server, once it is started; ``url`` is an empty database."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        self._as = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
        (self._port,) = free_ports(1)
        self._server: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", USER)

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it, and return once it answers."""
        options = [f"-k{self._folder}", "-clisten_addresses=127.0.0.1", f"-p{self._port}"]
        with (self._folder / "log").open("ab") as log:
            command = [str(self._programs / "postgres"), "-D", str(self._folder / "data"), *options]
            self._server = subprocess.Popen(command, stdout=log, stderr=log, **self._as)  # type: ignore[call-overload]
        deadline = time.monotonic() + START
        engine = create_engine(self.url)
        while True:
            try:
                engine.connect().close()
                break
            except OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        engine.dispose()

    def kill(self) -> None:
        """SIGKILL for all of its processes, the first of them first, so that none is started again."""
        if self._server is None:
            return
        os.kill(self._server.pid, signal.SIGSTOP)
        workers = children_of(self._server.pid)
        for pid in (self._server.pid, *workers):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._server.wait()
        while any(Path(f"/proc/{pid}").exists() for pid in workers):  # they still hold its memory
            time.sleep(0.01)
        self._server = None

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **self._as)  # type: ignore[call-overload]


@contextlib.contextmanager
def own_postgres(programs: Path) -> Iterator[Postgres]:
    """A server in a folder of its own, running for the block."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))  # not pytest's, which only its owner may enter
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER, USER)
        server = Postgres(programs, folder)
        server.start()
        try:
            yield server
        finally:
            server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
