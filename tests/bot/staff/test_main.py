"""``python -m bot.staff``: up at once, without Rasa, and the first password is told once."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx


def _start(tmp_path: Path) -> tuple[subprocess.Popen[str], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "STAFF_PORT": str(port), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "bot.staff"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    return process, f"http://127.0.0.1:{port}"


def _wait_until_it_answers(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the staff application does not answer")


def _stop(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=30)
    return said


def test_the_first_start_prints_the_one_time_password_and_the_next_does_not(tmp_path: Path) -> None:
    process, address = _start(tmp_path)
    _wait_until_it_answers(address)
    first = _stop(process)
    assert process.returncode == 0
    notices = [line for line in first.splitlines() if line.startswith("NOTICE: ")]
    assert len(notices) == 1
    begins = f"NOTICE: Staff: sign in at {address}/ as admin with the one-time password "
    assert notices[0].startswith(begins)
    process, address = _start(tmp_path)
    _wait_until_it_answers(address)
    assert "NOTICE" not in _stop(process)
    password = notices[0].removeprefix(begins)
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or password.encode() not in path.read_bytes()


def test_neither_rasa_nor_tensorflow_is_imported() -> None:
    program = "import sys, bot.staff.__main__; print({'rasa', 'rasa_sdk', 'tensorflow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
