"""Which council and ward a postcode is in, and who was elected there."""

from __future__ import annotations

from typing import ClassVar

from actions.backends.democracy import Councillor
from actions.backends.postcodes import Area
from actions.base import Ended, Ending, Facts, JourneyAction
from actions.elections.voting import Row
from actions.nearby import FORGET_IT
from bot.text import say
from bot.text.say import inert


async def area_of(facts: Facts) -> Area:
    """The area of the postcode given. Raises Ended for a postcode that is not in use, or never was."""
    postcode = facts.slots["postcode"]["value"]
    area = await facts.backends.postcodes.area(postcode)
    if area is None:
        is_old = await facts.backends.postcodes.is_terminated(postcode)
        raise Ended(Ending("old_postcode" if is_old else "nowhere", {"postcode": postcode}, FORGET_IT))
    return area


class CouncillorFind(JourneyAction):
    """The councillors of a ward, with how to reach them."""

    journey: ClassVar[str] = "councillor_find"

    async def finish(self, facts: Facts) -> Ending:
        area = await area_of(facts)
        values = {"postcode": area.postcode, "ward": inert(area.ward)}
        if area.gss != facts.council.identity.gss_code:
            return _outside(facts, area)
        ward = await facts.backends.democracy.ward(area.ward) if area.ward else None
        if ward is None or not ward.councillors:
            return Ending("no_ward", values)
        rows = [row for person in ward.councillors for row in _rows(person)]
        if ward.vacancies:
            rows.append({"row": "utter_councillor_find_vacancy", "many": str(ward.vacancies)})
        return Ending("ward", {**values, "councillors": rows})


def _rows(person: Councillor) -> list[Row]:
    known = "_".join(name for name in ("email", "phone") if getattr(person, name))
    row = {
        "name": inert(person.name),
        "party": inert(person.party),
        "email": person.email,
        "phone": say.to_call(person.phone) if person.phone else "",
        "row": _BY_CONTACT[known],
    }
    surgeries = {"name": row["name"], "surgeries": inert(person.surgeries), "row": "utter_councillor_find_surgery"}
    return [row, surgeries] if person.surgeries else [row]


_BY_CONTACT = {
    "email_phone": "utter_councillor_find_person",
    "email": "utter_councillor_find_person_email",
    "phone": "utter_councillor_find_person_phone",
    "": "utter_councillor_find_person_neither",
}


def _outside(facts: Facts, area: Area) -> Ending:
    neighbour = facts.council.neighbour_by_gss(area.gss)
    if neighbour is None:
        return Ending("outside_unknown", {"postcode": area.postcode}, FORGET_IT)
    values = {"postcode": area.postcode, "neighbour": neighbour.name, "website": neighbour.website}
    return Ending("outside", values, FORGET_IT)


class MyCouncil(JourneyAction):
    """Whose a postcode is: ours or a neighbour's, and whether a county council shares the work."""

    journey: ClassVar[str] = "my_council"

    async def finish(self, facts: Facts) -> Ending:
        area = await area_of(facts)
        county = {"row": "utter_my_council_county", "county": inert(area.county)}
        tiers = [county if area.county else {"row": "utter_my_council_alone"}]
        values = {"postcode": area.postcode, "ward": inert(area.ward or area.district), "tiers": tiers}
        if area.gss == facts.council.identity.gss_code:
            return Ending("ours", values)
        neighbour = facts.council.neighbour_by_gss(area.gss)
        if neighbour is None:
            return Ending("elsewhere", {**values, "district": inert(area.district)}, FORGET_IT)
        whose = {"neighbour": neighbour.name, "website": neighbour.website}
        return Ending("neighbour", {**values, **whose}, FORGET_IT)
