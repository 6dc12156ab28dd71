"""Planning applications: those near a place, and how one of them stands."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, ClassVar

from actions.addresses import outside
from actions.backends.planning import Application
from actions.base import Ended, Ending, Facts, JourneyAction
from actions.content import word
from actions.nearby import Position, Where, in_words, miles, position_of
from bot.dialogue.journeys import Ask
from bot.text import say
from bot.text.picking import Offered
from bot.text.planning_references import find_planning_references, is_own, parse_planning_reference
from bot.text.say import inert

NEAREST = 5
KILOMETRES, MILES = 0.8, "0.5"  # how far around a place we look, for the register and in words
DAYS, MONTHS = 183, "6"  # how far back
LONGEST = 120  # signs of what an applicant wrote that are shown in a list
EXAMPLE = "planning_reference_example"
REGISTER = "planning_register_page"

# PlanIt's word for where an application stands -> ours. Undecided is told apart by its dates.
STATES = {
    "Undecided": "undecided",
    "Permitted": "permitted",
    "Conditions": "conditions",
    "Rejected": "refused",
    "Withdrawn": "withdrawn",
    "Referred": "referred",
}
ROWS = {
    "open": "utter_plan_search_row_open",
    "waiting": "utter_plan_search_row_waiting",
    "undecided": "utter_plan_search_row_undecided",
    "permitted": "utter_plan_search_row_permitted",
    "conditions": "utter_plan_search_row_permitted",
    "refused": "utter_plan_search_row_refused",
    "withdrawn": "utter_plan_search_row_withdrawn",
    "appeal": "utter_plan_search_row_appeal",
}
_COUNCIL = re.compile(r"( (Metropolitan )?(City|Borough|District|County))? Council$")


def standing(application: Application, today: date) -> str:
    """How an application stands, by our word for it."""
    if application.appealed and not application.appeal_result:
        return "appeal"
    state = STATES.get(application.state, "other")
    if state != "undecided" or application.comment_by is None:
        return state
    return "open" if application.comment_by >= today else "waiting"


def is_ours(facts: Facts, application: Application) -> bool:
    """Whether this council decides it."""
    return application.authority == facts.council.identity.short


def decides(facts: Facts, application: Application) -> str:
    """The council that decides, by its full name if we know it."""
    known = {area_of(each.name): each.name for each in facts.council.neighbours}
    return known.get(application.authority, inert(application.authority))


def area_of(council: str) -> str:
    """A council's name in the register: "Manchester City Council" is "Manchester" there."""
    return _COUNCIL.sub("", council)


def in_short(text: str) -> str:
    """The beginning of what an applicant wrote, whole words only, without power over the text around it."""
    whole = inert(text).rstrip(" .")
    if len(whole) <= LONGEST:
        return whole
    return whole[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:.") + "..."


class PlanSearch(JourneyAction):
    """The nearest applications of the last months."""

    journey: ClassVar[str] = "plan_search"

    async def finish(self, facts: Facts) -> Ending:
        near: Where = facts.value("near")
        position = await self._position(facts, near)
        around = near if isinstance(near, str) else position
        found = await facts.backends.applications.near(around, KILOMETRES, DAYS)
        shown = nearest(found.applications, position)[:NEAREST]
        values = {"place": in_words(near), "miles": MILES, "months": MONTHS}
        if not shown:
            return Ending("none", values)
        rows = [_row(facts, application, distance) for application, distance in shown]
        values |= {"total": str(found.total), "shown": str(len(shown))}
        return Ending("more" if found.total > len(shown) else "nearby", {**values, "applications": rows})

    async def _position(self, facts: Facts, near: Where) -> Position:
        """Where to measure from. Raises Ended for a postcode that is another council's, or that has no homes."""
        if isinstance(near, str):
            homes = await facts.backends.addresses.by_postcode(near)
            ours = [home for home in homes if home.custodian == facts.council.identity.custodian_code]
            if homes and not ours:
                raise Ended(outside(facts, homes[0]))
            if ours:
                return ours[0].latitude, ours[0].longitude
        return await position_of(facts, near)


def nearest(applications: Sequence[Application], position: Position) -> list[tuple[Application, str]]:
    """Those with a place on the map by distance, with the distance in words."""
    measured = [
        (miles(position, (each.latitude, each.longitude)), each)
        for each in applications
        if each.latitude is not None and each.longitude is not None
    ]
    measured.sort(key=lambda pair: pair[0])
    return [(each, f"{distance:.1f} miles") for distance, each in measured]


def _row(facts: Facts, application: Application, distance: str) -> dict[str, str]:
    today = facts.now.date()
    stands = standing(application, today)
    day = application.comment_by if stands in ("open", "waiting") else application.decided
    row = ROWS.get(stands, "utter_plan_search_row_other")
    return {
        "row": row if is_ours(facts, application) else "utter_plan_search_row_elsewhere",
        "reference": inert(application.reference),
        "where": in_short(application.address),
        "what": in_short(application.description),
        "distance": distance,
        "day": say.day(day, today) if day else word("unknown_date"),
        "council": decides(facts, application),
        "link": application.link or facts.council.fact(REGISTER),
    }


class PlanStatus(JourneyAction):
    """How one application stands, by its reference."""

    journey: ClassVar[str] = "plan_status"

    async def volunteered(self, ask: Ask, text: str, offered: Sequence[Offered], facts: Facts) -> dict[str, Any] | None:
        """ "What is happening with DC/098765" needs no question."""
        found = {match.value for match in find_planning_references(text, facts.council.fact(EXAMPLE))}
        if len(found) != 1:
            return None
        (reference,) = found
        return {"value": reference, "said": reference}

    async def finish(self, facts: Facts) -> Ending:
        example = facts.council.fact(EXAMPLE)
        reference = parse_planning_reference(facts.value("reference") or "", example)
        if reference is None:
            return Ending("no_reference")
        application = await facts.backends.applications.by_reference(facts.council.identity.short, reference)
        if application is None and not is_own(reference, example):
            application = await self._at_neighbours(facts, reference)
        if application is None:
            return Ending("unknown", {"application": reference})
        today = facts.now.date()
        stands = standing(application, today)
        values = {
            "application": inert(application.reference),
            "details": list(_details(application, today)),
            "day": say.day(application.comment_by, today) if application.comment_by else "",
            "council": decides(facts, application),
            "link": application.link or facts.council.fact(REGISTER),
        }
        return Ending(stands if is_ours(facts, application) else "elsewhere", values)

    async def _at_neighbours(self, facts: Facts, reference: str) -> Application | None:
        """A reference that is not written as ours are may be of a council beside us."""
        areas = [area_of(each.name) for each in facts.council.neighbours]
        found = await asyncio.gather(*(facts.backends.applications.by_reference(area, reference) for area in areas))
        return next((each for each in found if each), None)


def _details(application: Application, today: date) -> Iterator[dict[str, str]]:
    """What is on record, a row for each thing that is."""
    texts = (
        ("utter_plan_status_row_where", application.address),
        ("utter_plan_status_row_what", application.description),
        ("utter_plan_status_row_officer", application.officer),
    )
    days = (
        ("utter_plan_status_row_started", application.started),
        ("utter_plan_status_row_comments", application.comment_by),
        ("utter_plan_status_row_target", None if application.decided else application.target),
        ("utter_plan_status_row_decided", application.decided),
        ("utter_plan_status_row_appeal", application.appealed),
    )
    yield from ({"row": row, "answer": inert(text)} for row, text in texts if text)
    yield from ({"row": row, "answer": say.day(day, today)} for row, day in days if day)
    if application.appeal_result:
        yield {"row": "utter_plan_status_row_result", "answer": inert(application.appeal_result)}
