"""What protects a home, and what that means for building work and for trees. It tells what is on record, no ruling.

The national data is not complete: what is not in it may be protected all the same, and every ending says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from actions.backends.planning import (
    ARTICLE_4,
    CONSERVATION_AREA,
    LISTED_BUILDING,
    LISTED_OUTLINE,
    TREE,
    TREE_ZONE,
    Constraint,
)
from actions.base import Ending, Facts, JourneyAction
from actions.content import word
from bot.text import say
from bot.text.say import inert

Row = dict[str, str]

HERITAGE = (CONSERVATION_AREA, LISTED_OUTLINE, LISTED_BUILDING)
TREES = (TREE_ZONE, TREE)
FOUND = {
    CONSERVATION_AREA: "utter_planning_found_conservation_area",
    LISTED_OUTLINE: "utter_planning_found_listed_building",
    LISTED_BUILDING: "utter_planning_found_listed_building",
    ARTICLE_4: "utter_planning_found_article_four",
    TREE_ZONE: "utter_planning_found_tree_zone",
    TREE: "utter_planning_found_tree",
}
MEANS = {
    CONSERVATION_AREA: "utter_plan_need_means_conservation_area",
    LISTED_OUTLINE: "utter_plan_need_means_listed_building",
    LISTED_BUILDING: "utter_plan_need_means_listed_building",
    ARTICLE_4: "utter_plan_need_means_article_four",
    TREE_ZONE: "utter_plan_need_means_tree",
    TREE: "utter_plan_need_means_tree",
}
WORK = {
    "extension": "utter_plan_need_work_extension",
    "loft": "utter_plan_need_work_loft",
    "outbuilding": "utter_plan_need_work_outbuilding",
    "fence": "utter_plan_need_work_fence",
    "parking": "utter_plan_need_work_parking",
    "fittings": "utter_plan_need_work_fittings",
    "new_use": "utter_plan_need_work_new_use",
    "something_else": "utter_plan_need_work_something_else",
}


async def protecting(facts: Facts, kinds: Sequence[str]) -> list[Constraint]:
    """What protects the home today; what two data sets know of (a listed building and its outline) is there once."""
    home, today = facts.home, facts.now.date()
    found: dict[tuple[str, str], Constraint] = {}
    for each in await facts.backends.constraints.at(home.latitude, home.longitude, kinds):
        if each.holds_on(today):
            found.setdefault((FOUND[each.kind], (each.name or each.reference or str(each.entity)).casefold()), each)
    return list(found.values())


def told(facts: Facts, found: Sequence[Constraint]) -> list[Row]:
    """A row for each: name, since when, where it can be read, how new the data is."""
    today, unknown = facts.now.date(), word("unknown_date")
    return [
        {
            "row": FOUND[each.kind],
            "name": inert(each.name or each.reference or str(each.entity)),
            "since": say.day(each.start, today) if each.start else unknown,
            "entered": say.day(each.entered, today) if each.entered else unknown,
            "link": each.link or facts.council.fact("planning_data_page"),
        }
        for each in found
    ]


def _is_any(found: Sequence[Constraint], kinds: Sequence[str]) -> bool:
    return any(each.kind in kinds for each in found)


class PlanNeed(JourneyAction):
    """Whether work needs permission: what there is at the home, what decides, where to make sure."""

    journey: ClassVar[str] = "plan_need"

    async def finish(self, facts: Facts) -> Ending:
        found = await protecting(facts, (*HERITAGE, ARTICLE_4, *TREES))
        means = dict.fromkeys(MEANS[each.kind] for each in found)
        rules: list[Row] = [{"row": row} for row in (WORK[facts.value("work")], *means)]
        if not found:
            return Ending("none", {"rules": rules})
        return Ending("found", {"found": told(facts, found), "rules": rules})


class Conservation(JourneyAction):
    """Whether a home is in a conservation area, or listed."""

    journey: ClassVar[str] = "conservation"

    async def finish(self, facts: Facts) -> Ending:
        found = await protecting(facts, HERITAGE)
        if not found:
            return Ending("none")
        ending = "area" if _is_any(found, (CONSERVATION_AREA,)) else "listed"
        return Ending(ending, {"found": told(facts, found)})


class Tpo(JourneyAction):
    """Whether trees at a home are protected: by an order, or because the home is in a conservation area."""

    journey: ClassVar[str] = "tpo"

    async def finish(self, facts: Facts) -> Ending:
        found = await protecting(facts, (*TREES, CONSERVATION_AREA))
        if not found:
            return Ending("none")
        return Ending("order" if _is_any(found, TREES) else "area", {"found": told(facts, found)})
