"""The nearest of the council's places, or the one that is named."""

from __future__ import annotations

import asyncio
from abc import abstractmethod

from actions.backends.directory import Place
from actions.base import Ending, Facts, JourneyAction
from actions.nearby import in_words, named_in, nearest_to, place_rows

ROW = "utter_nearby_place"


class NearestPlaces(JourneyAction):
    """Journeys like ``nearby``."""

    @abstractmethod
    def name(self) -> str:
        """Made for each journey."""

    async def check(self, name: str, facts: Facts) -> Ending | None:
        """A place that was named is told at once; a postcode is asked for only without one."""
        if not facts.first:
            return None
        found = named_in(facts.first, await self._places(facts))
        rows = [(place, "") for place in found]
        return Ending("places", self._told(facts, rows, found[0].name)) if found else None

    async def finish(self, facts: Facts) -> Ending:
        places = wanted(await self._places(facts), facts.first)
        if not places:
            return Ending("none")
        near = facts.value("near")
        return Ending("places", self._told(facts, await nearest_to(facts, places, near), in_words(near)))

    async def _places(self, facts: Facts) -> list[Place]:
        kinds = facts.journey.settings["places"]
        found = await asyncio.gather(*(facts.backends.directory.places(str(kind)) for kind in kinds))
        return [place for places in found for place in places]

    def _told(self, facts: Facts, found: list[tuple[Place, str]], place: str) -> dict[str, object]:
        return {"places": place_rows(facts, found, ROW), "place": place}


def wanted(places: list[Place], text: str) -> list[Place]:
    """The places with what a message asks for ("with a changing table"); all when none has it."""
    said = text.lower()
    fitting = [place for place in places if any(term.lower() in said for term in place.materials)]
    return fitting or places
