"""From a postcode to homes of ours; elsewhere the council that it belongs to is named."""

from __future__ import annotations

from typing import Any

import pytest

from actions.addresses import addresses_at, as_answer, as_offered
from actions.base import Ended
from bot.text.picking import pick_address


async def at(desk: Any, postcode: str) -> Any:
    facts = await desk.facts("bin_day")
    return type(facts)(
        facts.journey, {"postcode": {"value": postcode, "said": postcode}}, facts.now, facts.council, facts.backends
    )


async def test_homes_in_the_order_of_their_numbers(desk: Any) -> None:
    found = await addresses_at(await at(desk, "SK1 3XE"))
    assert [address.number for address in found] == [str(number) for number in range(1, 13)]


async def test_a_flat_among_many_is_picked_by_its_number(desk: Any) -> None:
    offered = as_offered(await addresses_at(await at(desk, "SK4 9AA")))
    picked = pick_address("flat 77", offered)
    assert picked and picked.title.startswith("Flat 77, Mersey Point")


async def test_no_homes_is_an_empty_list(desk: Any) -> None:
    assert await addresses_at(await at(desk, "SK8 9ZZ")) == []


@pytest.mark.parametrize(
    ("postcode", "neighbour"), [("M20 9AA", "Manchester City Council"), ("SK9 9AA", "Cheshire East Council")]
)
async def test_elsewhere_names_the_neighbour_and_forgets_the_postcode(desk: Any, postcode: str, neighbour: str) -> None:
    with pytest.raises(Ended) as caught:
        await addresses_at(await at(desk, postcode))
    ending = caught.value.ending
    assert (ending.name, ending.values["neighbour"]) == ("outside", neighbour)
    assert ending.remember == {"postcode": None, "address": None}


async def test_an_answer_keeps_what_later_calls_need(desk: Any) -> None:
    first = (await addresses_at(await at(desk, "SK7 9AA")))[0]
    kept = as_answer(first)
    assert kept["value"] == first.uprn and kept["value"].startswith("0"), "a UPRN is text"
    assert kept["said"] == "1 Bosden Fold Road, Hazel Grove, SK7 9AA" and kept["usrn"]
