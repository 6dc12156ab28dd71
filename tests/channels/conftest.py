"""A ledger of its own for each test, and no waiting between attempts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.engine import Database
from channels import inbox
from tests.support.ledger import new_ledger


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(new_ledger(tmp_path))
    yield database
    database.close()


@pytest.fixture(autouse=True)
def _quick_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "PAUSES", (0.01, 0.01))
