"""How often a name may be tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.staff.accounts import limits
from bot.staff.accounts.limits import TRIES, WINDOW, Limits

AT = datetime(2025, 3, 3, tzinfo=UTC)


def test_a_window_slides() -> None:
    door = Limits()
    for minute in range(TRIES):
        assert door.take("sam", "net", AT + timedelta(minutes=minute)) is None
    assert door.take("sam", "net", AT + timedelta(minutes=9)) == timedelta(minutes=6)
    assert door.take("sam", "net", AT + WINDOW) is None
    assert door.take("sam", "net", AT + WINDOW) == timedelta(minutes=1)


def test_each_name_and_network_has_its_own_count() -> None:
    door = Limits()
    for _ in range(TRIES + 1):
        door.take("sam", "net", AT)
    assert door.take("sam", "net", AT)
    assert door.take("sam", "other", AT) is None
    assert door.take("max", "net", AT) is None


def test_the_right_password_clears_the_count() -> None:
    door = Limits()
    for _ in range(TRIES):
        door.take("sam", "net", AT)
    door.forget("sam", "net")
    assert door.take("sam", "net", AT) is None


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_LARGEST", 3)
    door = Limits()
    for name in "abcde":
        door.take(name, "net", AT)
    assert len(door._tries) == 3
