"""Distances, the nearest places, and whether they are open."""

from __future__ import annotations

from typing import Any

import pytest

from actions.base import Ended
from actions.nearby import miles, nearest, position_of


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((53.4084, -2.1494), (53.4084, -2.1494), 0.0),
        ((53.4084, -2.1494), (53.4808, -2.2426), 6.3),  # Stockport to Manchester
        ((51.5074, -0.1278), (55.9533, -3.1883), 332.0),  # London to Edinburgh
    ],
)
def test_miles(one: tuple[float, float], other: tuple[float, float], expected: float) -> None:
    assert miles(one, other) == pytest.approx(expected, rel=0.01, abs=0.05)


async def test_the_nearest_come_first(desk: Any) -> None:
    places = await desk.council.directory.places("tip")
    found = nearest(places, (53.388, -2.172), count=2)
    assert [place.name for place, _ in found] == ["Adswood tip", "Bredbury Parkway tip"]
    assert found[0][1] == "0.0 miles"


async def test_without_a_position_all_are_told_by_name(desk: Any) -> None:
    found = nearest(await desk.council.directory.places("tip"), None)
    assert [place.name for place, _ in found] == ["Adswood tip", "Bredbury Parkway tip", "Rose Hill tip"]


async def test_a_postcode_is_where_its_first_home_is(desk: Any) -> None:
    facts = await desk.facts("tip_hours")
    where = await position_of(facts, "SK1 3XE")
    assert miles(where, (53.4063, -2.1572)) < 0.1


async def test_a_postcode_without_homes_is_nowhere_and_forgotten(desk: Any) -> None:
    with pytest.raises(Ended) as caught:
        await position_of(await desk.facts("tip_hours"), "SK8 9ZZ")
    ending = caught.value.ending
    assert (ending.name, ending.values["postcode"]) == ("nowhere", "SK8 9ZZ")
    assert ending.remember == {"postcode": None, "address": None}
