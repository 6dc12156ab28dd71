"""Bins, bags, garden waste and help: what is offered, what it costs, the one case that is opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.backends.factory import Backends
from actions.waste.containers import (
    BinAssisted,
    BinCaddyBags,
    BinClinical,
    BinGardenJoin,
    BinNew,
    BinSpillage,
    TradeWaste,
)
from bot.dialogue.journey_reader import confirmation
from tests.support.sandbox import Sandbox

CONTACT = "sam@example.com"


def last_write(sandbox: Sandbox) -> str:
    return str(sandbox.log()[-1]["path"])


async def test_a_new_bin_is_ordered_free_of_charge(desk: Any, sandbox: Sandbox) -> None:
    facts = await desk.facts("bin_new", "SK1 3XE", container="blue_bin", reason=("missing", "It is missing"))
    assert BinNew().values(confirmation("bin_new"), facts) == {"fee": "free"}
    ending = await BinNew().finish(facts)
    assert ending.name == "ordered" and ending.values["container"] == "Blue bin" and ending.values["reference"]
    assert ending.values["by"] == "Tuesday 8 December" and last_write(sandbox) == "/waste/cases"


async def test_a_further_bin_is_paid_for_by_link(desk: Any, council_at_work: Backends) -> None:
    facts = await desk.facts("bin_new", "SK1 3XE", 2, container="brown_bin", reason=("extra", "I need one more"))
    assert BinNew().values(confirmation("bin_new"), facts) == {"fee": "£28"}
    ending = await BinNew().finish(facts)
    assert ending.name == "to_pay" and ending.values["amount"] == "£28" and ending.values["link"].startswith("http")
    begun = ending.remember["payment"]
    payment = await council_at_work.payments.status(begun["id"])
    assert (payment.amount, payment.status, begun["is_booking"]) == (2800, "created", False)


async def test_the_bins_of_a_home_are_offered_and_all_for_a_new_home(desk: Any) -> None:
    here = await BinNew().choices("container", await desk.facts("bin_new", "SK3 9AB"))
    assert "green_bin" not in {item.value for item in here} and "food_caddy" in {item.value for item in here}
    nothing_yet = await BinNew().choices("container", await desk.facts("bin_new", "SK1 9AA"))
    assert {item.value for item in nothing_yet} >= {"black_bin", "blue_bin", "brown_bin", "green_bin"}


async def test_caddy_bags_are_delivered(desk: Any, sandbox: Sandbox) -> None:
    ending = await BinCaddyBags().finish(await desk.facts("bin_caddy_bags", "SK1 3XE", 3, how="deliver"))
    assert ending.name == "ordered" and ending.values["reference"] and last_write(sandbox) == "/waste/cases"


async def test_or_picked_up_at_the_nearest_places(desk: Any) -> None:
    ending = await BinCaddyBags().finish(await desk.facts("bin_caddy_bags", "SK1 3XE", how="pick_up"))
    rows = ending.values["points"]
    assert ending.name == "pick_up" and len(rows) == 3 and rows[0]["name"] == "Central Library"
    assert rows[0]["row"] == "utter_bin_caddy_bags_pick_up_points_open" and rows[0]["hours"] == "9am to 5pm"
    assert rows[0]["note"] == "Ask at the desk."


async def test_joining_garden_waste_is_paid_per_bin(desk: Any, sandbox: Sandbox) -> None:
    facts = await desk.facts("bin_garden_join", "SK1 3XE", 5, bins=2, contact=CONTACT)
    assert await BinGardenJoin().check("offered", facts) is None
    assert BinGardenJoin().values(confirmation("bin_garden_join"), facts) == {"fee": "£118"}
    ending = await BinGardenJoin().finish(facts)
    assert ending.name == "to_pay" and ending.values["amount"] == "£118"
    assert [entry["path"] for entry in sandbox.log()[-2:]] == ["/waste/cases", "/payments/v1/payments"]


@pytest.mark.parametrize(
    ("postcode", "name"), [("SK3 9AB", "not_offered"), ("SK8 9AA", "member"), ("SK1 9AA", "not_offered")]
)
async def test_garden_waste_is_not_for_everybody(desk: Any, postcode: str, name: str) -> None:
    ending = await BinGardenJoin().check("offered", await desk.facts("bin_garden_join", postcode))
    assert ending is not None and ending.name == name


async def test_help_with_bins_is_asked_for(desk: Any) -> None:
    facts = await desk.facts(
        "bin_assisted",
        "SK1 3XE",
        6,
        others="no",
        reason="a bad back",
        where="side gate",
        name="Sam Example",
        contact=CONTACT,
    )
    ending = await BinAssisted().finish(facts)
    assert ending.name == "requested" and ending.values["by"] == "Tuesday 8 December"


@pytest.mark.parametrize("kind", ["sharps", "medicines", "hygiene"])
async def test_most_medical_waste_is_told_where_it_goes_and_nothing_is_opened(
    desk: Any, sandbox: Sandbox, kind: str
) -> None:
    before = len(sandbox.log())
    assert (await BinClinical().finish(await desk.facts("bin_clinical", kind=kind))).name == kind
    assert len(sandbox.log()) == before


async def test_infectious_waste_is_collected(desk: Any) -> None:
    facts = await desk.facts("bin_clinical", "SK1 3XE", 7, kind="infectious", name="Sam Example", contact=CONTACT)
    ending = await BinClinical().finish(facts)
    assert ending.name == "requested" and ending.values["by"] == "Friday 27 November"


async def test_spilled_waste_is_reported(desk: Any) -> None:
    ending = await BinSpillage().finish(await desk.facts("bin_spillage", "SK1 3XE", 8, what="glass on the path"))
    assert ending.name == "reported" and ending.values["by"] == "Wednesday 25 November"


async def test_days_promised_are_working_days(desk: Any, set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="2026-12-24T10:00")
    ending = await BinSpillage().finish(await desk.facts("bin_spillage", "SK1 3XE", 9, what="glass"))
    assert ending.values["by"] == "Tuesday 29 December"


async def test_a_business_asks_for_a_quote(desk: Any, sandbox: Sandbox) -> None:
    facts = await desk.facts(
        "trade_waste",
        business="Example Bakery",
        where="12 Greek Street",
        waste="card",
        name="Sam Example",
        contact=CONTACT,
    )
    ending = await TradeWaste().finish(facts)
    assert ending.name == "requested" and ending.values["reference"] and last_write(sandbox) == "/cases/cases"
