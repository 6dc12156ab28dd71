"""What a child is started with, and where each line that it prints goes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot import children


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


async def test_lines_go_to_the_log_and_notices_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child = children.start(python("print('first'); print('NOTICE: for you'); print('last', end='')"))
    with children.open_log(tmp_path, "child") as log:
        await children.copy_output(child, log)
    assert child.wait() == 0
    assert (tmp_path / "child.log").read_text() == "first\nlast"
    assert capsys.readouterr().out == "for you\n"


async def test_an_endless_line_does_not_stop_the_reading(tmp_path: Path) -> None:
    child = children.start(python(f"print('x' * {3 * children.LONGEST_LINE}); print('after it')"))
    with children.open_log(tmp_path, "child") as log:
        await children.copy_output(child, log)
    assert child.wait() == 0
    assert (tmp_path / "child.log").read_text().endswith("after it\n")


def test_a_child_is_quiet_and_keeps_telemetry_off() -> None:
    code = "import os; print(os.environ['RASA_TELEMETRY_ENABLED'], os.environ['COUNCIL'])"
    child = children.start(python(code), variables={"COUNCIL": "elsewhere"})
    assert child.communicate()[0] == b"false elsewhere\n"


def test_only_one_old_log_is_kept(tmp_path: Path) -> None:
    for text in (b"oldest", b"older", b"newest"):
        with children.open_log(tmp_path, "child") as log:
            log.write(text)
    assert (tmp_path / "child.log").read_bytes() == b"newest"
    assert (tmp_path / "child.log.1").read_bytes() == b"older"
    assert len(list(tmp_path.iterdir())) == 2
