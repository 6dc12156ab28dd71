"""The sandbox's database: what was written stays over a restart, the seed is put in anew."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from actions.sandbox.seed import read_seed
from actions.sandbox.store import Store


def test_records_stay_and_addresses_are_replaced(tmp_path: Path) -> None:
    homes = read_seed().addresses
    first = Store(tmp_path / "var" / "sandbox.db")
    first.put_addresses(homes)
    first.add("cases", "SBX-1", "", {"status": "open"})
    first.close()
    again = Store(tmp_path / "var" / "sandbox.db")
    again.put_addresses(homes[:2])
    assert again.get("cases", "SBX-1") == {"status": "open"}
    assert again.home(homes[0].uprn) == homes[0]
    assert again.home(homes[5].uprn) is None
    again.close()


def test_a_file_of_an_older_version_is_begun_again(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "sandbox.db") as old:
        old.execute("CREATE TABLE record (something TEXT)")
    store = Store(tmp_path / "sandbox.db")
    store.add("cases", "SBX-1", "", {})
    assert store.get("cases", "SBX-1") == {}
    store.close()


def test_only_what_is_there_can_change(tmp_path: Path) -> None:
    store = Store(tmp_path / "sandbox.db")
    with pytest.raises(KeyError):
        store.change("cases", "SBX-1", status="closed")
    store.close()
