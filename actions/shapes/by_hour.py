"""An answer that depends on the hour: whom to call now, and when somebody is there again."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime

from actions.base import Ending, Facts, JourneyAction
from actions.shapes.urgent import urgent_number
from bot import hours
from bot.text import say


class ByHour(JourneyAction):
    """Journeys like ``hours``: a look-up with an answer for open and one for closed."""

    @abstractmethod
    def name(self) -> str:
        """Made for each journey."""

    async def finish(self, facts: Facts) -> Ending:
        week, holiday = facts.council.fact(str(facts.journey.settings["hours"])), facts.council.bank_holiday
        urgent = urgent_number(facts)
        if hours.is_open(week, facts.now, holiday):
            closes = hours.closes_at(week, facts.now, holiday)
            return Ending("open", {"urgent": urgent, "until": _clock(closes) if closes else ""})
        comes = hours.next_opening(week, facts.now, holiday)
        day = say.day(comes.date(), facts.now.date()) if comes else ""
        return Ending("closed", {"urgent": urgent, "day": day, "time": _clock(comes) if comes else ""})


def _clock(moment: datetime) -> str:
    return say.clock(moment.timetz().replace(tzinfo=None))
