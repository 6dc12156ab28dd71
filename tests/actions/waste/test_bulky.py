"""A bulky collection: prices, days, too many, somebody quicker, a payment."""

from __future__ import annotations

from typing import Any

import pytest

from actions.backends.factory import Backends
from actions.base import Ended
from actions.waste.bulky import SHOWN, BinBulky, as_offered
from bot.dialogue.journey_reader import confirmation

JOURNEY = "bin_bulky"
SOFA_AND_FRIDGE = ([{"id": "sofa", "many": 2}, {"id": "fridge", "many": 1}], "2 × Sofa, Fridge")


async def booking(desk: Any, slot: str = "", number: int = 1, items: Any = SOFA_AND_FRIDGE) -> Any:
    return await desk.facts(
        JOURNEY, "SK1 3XE", number, items=items, slot=slot, place="on the drive", contact="sam@example.com"
    )


async def test_items_are_the_profiles_with_their_other_names(desk: Any) -> None:
    offered = await BinBulky().choices("items", await desk.facts(JOURNEY))
    sofa = next(item for item in offered if item.value == "sofa")
    assert sofa.title == "Sofa" and "settee" in sofa.also


async def test_the_price_is_the_sum_of_the_items(desk: Any) -> None:
    assert BinBulky().values(confirmation(JOURNEY), await booking(desk)) == {"price": "£92"}


async def test_more_than_the_council_takes_at_once(desk: Any) -> None:
    items = ([{"id": "chair", "many": 4}, {"id": "sofa", "many": 3}], "")
    ending = await BinBulky().check("price", await booking(desk, items=items))
    assert ending is not None and (ending.name, ending.values) == ("too_many", {"many": "7", "most": "6"})
    assert await BinBulky().check("price", await booking(desk)) is None


async def test_the_first_free_times_are_offered_in_words(desk: Any) -> None:
    offered = await BinBulky().choices("slot", await booking(desk))
    assert len(offered) == SHOWN
    assert offered[0].title == "Thursday 26 November, 7am to midday"
    assert offered[1].title == "Thursday 26 November, midday to 4pm"
    assert "Thursday morning" in offered[0].also


async def test_no_time_at_all_ends_it(desk: Any) -> None:
    with pytest.raises(Ended) as caught:
        as_offered(await booking(desk), [])
    assert caught.value.ending.name == "no_slots"


async def test_a_booking_is_held_and_paid_for_by_link(desk: Any, council_at_work: Backends) -> None:
    slot = (await BinBulky().choices("slot", await booking(desk)))[0]
    ending = await BinBulky().finish(await booking(desk, slot=slot.value))
    assert ending.name == "to_pay" and ending.values["amount"] == "£92"
    assert ending.values["cancel_by"] == "Tuesday 24 November"
    begun = ending.remember["payment"]
    assert begun["is_booking"] and begun["reference"] == ending.values["reference"]
    assert (await council_at_work.payments.status(begun["id"])).amount == 9200


async def test_somebody_was_quicker(desk: Any, council_at_work: Backends) -> None:
    slots = await BinBulky().choices("slot", await booking(desk))
    last = slots[-1].value
    for number in range(4):
        await council_at_work.bookings.reserve("bulky", last, {}, f"filler-{number}")
    ending = await BinBulky().finish(await booking(desk, slot=last, number=2))
    assert ending.name == "slot_taken" and ending.keep and set(ending.forget) == {"slot", "confirmed"}
    assert last not in {item.value for item in await BinBulky().choices("slot", await booking(desk))}
