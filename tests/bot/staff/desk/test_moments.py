"""Moments in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.staff.desk.moments import day, moment, waiting

AT = datetime(2025, 3, 3, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ({"seconds": 59}, "less than a minute"),
        ({"seconds": -59}, "less than a minute"),
        ({"minutes": 1}, "1 minute"),
        ({"hours": 1}, "1 hour"),
        ({"hours": 3, "minutes": 5}, "3 hours 5 minutes"),
        ({"days": 2, "hours": 1, "minutes": 9}, "2 days 1 hour"),
        ({"days": 2, "minutes": 9}, "2 days"),
    ],
)
def test_a_wait_is_told_in_its_two_largest_units(units: dict[str, int], words: str) -> None:
    assert waiting(AT, AT + timedelta(**units)) == words


def test_moments_are_in_londons_time_in_winter_and_summer() -> None:
    assert moment(AT) == "Monday 3 March 2025 at 10am"
    assert moment(datetime(2025, 7, 1, 23, 30, tzinfo=UTC)) == "Wednesday 2 July 2025 at 12.30am"
    assert day(datetime(2025, 7, 1, 23, 30, tzinfo=UTC)) == "Wednesday 2 July 2025"
