"""A file is read by a process of its own: what it costs is bounded, and whatever happens to it is a Refused."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from pathlib import Path

import pytest

from bot.uploads import apart
from bot.uploads.apart import Cleaner
from bot.uploads.cleaning import DOCUMENT, PHOTO, clean
from bot.uploads.refused import Refused
from tests.bot.uploads.papers import paper, written
from tests.bot.uploads.pictures import encoded, jpeg_of_scans, two_halves


async def refused(data: bytes, cleaner: Cleaner | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        await (cleaner or Cleaner()).clean(data, [PHOTO])
    return caught.value


def instead(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have this code run instead of the worker."""
    monkeypatch.setattr(apart, "_COMMAND", (sys.executable, "-E", "-s", "-c", code))


async def test_it_does_what_clean_does() -> None:
    for data in (encoded(two_halves()), written(paper())):
        assert await Cleaner().clean(data, [PHOTO, DOCUMENT]) == clean(data, [PHOTO, DOCUMENT])


async def test_it_refuses_what_clean_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await refused(encoded(two_halves())[:400])).kind == "upload_broken"
    instead(monkeypatch, "raise SystemExit(9)")
    assert (await refused(b"hello")).kind == "upload_type", "no process is needed to see that"
    assert (await refused(written(paper()))).kind == "upload_type"
    assert (await refused(bytes(10_000_001))).kind == "upload_too_large"


async def test_a_file_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "from bot.uploads import worker; worker.CPU_SECONDS = 1; worker.main()"
    instead(monkeypatch, code)
    start = time.perf_counter()
    assert (await refused(jpeg_of_scans(6000, 20_000))).kind == "upload_broken"
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("from bot.uploads import worker; worker.limit(); bytes(2_000_000_000)", "unavailable"),
        ("import os; os.kill(os.getpid(), 11)", "upload_broken"),
        ("raise SystemExit(3)", "unavailable"),
        ("", "unavailable"),
        ("print('null')", "unavailable"),
    ],
)
async def test_whatever_happens_is_a_problem(
    code: str, kind: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    instead(monkeypatch, code)
    with caplog.at_level(logging.WARNING):
        assert (await refused(encoded(two_halves()))).kind == kind
    assert caplog.records


async def test_the_process_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "written"
    instead(monkeypatch, f"from bot.uploads import worker; worker.limit(); open({str(target)!r}, 'w').write('x')")
    assert (await refused(encoded(two_halves()))).kind == "unavailable"
    assert target.read_bytes() == b""


async def test_the_process_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENTS_KEY", "secret")
    code = "import json, os; print(json.dumps(dict(media_type='image/jpeg', width=len(os.environ), height=0)))"
    instead(monkeypatch, code)
    made = await Cleaner().clean(encoded(two_halves()), [PHOTO])
    assert made.width <= 1, "Python itself sets LC_CTYPE"


async def test_when_there_is_too_much_to_do_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    instead(monkeypatch, "import os, time; print(os.getpid(), flush=True); time.sleep(60)")
    cleaner = Cleaner(at_once=1, seconds=0.5)
    problems = await asyncio.gather(*(refused(encoded(two_halves()), cleaner) for _ in range(3)))
    assert {problem.kind for problem in problems} == {"unavailable"} and problems[0].retry_after


async def test_a_machine_that_can_start_no_process_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_COMMAND", ("/no/such/program",))
    assert (await refused(encoded(two_halves()))).kind == "unavailable"


async def test_a_process_that_nobody_waits_for_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def noted(*arguments: str, **options: object) -> asyncio.subprocess.Process:
        started.append(await start(*arguments, **options))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    instead(monkeypatch, "import time; time.sleep(60)")
    waiting = asyncio.create_task(Cleaner().clean(encoded(two_halves()), [PHOTO]))
    while not started:
        await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(ProcessLookupError):
        os.kill(started[0].pid, 0)
