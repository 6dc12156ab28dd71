"""What the round does at a home: the next dates, the calendar, why a bin was left."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from actions.backends.waste import Collection
from actions.base import Ending, Facts, JourneyAction
from actions.content import word
from bot.feeds import calendar_link
from bot.text import say

EVENTS_BACK = timedelta(days=21)  # a tag on a bin older than three weeks is not what a resident asks about


def container_name(facts: Facts, slug: str) -> str:
    """What this council calls a container; the back end's own word for one that the profile does not know."""
    known = facts.council.containers.get(slug)
    return known.name if known else slug.replace("_", " ").capitalize()


class BinDay(JourneyAction):
    """The next collection of each container, moved ones marked."""

    journey: ClassVar[str] = "bin_day"

    async def finish(self, facts: Facts) -> Ending:
        services = await facts.backends.waste.services(facts.home.uprn)
        coming = sorted((service.next for service in services if service.next), key=lambda item: item.date)
        if not coming:
            return Ending("none")
        rows = [self._row(facts, collection) for collection in coming]
        return Ending("dates", {"collections": rows, "link": calendar_link(facts.home.uprn)})

    def _row(self, facts: Facts, collection: Collection) -> dict[str, str]:
        today = facts.now.date()
        row = {
            "container": container_name(facts, collection.container.type),
            "date": say.day(collection.date, today),
            "usual": say.day(collection.scheduled, today),
            "reason": collection.reason.lower() or word("round_changed"),
        }
        if collection.date != collection.scheduled:
            row["row"] = "utter_bin_day_dates_moved"
        elif collection.date == today:
            row["row"] = "utter_bin_day_dates_today"
        elif collection.date == today + timedelta(days=1):
            row["row"] = "utter_bin_day_dates_tomorrow"
        return row


class BinCalendarFeed(JourneyAction):
    """A calendar that a phone subscribes to."""

    journey: ClassVar[str] = "bin_calendar_feed"

    async def finish(self, facts: Facts) -> Ending:
        services = await facts.backends.waste.services(facts.home.uprn)
        if not services:
            return Ending("none")
        return Ending("link", {"link": calendar_link(facts.home.uprn)})


class BinContaminated(JourneyAction):
    """What the crew wrote down about a home's bins lately."""

    journey: ClassVar[str] = "bin_contaminated"

    async def finish(self, facts: Facts) -> Ending:
        home, today = facts.home, facts.now.date()
        events = await facts.backends.waste.events(home.uprn, home.usrn, today - EVENTS_BACK, today)
        for event in events:
            reason = facts.council.crew_reason(event.type)
            if reason is None:
                continue
            values = {
                "said": reason.said,
                "next": reason.next,
                "date": say.day(event.at.date(), today),
                "container": container_name(facts, event.container) if event.container else "",
            }
            return Ending("event" if event.container and reason.side != "street" else "street_event", values)
        return Ending("none")
