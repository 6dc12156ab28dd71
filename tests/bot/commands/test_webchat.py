"""``assistant webchat``: the switch, turned from a terminal, on the ledger that everything else uses."""

from __future__ import annotations

import os
import pwd
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot import cli
from bot.clock import LONDON
from bot.commands import webchat
from bot.store import audit, switches
from bot.store.engine import Database, migrate
from bot.store.switches import WEBCHAT
from tests.conftest import ROOT

ME = f"command line ({pwd.getpwuid(os.getuid()).pw_name})"
THEN = datetime(2025, 3, 3, 10, 0, tzinfo=LONDON)


@pytest.fixture
def db(tmp_path: Path, set_settings: Callable[..., None]) -> Iterator[Database]:
    """The ledger of an assistant that has run, as another process has it open."""
    url = f"sqlite:///{tmp_path / 'assistant.db'}"
    migrate(url)
    set_settings(var_dir=tmp_path, assistant_now="2026-11-24T10:05")
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs ``assistant webchat``: what it prints."""

    def run(*arguments: str) -> str:
        assert cli.main(["webchat", *arguments]) == 0
        return capsys.readouterr().out

    return run


def test_it_is_switched_off_and_on_and_says_who_and_when(db: Database, told: Callable[..., str]) -> None:
    when = "on Tuesday 24 November 2026 at 10.05am"
    assert told("off") == f"The web chat is switched off, last changed by {ME} {when}.\n"
    assert not switches.state(db, WEBCHAT).is_on
    assert told("on") == f"The web chat is switched on, last changed by {ME} {when}.\n"
    assert switches.state(db, WEBCHAT).is_on
    assert [(row.actor, row.action, row.subject) for row in audit.latest(db)] == [
        (ME, audit.SWITCHED_ON, WEBCHAT),
        (ME, audit.SWITCHED_OFF, WEBCHAT),
    ]


@pytest.mark.parametrize("arguments", [(), ("state",)])
def test_asking_changes_nothing(db: Database, told: Callable[..., str], arguments: tuple[str, ...]) -> None:
    assert told(*arguments) == "The web chat is switched on, and nobody has ever switched it off.\n"
    assert audit.latest(db) == []


def test_what_a_colleague_has_done_already_stays_theirs(db: Database, told: Callable[..., str]) -> None:
    switches.turn(db, WEBCHAT, False, "sam", THEN)
    assert told("off") == "The web chat is switched off, last changed by sam on Monday 3 March 2025 at 10am.\n"
    assert len(audit.latest(db)) == 1


def test_it_waits_for_nobody_who_reads_and_for_a_writer_only_a_moment(db: Database, told: Callable[..., str]) -> None:
    with db.snapshot():
        assert "switched off" in told("off")


def test_the_wrong_folder_is_told_and_no_ledger_is_made(
    tmp_path: Path, set_settings: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    set_settings(var_dir=tmp_path / "elsewhere")
    assert cli.main(["webchat", "off"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and f"no ledger at {tmp_path}/elsewhere/assistant.db" in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no database" * 100])
def test_a_ledger_that_cannot_be_used_is_one_plain_sentence(
    tmp_path: Path, set_settings: Callable[..., None], capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (tmp_path / "assistant.db").write_bytes(content)
    set_settings(var_dir=tmp_path)
    assert cli.main(["webchat", "off"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and re.fullmatch(r"The ledger cannot be used, and nothing was changed: .+\.\n", said.err)


def test_a_user_without_a_name_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "mallory")
    assert webchat.who() == ME
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    assert webchat.who() == "command line (user 4000000)"


def test_another_word_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["webchat", "toggle"])
    assert ended.value.code == 2 and "usage: assistant webchat" in capsys.readouterr().err


def test_neither_rasa_nor_sanic_is_imported() -> None:
    program = "import sys, bot.cli, bot.commands.webchat; print({'rasa', 'tensorflow', 'sanic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
