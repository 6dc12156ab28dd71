"""Service levels: how many of those who asked were answered in time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.desk import Asked


@dataclass(frozen=True)
class Level:
    """``in_time`` of ``counted`` were in time. Without anybody there is no share."""

    in_time: int
    counted: int

    @property
    def share(self) -> int | None:
        """In percent, rounded down: a target is not met before it is."""
        return 100 * self.in_time // self.counted if self.counted else None


def answered(asked: Sequence[Asked], within: timedelta, now: datetime) -> Level:
    """Who was taken in time. Who still waits, or gave up, counts as late from the moment that it is too late."""
    return _level([(each.asked_at, each.taken_at, each.left_at) for each in asked], within, now)


def replied(asked: Sequence[Asked], within: timedelta, now: datetime) -> Level:
    """Of those who were taken, who read the first words of staff in time."""
    taken = [(each.taken_at, each.first_reply_at, each.left_at) for each in asked if each.taken_at]
    return _level([(since, done, left) for since, done, left in taken if since], within, now)


def _level(
    waits: Sequence[tuple[datetime, datetime | None, datetime | None]], within: timedelta, now: datetime
) -> Level:
    in_time = sum(done is not None and done - since <= within for since, done, _ in waits)
    late = sum((done or left or now) - since > within for since, done, left in waits)
    return Level(in_time, in_time + late)
