"""Moments in words, in London's time whatever zone they were kept in. Pure: the caller says what time it is."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.text import say

LONDON = ZoneInfo("Europe/London")


def clock(at: datetime) -> str:
    """The time of day: 9.05am."""
    return say.clock(at.astimezone(LONDON).time())


def day(at: datetime) -> str:
    """The day: Monday 3 March 2025."""
    local = at.astimezone(LONDON).date()
    return f"{say.day(local)} {local.year}"


def moment(at: datetime) -> str:
    """Day and time: Monday 3 March 2025 at 9.05am."""
    return f"{day(at)} at {clock(at)}"


def waiting(since: datetime, now: datetime) -> str:
    """How long somebody has waited, in its two largest units: 2 days 1 hour, 3 hours 5 minutes, 1 minute."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    parts = [
        _counted(minutes // 1440, "day"),
        _counted(minutes // 60 % 24, "hour"),
        _counted(minutes % 60, "minute"),
    ]
    largest = next((index for index, part in enumerate(parts) if part), None)
    if largest is None:
        return "less than a minute"
    return " ".join(part for part in parts[largest : largest + 2] if part)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}" if number else ""
