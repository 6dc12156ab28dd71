"""Service levels: who counts, and what is in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.staff.desk.levels import Level, answered, replied
from bot.store.desk import Asked
from tests.bot.staff.conftest import AT

WITHIN = timedelta(minutes=2)


def asked(taken: float | None = None, reply: float | None = None, left: float | None = None) -> Asked:
    """Somebody who asked at AT; what happened so many minutes after that."""

    def after(minutes: float | None) -> datetime | None:
        return None if minutes is None else AT + timedelta(minutes=minutes)

    return Asked("general", AT, after(taken), after(reply), after(left))


@pytest.mark.parametrize(
    ("one", "now", "level"),
    [
        (asked(taken=2), 10, Level(1, 1)),
        (asked(taken=2.1), 10, Level(0, 1)),
        (asked(), 2, Level(0, 0)),
        (asked(), 2.1, Level(0, 1)),
        (asked(left=1), 10, Level(0, 0)),
        (asked(left=3), 10, Level(0, 1)),
    ],
    ids=["in time", "late", "still time", "waits too long", "gave up soon", "gave up late"],
)
def test_answered(one: Asked, now: float, level: Level) -> None:
    assert answered([one], WITHIN, AT + timedelta(minutes=now)) == level


@pytest.mark.parametrize(
    ("one", "level"),
    [
        (asked(taken=5, reply=6), Level(1, 1)),
        (asked(taken=5, reply=8), Level(0, 1)),
        (asked(taken=5), Level(0, 1)),
        (asked(taken=5, left=6), Level(0, 0)),
        (asked(), Level(0, 0)),
    ],
    ids=["in time", "late", "no word yet", "left before", "not taken"],
)
def test_replied(one: Asked, level: Level) -> None:
    assert replied([one], WITHIN, AT + timedelta(minutes=30)) == level


def test_a_share_is_never_rounded_up_to_a_target() -> None:
    assert (Level(0, 0).share, Level(799, 1000).share, Level(4, 4).share) == (None, 79, 100)
