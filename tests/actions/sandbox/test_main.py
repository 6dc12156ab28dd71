"""``python -m actions.sandbox`` serves where the settings say, and stops when it is told."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> httpx.Response:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the sandbox did not start")


def test_it_runs_as_a_process(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    environment = {**os.environ, "SANDBOX_PORT": str(port), "VAR_DIR": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-m", "actions.sandbox"], env=environment)
    try:
        assert _wait_for(f"http://127.0.0.1:{port}/health", process).json() == {"status": "ok"}
    finally:
        process.terminate()
    assert process.wait(timeout=10) == 0
    assert (tmp_path / "sandbox.db").exists()
