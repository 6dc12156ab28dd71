"""Empty ledgers for tests: migrating takes longer than most tests, so it is done once and the file is copied."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from bot.store.engine import migrate


def new_ledger(folder: Path) -> str:
    """The URL of an empty, migrated SQLite database, made in the folder."""
    path = folder / "ledger.db"
    path.touch(mode=0o600)
    path.write_bytes(_migrated())
    return f"sqlite:///{path}"


@lru_cache(maxsize=1)
def _migrated() -> bytes:
    """The file of such a database, which is all of it once nobody has it open."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        migrate(f"sqlite:///{path}")
        return path.read_bytes()
