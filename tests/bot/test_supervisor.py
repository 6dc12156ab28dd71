"""Several processes kept as one: stand-ins, real ports, real signals, a supervisor in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import cli, supervisor
from bot.settings import Settings, settings

ROOT = Path(__file__).resolve().parents[2]
SUPERVISE = """
import asyncio, json, sys
from pathlib import Path
from bot.supervisor import Process, Supervisor
table = [Process(name, tuple(command), url) for name, command, url in json.loads(sys.argv[1])]
sys.exit(asyncio.run(Supervisor(table, Path("log"), **json.loads(sys.argv[2])).run("All are ready.")))
"""
# Serves its health address, and writes its process id into <name>.pid each time that it starts.
SERVE = """
import http.server, os, pathlib, signal, sys, time
name, port = sys.argv[1], int(sys.argv[2])
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()
def begin():
    server = http.server.HTTPServer(("127.0.0.1", port), Health)
    pathlib.Path(name + ".new").write_text(str(os.getpid()))
    os.replace(name + ".new", name + ".pid")
    print(name, "serves", flush=True)
    server.serve_forever()
"""
PLAIN = SERVE + "begin()"
STUBBORN = SERVE + "signal.signal(signal.SIGTERM, signal.SIG_IGN); begin()"
NOTICING = SERVE + "print('NOTICE: the password is hay-tin-cup', flush=True); begin()"
BROKEN = "import sys; print('The port file is missing', flush=True); sys.exit(3)"
SILENT = "import time; print('Thinking', flush=True); time.sleep(60)"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Machine:
    """A folder with stand-ins, and the supervisor that keeps them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None
        self.urls: dict[str, str] = {}

    def start(self, scripts: dict[str, str], **options: float) -> None:
        table = []
        for name, script in scripts.items():
            port = free_port()
            self.urls[name] = f"http://127.0.0.1:{port}/health"
            table.append((name, (sys.executable, "-c", script, name, str(port)), self.urls[name]))
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, json.dumps(table), json.dumps(options)],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )

    def read_until(self, text: str) -> str:
        """What the terminal shows up to and with the line that holds the text."""
        assert self.process is not None and self.process.stdout is not None
        seen = ""
        for line in self.process.stdout:
            seen += line
            if text in line:
                return seen
        raise AssertionError(f"'{text}' was never said, but: {seen}")

    def end(self, number: signal.Signals | None = None) -> tuple[int, str]:
        """Send a signal, or wait for the end that comes by itself; exit status and the rest of the terminal."""
        assert self.process is not None
        if number is not None:
            self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=30)
        return self.process.returncode, out

    def pid(self, name: str) -> int:
        path = self.folder / f"{name}.pid"
        return int(path.read_text()) if path.exists() else 0

    def serves(self, name: str) -> bool:
        try:
            with urllib.request.urlopen(self.urls[name], timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError):
            return False

    def log(self, name: str) -> str:
        return (self.folder / "log" / name).read_text()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    started = Machine(tmp_path)
    yield started
    if started.process is not None and started.process.poll() is None:
        started.end(signal.SIGTERM)


def test_all_start_are_announced_and_stop_on_ctrl_c(machine: Machine) -> None:
    machine.start({"one": PLAIN, "two": PLAIN})
    said = machine.read_until("All are ready.")
    assert "one is ready" in said and "two is ready" in said
    assert machine.serves("one") and machine.serves("two")
    pids = machine.pid("one"), machine.pid("two")
    assert machine.end(signal.SIGINT)[0] == 0
    assert not any(alive(pid) for pid in pids)


def test_what_they_print_is_in_their_logs_and_the_log_before_is_kept(machine: Machine) -> None:
    for _ in range(2):
        machine.start({"one": PLAIN})
        machine.read_until("All are ready.")
        assert machine.end(signal.SIGTERM)[0] == 0
        assert "one serves" in machine.log("one.log")
    assert "one serves" in machine.log("one.log.1")


def test_a_notice_goes_to_the_terminal_and_into_no_file(machine: Machine) -> None:
    machine.start({"one": NOTICING})
    assert "the password is hay-tin-cup\n" in machine.read_until("All are ready.")
    machine.end(signal.SIGTERM)
    assert "hay-tin-cup" not in machine.log("one.log")


def test_one_that_dies_is_started_again_while_the_other_serves(machine: Machine) -> None:
    machine.start({"one": PLAIN, "two": PLAIN})
    machine.read_until("All are ready.")
    one, two = machine.pid("one"), machine.pid("two")
    os.kill(one, signal.SIGKILL)
    assert "The one process ended (signal 9): it is started again in 1 s." in machine.read_until("ended")
    assert machine.serves("two")
    until(lambda: machine.pid("one") not in (0, one) and machine.serves("one"), "the second start")
    assert machine.pid("two") == two
    os.kill(machine.pid("one"), signal.SIGKILL)
    assert "again in 2 s" in machine.read_until("ended")
    assert machine.end(signal.SIGTERM)[0] == 0
    assert not alive(two)


def test_one_that_cannot_start_ends_all_with_its_reason(machine: Machine) -> None:
    machine.start({"one": PLAIN, "two": BROKEN})
    status, out = machine.end()
    assert status == 1
    assert "The two process could not start" in out
    assert "The port file is missing" in out
    assert not alive(machine.pid("one"))


def test_one_that_never_answers_ends_all_with_its_reason(machine: Machine) -> None:
    machine.start({"two": SILENT, "one": PLAIN}, ready_within=2.0)
    status, out = machine.end()
    assert status == 1
    assert "The two process did not answer within 2 s" in out
    assert "Thinking" in out
    assert not alive(machine.pid("one"))


def test_ctrl_c_during_the_start_stops_cleanly(machine: Machine) -> None:
    machine.start({"one": PLAIN, "two": SILENT})
    machine.read_until("one is ready")
    assert machine.end(signal.SIGINT)[0] == 0
    assert not alive(machine.pid("one"))


def test_one_that_ignores_the_request_to_stop_is_killed(machine: Machine) -> None:
    machine.start({"one": STUBBORN}, stop_within=0.5)
    machine.read_until("All are ready.")
    assert machine.end(signal.SIGTERM)[0] == 0
    assert not alive(machine.pid("one"))


def test_nothing_outlives_a_supervisor_that_is_killed_hard(machine: Machine) -> None:
    machine.start({"one": PLAIN, "two": STUBBORN})
    machine.read_until("All are ready.")
    pids = machine.pid("one"), machine.pid("two")
    machine.end(signal.SIGKILL)
    until(lambda: not any(alive(pid) for pid in pids), "the end of the orphans")


def test_a_busy_port_is_one_sentence_that_names_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for name in ("ASSISTANT_PORT", "ACTIONS_PORT", "SANDBOX_PORT"):
            monkeypatch.setenv(name, str(free_port()))
        monkeypatch.setenv("STAFF_PORT", str(port))
        settings.cache_clear()
        assert supervisor.run() == 1
    settings.cache_clear()
    assert capsys.readouterr().out == f"Port {port} is busy: stop what uses it, or set STAFF_PORT to another.\n"


def test_a_second_one_in_the_same_folder_is_one_sentence(
    set_settings: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("assistant_port", "actions_port", "staff_port", "sandbox_port")
    set_settings(var_dir=tmp_path, **{name: free_port() for name in names})
    with supervisor.only_one(tmp_path):
        assert supervisor.run() == 1
    told = capsys.readouterr().out
    assert told == f"The assistant already runs with {tmp_path}: stop it first, or set VAR_DIR.\n"
    with supervisor.only_one(tmp_path):
        """The first has ended: the folder is free again."""


def test_a_council_that_is_not_there_is_told_before_training(
    set_settings: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("assistant_port", "actions_port", "staff_port", "sandbox_port")
    set_settings(var_dir=tmp_path, council="atlantis", **{name: free_port() for name in names})
    assert cli.main(["run"]) == 1
    told = capsys.readouterr()
    assert told.out == "" and len(told.err.splitlines()) == 1 and "atlantis/profile.yml" in told.err


def test_the_real_table_names_four_processes_and_keeps_the_inner_ones_on_loopback() -> None:
    chosen = replace(Settings(), host="0.0.0.0", assistant_port=8001, actions_port=8002)
    table = {
        process.name: process
        for process in supervisor.processes(chosen, Path("models/m.tar.gz"), Path("var/endpoints.yml"))
    }
    assert list(table) == ["assistant", "actions", "staff", "sandbox"]
    assert table["assistant"].health_url == "http://127.0.0.1:8001/webchat/health"
    assert table["actions"].health_url == "http://127.0.0.1:8002/health"
    assert "models/m.tar.gz" in table["assistant"].command
    assert "--enable-api" not in table["assistant"].command
    assert supervisor.SANIC["SANIC_HOST"] == "127.0.0.1"


def test_the_supervisor_itself_is_light() -> None:
    code = "import sys, bot.supervisor; print({'rasa', 'tensorflow', 'sanic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
