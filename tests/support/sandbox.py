"""The real demonstration council on a loopback port of its own, inside the test process.

It runs in a thread with its own event loop, so that a test's loop can be blocked, closed or replaced at will.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
from sanic import Sanic

from actions.sandbox.app import create_app
from actions.sandbox.faults import MODES
from tests.support.asgi import serve

_PATIENCE = 10.0
# Settings for tests in which one busy process drives a browser, holds a model and is this: none is about deadlines.
PATIENT = {"backend_timeout": 20.0, "backend_deadline": 25.0, "action_deadline": 28.0, "turn_deadline": 30.0}


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox: a back end is at ``url/name``, and ``environment`` points the settings at it."""

    url: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables under which every client talks to this sandbox."""
        return {"SANDBOX_PORT": self.url.rpartition(":")[2]}

    def fault(self, backend: str, mode: str, seconds: float = 10) -> None:
        """Make a back end slow, failing, nonsense, or ok again."""
        assert mode in MODES
        body = {"mode": mode, "seconds": seconds}
        _http().put(f"{self.url}/faults/{backend}", json=body).raise_for_status()

    def log(self) -> list[dict[str, Any]]:
        """The writes so far, newest last: method, path, key, status."""
        return _http().get(f"{self.url}/log").raise_for_status().json()


@lru_cache(maxsize=1)
def _http() -> httpx.Client:
    """One client for all sandboxes: making one takes longer than what is asked of it."""
    return httpx.Client(timeout=_PATIENCE, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))


@contextmanager
def running_sandbox(folder: Path) -> Iterator[Sandbox]:
    """A sandbox with a fresh database in the folder, until the block ends."""
    Sanic.test_mode = True  # Sanic rewrites its own methods at each start, and can do so twice only in this mode
    app = create_app(folder / "sandbox.db")
    started: Future[str] = Future()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def run() -> None:
        async with serve(app) as url:
            started.set_result(url)
            await stop.wait()

    # asyncio.Runner cancels what is left at its end: slow answers go with the sandbox.
    def thread_main() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(run())

    thread = threading.Thread(target=thread_main, daemon=True)
    thread.start()
    try:
        yield Sandbox(started.result(_PATIENCE))
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(_PATIENCE)
        app.ctx.store.close()
