"""docs/settings.md and bot/settings.py say the same: every setting, its default and what it is for."""

from __future__ import annotations

import ast
from dataclasses import fields

from bot.settings import Settings
from tests.conftest import ROOT

DOCUMENT = ROOT / "docs" / "settings.md"


def table() -> list[str]:
    """The rows that the document must have, in the order of the class."""
    return [f"| `{item.name.upper()}` | {shown(item.default)} | {item.metadata['doc']} |" for item in fields(Settings)]


def shown(default: object) -> str:
    return "" if default == "" else f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_the_table_is_written_from_the_class() -> None:
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert rows == table(), "the table in docs/settings.md should be:\n" + "\n".join(table())


def test_every_setting_says_what_it_is_for() -> None:
    assert all(item.metadata["doc"].endswith(".") for item in fields(Settings))


def test_nothing_else_reads_the_environment() -> None:
    """Only the settings do, and what runs before they can be read or hands the environment to a child."""
    allowed = {"bot/settings.py", "bot/bootstrap.py", "bot/children.py", "bot/training.py", "bot/supervisor.py"}
    for package in ("bot", "actions", "channels"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            used = {
                node.attr
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "os"
            }
            assert name in allowed or not used & {"environ", "getenv", "putenv"}, name
