"""The next bank holidays where the council is, and what they change."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from actions.base import Ending, Facts, JourneyAction
from bot.text import say

COUNT = 4
DAYS_AHEAD = 400


class BankHolidays(JourneyAction):
    """A look-up: nothing is asked."""

    journey: ClassVar[str] = "bank_holidays"

    async def finish(self, facts: Facts) -> Ending:
        today = facts.now.date()
        days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
        found = [(day, name) for day in days if (name := facts.council.bank_holiday(day))][:COUNT]
        rows = [{"name": name, "day": f"{say.day(day, today)} {day.year}"} for day, name in found]
        return Ending("dates", {"dates": rows})
