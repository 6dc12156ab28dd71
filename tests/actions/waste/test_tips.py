"""Tips and recycling points near a resident, permits, hazardous things, a slot for asbestos."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.waste.tips import BinHazardous, RecyclingPoint, TipHours, TipPermit
from bot.dialogue.journey_reader import journeys
from tests.support.sandbox import Sandbox


async def test_tips_by_distance_with_todays_hours(desk: Any) -> None:
    ending = await TipHours().finish(await desk.facts("tip_hours", near="SK3 9AA"))
    rows = ending.values["sites"]
    assert ending.name == "sites" and [row["name"] for row in rows][0] == "Adswood tip"
    assert rows[0]["row"] == "utter_tip_hours_site_open" and rows[0]["hours"] == "8am to 6pm"
    assert rows[0]["distance"].endswith(" miles")


async def test_all_tips_without_a_postcode(desk: Any) -> None:
    rows = (await TipHours().finish(await desk.facts("tip_hours", near=("", "")))).values["sites"]
    assert [row["name"] for row in rows] == ["Adswood tip", "Bredbury Parkway tip", "Rose Hill tip"]
    assert {row["distance"] for row in rows} == {"Stockport"}


@pytest.mark.parametrize(
    ("at", "row", "time"),
    [
        ("2026-11-24T06:30", "utter_tip_hours_site_later", "8am"),
        ("2026-11-24T19:00", "utter_tip_hours_site_closed", "8am"),
        ("2026-11-27T19:00", "utter_tip_hours_site_closed", "9am"),
    ],
)
async def test_a_closed_tip_says_when_it_opens(
    desk: Any, set_settings: Callable[..., None], at: str, row: str, time: str
) -> None:
    set_settings(assistant_now=at)
    first = (await TipHours().finish(await desk.facts("tip_hours", near="SK3 9AA"))).values["sites"][0]
    assert (first["row"], first["time"]) == (row, time)


async def test_the_three_nearest_recycling_points(desk: Any) -> None:
    ending = await RecyclingPoint().finish(await desk.facts("recycling_point", near="SK4 9BA"))
    rows = ending.values["points"]
    assert ending.name == "points" and len(rows) == 3 and rows[0]["name"] == "Heaton Moor car park"
    assert rows[0]["materials"] == "glass, textiles and cans"


async def test_recycling_points_that_take_what_was_asked_about(desk: Any) -> None:
    facts = await desk.facts("recycling_point", near="SK4 9BA")
    asked = {"first": {"text": "where can I recycle paper", "entities": {}}}
    facts = type(facts)(facts.journey, {**facts.slots, **asked}, facts.now, facts.council, facts.backends)
    rows = (await RecyclingPoint().finish(facts)).values["points"]
    assert rows and all("paper" in row["materials"] for row in rows)


async def permit(desk: Any, number: int = 1, **answers: Any) -> Any:
    given = {"vehicle": ("van", "Van"), "registration": "AB12 CDE", "waste": ("household", "From my own home")}
    return await desk.facts("tip_permit", "SK1 3XE", number, **{**given, "contact": "sam@example.com", **answers})


async def test_a_permit_is_a_case(desk: Any, sandbox: Sandbox) -> None:
    facts = await permit(desk)
    assert await TipPermit().check("needed", facts) is None
    assert await TipPermit().check("household", facts) is None
    ending = await TipPermit().finish(facts)
    assert ending.name == "issued" and ending.values["registration"] == "AB12 CDE" and ending.values["reference"]
    assert sandbox.log()[-1]["path"] == "/cases/cases"


async def test_a_car_needs_none_and_a_business_gets_none(desk: Any) -> None:
    needless = await TipPermit().check("needed", await permit(desk, vehicle=("car", "Car")))
    assert needless is not None and needless.name == "not_needed" and needless.values["rule"]
    business = await TipPermit().check("household", await permit(desk, waste=("business", "")))
    assert business is not None and business.name == "business"


async def test_vehicles_are_the_profiles(desk: Any) -> None:
    offered = await TipPermit().choices("vehicle", await permit(desk))
    assert {"car", "van"} <= {item.value for item in offered}


async def test_what_may_harm_people_has_its_rule(desk: Any) -> None:
    ending = await BinHazardous().finish(await desk.facts("bin_hazardous", substance=("paint", "Paint")))
    assert ending.name == "rules" and "lid" in ending.values["rule"]


async def test_asbestos_without_a_slot_has_its_rule(desk: Any) -> None:
    facts = await desk.facts("bin_hazardous", substance="asbestos", wants_slot="no")
    assert (await BinHazardous().finish(facts)).name == "rules"


async def test_a_substance_is_named_at_once(desk: Any) -> None:
    ask = next(ask for ask in journeys()["bin_hazardous"].asks if ask.name == "substance")
    facts = await desk.facts("bin_hazardous")
    found = await BinHazardous().volunteered(ask, "how do I get rid of car oil", [], facts)
    assert found is not None and found["value"] == "oil"


async def slot_at_the_tip(desk: Any, number: int, slot: str = "") -> Any:
    given = {"substance": ("asbestos", "Asbestos"), "wants_slot": "yes", "registration": "AB12 CDE"}
    return await desk.facts("bin_hazardous", "SK1 3XE", number, **given, slot=(slot, "Wednesday"))


async def test_a_slot_for_asbestos_is_booked_and_then_gone(desk: Any) -> None:
    first = (await BinHazardous().choices("slot", await slot_at_the_tip(desk, 1)))[0]
    booked = await BinHazardous().finish(await slot_at_the_tip(desk, 1, first.value))
    assert booked.name == "booked" and booked.values["reference"] and booked.values["slot"] == "Wednesday"
    taken = await BinHazardous().finish(await slot_at_the_tip(desk, 2, first.value))
    assert taken.name == "slot_taken" and taken.keep and set(taken.forget) == {"slot", "confirmed"}
    assert first.value not in {
        item.value for item in await BinHazardous().choices("slot", await slot_at_the_tip(desk, 2))
    }
