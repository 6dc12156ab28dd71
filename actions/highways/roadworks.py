"""Works on roads near a place: under way or soon to begin, the nearest first."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from actions.backends.notices import Roadwork
from actions.base import Ending, Facts, JourneyAction
from actions.nearby import in_words, miles, position_of
from bot.text import say

NEAR_MILES = 1
MOST = 5
SOON = timedelta(days=28)


class Roadworks(JourneyAction):
    """See the module's docstring."""

    journey: ClassVar[str] = "roadworks"

    async def finish(self, facts: Facts) -> Ending:
        near, today = facts.value("near"), facts.now.date()
        position = await position_of(facts, near)
        listing = await facts.backends.notices.roadworks()
        measured = [(miles(position, (work.latitude, work.longitude)), work) for work in listing.items]
        found = [
            (distance, work)
            for distance, work in measured
            if distance <= NEAR_MILES and work.start - SOON <= today <= work.end
        ]
        if not found:
            return Ending("none", {"place": in_words(near)})
        nearest = sorted(found, key=lambda pair: (pair[0], pair[1].start))[:MOST]
        return Ending("works", {"works": [_row(facts, work) for _, work in nearest], "place": in_words(near)})


def _row(facts: Facts, work: Roadwork) -> dict[str, str]:
    today = facts.now.date()
    traffic = f" ({say.inert(work.traffic)})" if work.traffic else ""
    return {
        "street": say.inert(work.street),
        "what": f"{say.inert(work.what)}{traffic}",
        "from": say.day(work.start, today),
        "until": say.day(work.end, today),
        "row": "utter_roadworks_works_works",
    }
