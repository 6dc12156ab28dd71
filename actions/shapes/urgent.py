"""The number to call now: an office's in its hours, else the one for what cannot wait (data/safety/numbers.yml)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from actions.base import Facts
from bot import hours
from bot.safety_numbers import load_numbers
from bot.settings import settings
from bot.text.say import to_call

OFFICE, OUT_OF_HOURS = "council_urgent", "out_of_hours"


@lru_cache(maxsize=1)
def _numbers() -> dict[str, str]:
    path = Path(settings().data_dir) / "safety" / "numbers.yml"
    return {number.id: to_call(number.number) for number in load_numbers(path)}


def urgent_number(facts: Facts) -> str:
    """The number that the journey names (``urgent``), as a link, or the one out of hours."""
    week = facts.council.fact(str(facts.journey.settings.get("hours", "contact_hours")))
    is_open = hours.is_open(week, facts.now, facts.council.bank_holiday)
    return _numbers()[str(facts.journey.settings.get("urgent", OFFICE)) if is_open else OUT_OF_HOURS]
