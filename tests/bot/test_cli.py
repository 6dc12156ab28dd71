"""The ``assistant`` command: its subcommands, its exit status, its plain words."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import cli
from tests.conftest import ROOT


def test_every_subcommand_has_its_module_and_is_told_by_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    for name, purpose in cli.COMMANDS.items():
        assert callable(importlib.import_module(f"bot.commands.{name}").run)
        assert name in told and purpose.split()[0] in told


@pytest.mark.parametrize("arguments", [[], ["fly"], ["train", "--fast"]])
def test_what_is_not_understood_ends_with_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2 and "usage: assistant" in capsys.readouterr().err


def test_a_wrong_setting_is_one_plain_sentence(
    set_settings: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    set_settings(assistant_port="http")
    assert cli.main(["check"]) == 1
    assert capsys.readouterr().err == "The setting ASSISTANT_PORT must be a number, not 'http'.\n"


def test_talking_to_nobody_says_how_to_start(
    set_settings: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    set_settings(assistant_port=9)
    assert cli.main(["talk"]) == 1
    assert "make run" in capsys.readouterr().err


def test_parsing_without_a_model_says_how_to_train(
    set_settings: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_settings(model_dir=tmp_path)
    assert cli.main(["parse"]) == 1
    assert "assistant train" in capsys.readouterr().err


def test_check_prints_findings_and_counts_them(
    set_settings: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_settings(data_dir=tmp_path)
    assert cli.main(["check"]) == 1
    assert "to put right." in capsys.readouterr().out


def test_it_is_installed_as_a_command() -> None:
    done = subprocess.run([sys.executable, "-m", "bot.cli", "--help"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and "usage: assistant" in done.stdout
