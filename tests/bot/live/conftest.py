"""A ledger of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.engine import Database
from tests.support.ledger import new_ledger


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(new_ledger(tmp_path))
    yield database
    database.close()
