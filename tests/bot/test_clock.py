"""One clock, in London's time, that a test can set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.clock import LONDON, now, today


def test_it_is_now_in_london(set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="")
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert now().tzinfo is LONDON


@pytest.mark.parametrize(
    ("pretended", "expected"),
    [
        ("2026-12-25T10:00", datetime(2026, 12, 25, 10, 0, tzinfo=UTC)),
        ("2026-07-01T10:00", datetime(2026, 7, 1, 9, 0, tzinfo=UTC)),
        ("2026-07-01T10:00+00:00", datetime(2026, 7, 1, 10, 0, tzinfo=UTC)),
        ("2026-07-01T10:00:30Z", datetime(2026, 7, 1, 10, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_time_can_be_pretended_in_londons_time_or_with_a_zone(
    set_settings: Callable[..., None], pretended: str, expected: datetime
) -> None:
    set_settings(assistant_now=pretended)
    assert now() == expected and now().tzinfo is LONDON


def test_today_is_londons_day(set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="2026-06-30T23:30+00:00")
    assert today() == date(2026, 7, 1)
