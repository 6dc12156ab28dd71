"""Who may import whom: the table of docs/architecture.md, held against the imports as they are written.

A new package belongs in the table first; a file that no row names fails too.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "actions", "channels")
RASA = frozenset(("rasa", "tensorflow"))
WEB = frozenset(("sanic",))
SQL = frozenset(("sqlalchemy", "alembic", "sqlite3", "psycopg2"))
NETWORK = frozenset(("httpx", "aiohttp", "requests", "socket", "urllib3"))
# What the action server may use of bot/: all of it is free of Rasa, which a test below proves.
FOR_ACTIONS = (
    *("bot.clock", "bot.content", "bot.council", "bot.feeds", "bot.hours", "bot.links", "bot.queries", "bot.settings"),
    *("bot.finding", "bot.profile", "bot.safety_numbers", "bot.text"),
    *("bot.dialogue.journeys", "bot.dialogue.journey_reader", "bot.dialogue.commands", "bot.dialogue.forms"),
    "bot.dialogue.facts",
)


@dataclass(frozen=True)
class Row:
    """The files that a row is about, what of ours they may import, and what of others they may not."""

    files: str
    may: tuple[str, ...]
    never: frozenset[str]


# The first row that fits counts: exceptions stand above what they are taken from.
TABLE = (
    # Exceptions, each with its reason.
    Row("bot/dialogue/tracker_store.py", ("bot",), WEB | SQL),  # its save is the one commit of a turn
    Row("bot/dialogue/heard.py", ("bot.store",), WEB | SQL),  # what the ledger holds, for the tracker store
    Row("channels/calendar/input.py", ("bot", "channels", "actions.backends"), SQL),  # serves dates of the back end
    Row("bot/tuning/*", ("bot.tuning", "bot.settings"), WEB | SQL),  # tunes Rasa
    Row("bot/uploads/receiving.py", ("bot.uploads",), RASA | SQL | NETWORK),  # reads the body of a request
    Row("bot/uploads/sweeper.py", ("bot.uploads", "bot.store"), RASA | WEB | SQL | NETWORK),  # asks whose a file is
    # Pure: no I/O, no clock, no settings.
    Row("bot/text/*", ("bot.text",), RASA | WEB | SQL | NETWORK),
    Row("bot/hours.py", ("bot.text",), RASA | WEB | SQL | NETWORK),
    Row("bot/handover.py", (), RASA | WEB | SQL | NETWORK),
    Row("channels/messages.py", ("bot.text",), RASA | WEB | SQL | NETWORK),
    Row("channels/*/codec.py", ("channels.messages", "bot.text"), RASA | WEB | SQL | NETWORK),
    # What everything may stand on.
    Row("bot/settings.py", (), RASA | WEB | SQL | NETWORK),
    Row("bot/clock.py", ("bot.settings",), RASA | WEB | SQL | NETWORK),
    Row("bot/content.py", (), RASA | WEB | SQL | NETWORK),
    Row("bot/secrets.py", ("bot.settings",), RASA | WEB | SQL | NETWORK),
    Row("bot/feeds.py", ("bot.settings", "bot.secrets"), RASA | WEB | SQL | NETWORK),
    Row("bot/links.py", ("bot.settings", "bot.secrets", "bot.text"), RASA | WEB | SQL | NETWORK),
    Row("bot/queries.py", ("bot.content",), RASA | WEB | SQL | NETWORK),
    Row("bot/safety_numbers.py", ("bot.content", "bot.text"), RASA | WEB | SQL | NETWORK),
    Row(
        "bot/filling.py",
        ("bot.profile", "bot.content", "bot.safety_numbers", "bot.text"),
        RASA | WEB | SQL | NETWORK,
    ),
    Row("bot/council.py", ("bot.settings", "bot.profile", "bot.profile_reader"), RASA | WEB | SQL | NETWORK),
    Row(
        "bot/profile*.py",
        ("bot.profile", "bot.profile_desk", "bot.profile_desk_reader", "bot.profile_file")
        + ("bot.content", "bot.finding", "bot.hours", "bot.text"),
        RASA | WEB | SQL | NETWORK,
    ),
    Row("bot/finding.py", ("bot.text",), RASA | WEB | SQL | NETWORK),
    Row("bot/store/*", ("bot.store", "bot.settings", "bot.clock", "bot.handover"), RASA | WEB),
    Row("bot/live/*", ("bot.live", "bot.store"), RASA | WEB | SQL),
    Row("bot/network.py", ("bot.settings",), RASA | SQL | NETWORK),
    Row("bot/uploads/*", ("bot.uploads", "bot.settings", "bot.text"), RASA | WEB | SQL | NETWORK),
    Row("bot/notices.py", ("bot.content", "bot.council", "bot.settings"), RASA | WEB | SQL | NETWORK),
    # Rasa's side.
    Row("bot/importer.py", ("bot",), WEB | SQL),
    Row(
        "bot/dialogue/*",
        ("bot.dialogue", "bot.text", "bot.content", "bot.clock", "bot.settings", "bot.council")
        + ("bot.handover", "bot.queries"),
        WEB | SQL | NETWORK,
    ),
    Row(
        "bot/nlu/*",
        ("bot.nlu", "bot.safety_numbers", "bot.text", "bot.content", "bot.clock", "bot.settings", "bot.council"),
        WEB | SQL,
    ),
    # The staff's pages.
    Row(
        "bot/staff/*",
        ("bot.staff", "bot.store", "bot.text", "bot.settings", "bot.clock", "bot.secrets", "bot.hours", "bot.council")
        + ("bot.handover", "bot.content", "bot.filling", "bot.profile", "bot.profile_desk", "bot.queries")
        + ("bot.live", "bot.network", "bot.notices", "bot.uploads")
        + ("bot.dialogue.facts", "bot.dialogue.journey_reader", "bot.dialogue.titles"),
        RASA | SQL,
    ),
    # Tools: they may use anything of bot, and never what answers residents.
    Row("bot/*", ("bot",), WEB | SQL),
    # Actions.
    Row(
        "actions/backends/*",
        ("actions.backends", "bot.text", "bot.settings", "bot.clock"),
        RASA | WEB | SQL | {"rasa_sdk"},
    ),
    Row("actions/sandbox/*", ("actions.sandbox", "bot.clock", "bot.settings"), RASA | {"rasa_sdk"}),
    Row("actions/*", ("actions", *FOR_ACTIONS), RASA | WEB | SQL),
    # Channels.
    Row(
        "channels/*",
        ("channels", "bot.store", "bot.text", "bot.settings", "bot.clock", "bot.secrets", "bot.council", "bot.hours")
        + ("bot.handover", "bot.feeds", "bot.links", "bot.live", "bot.notices", "bot.profile_desk")
        + ("bot.uploads", "bot.network"),
        SQL | {"rasa_sdk"},
    ),
)
# Rasa's channel interface is the only part of Rasa that a channel may know.
CHANNELS_RASA = "rasa.core.channels"


def files() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file names, inside functions too: (line, module)."""
    ours = PACKAGES
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: imports are absolute"
            module = node.module or ""
            if module.split(".")[0] in ours and _is_package(module):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, module


def _is_package(module: str) -> bool:
    return (ROOT / module.replace(".", "/")).is_dir()


def within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def row_of(name: str) -> Row | None:
    return next((row for row in TABLE if fnmatch(name, row.files)), None)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_what_it_may(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    if path.name == "__init__.py" and name.count("/") == 1 or path.suffix == ".mako":
        return
    if fnmatch(name, "bot/store/migrations/*"):
        return
    row = row_of(name)
    assert row is not None, f"{name} stands in no row of the table"
    wrong = []
    for line, module in imports(path):
        top = module.split(".")[0]
        is_ours = top in PACKAGES
        if is_ours and not within(module, row.may) or not is_ours and top in row.never:
            wrong.append(f"{name}:{line}: imports {module}")
        if top == "rasa" and name.startswith("channels/") and not module.startswith(CHANNELS_RASA):
            wrong.append(f"{name}:{line}: imports {module}")
    assert not wrong, "\n".join(wrong)


def test_every_row_is_about_a_file_that_may_be_there() -> None:
    """A row that names nothing is a slip, unless its module is still to come."""
    to_come = {"bot/handover.py"}
    names = [path.relative_to(ROOT).as_posix() for path in files()]
    idle = {row.files for row in TABLE if not any(fnmatch(name, row.files) for name in names)}
    assert idle <= to_come


@pytest.mark.parametrize("module", ["bot.dialogue.decide", "bot.dialogue.nlg", "bot.store.messages", "bot.check"])
def test_the_table_itself_tells_right_from_wrong(module: str) -> None:
    row = row_of("actions/help.py")
    assert row is not None and not within(module, row.may)
    assert within("bot.text.say", row.may) and within("bot.dialogue.journeys", row.may)


def loaded_by(statement: str) -> set[str]:
    """The top-level packages in memory after a statement in a fresh interpreter."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_action_server_carries_no_rasa() -> None:
    """It starts in a second and stays small because neither Rasa nor TensorFlow is in it."""
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / "actions").rglob("*.py"))
        if "sandbox" not in path.parts and path.name != "__init__.py"
    ]
    loaded = loaded_by("\n".join(f"import {module}" for module in modules))
    assert "rasa_sdk" in loaded and not loaded & {"rasa", "tensorflow"}


def test_the_staffs_pages_carry_no_rasa() -> None:
    assert not loaded_by("import bot.staff.app") & {"rasa", "tensorflow", "actions", "channels"}


def test_the_command_line_starts_without_rasa() -> None:
    assert not loaded_by("import bot.cli, bot.commands.talk, bot.commands.run") & {"rasa", "tensorflow"}
