"""Distances, the nearest places, and whether they are open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from actions.base import Ended
from actions.nearby import FAR, in_words, miles, nearest, nearest_to, position_of


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
    assert found[0][1] == "0.1 miles"


async def test_without_a_position_all_are_told_by_name(desk: Any) -> None:
    found = nearest(await desk.council.directory.places("tip"), None)
    assert [place.name for place, _ in found] == ["Adswood tip", "Bredbury Parkway tip", "Rose Hill tip"]


async def test_a_postcode_is_where_its_first_home_is(desk: Any) -> None:
    facts = await desk.facts("tip_hours")
    where = await position_of(facts, "SK1 3XE")
    assert miles(where, (53.4063, -2.1572)) < 0.1


HERE = {"latitude": 53.393, "longitude": -2.175}
LONDON = {"latitude": 51.50735, "longitude": -0.12776}


async def test_a_location_is_where_it_says(desk: Any) -> None:
    facts = await desk.facts("tip_hours")
    assert await position_of(facts, HERE) == (53.393, -2.175)
    found = await nearest_to(facts, await desk.council.directory.places("tip"), HERE)
    assert found[0][0].name == "Adswood tip" and len(found) == 3


async def test_far_from_all_of_ours_nothing_is_near_and_that_is_said(desk: Any) -> None:
    with pytest.raises(Ended) as caught:
        await nearest_to(await desk.facts("tip_hours"), await desk.council.directory.places("tip"), LONDON)
    ending = caught.value.ending
    assert (ending.name, ending.values) == ("far", {"place": "where you are", "miles": str(FAR)})
    assert ending.remember == {}, "the home that a resident asked about before stays"


async def test_a_postcode_far_away_is_named_and_forgotten(desk: Any) -> None:
    places = await desk.council.directory.places("tip")
    away = [replace(place, latitude=51.5, longitude=-0.1) for place in places]
    with pytest.raises(Ended) as caught:
        await nearest_to(await desk.facts("tip_hours"), away, "SK1 3XE")
    ending = caught.value.ending
    assert ending.values["place"] == "SK1 3XE" and ending.remember == {"postcode": None, "address": None}


async def test_one_place_in_reach_is_enough(desk: Any) -> None:
    here, *others = await desk.council.directory.places("tip")
    away = [replace(place, latitude=51.5, longitude=-0.1) for place in others]
    assert (await nearest_to(await desk.facts("tip_hours"), [here, *away], HERE))[0][0] == here


async def test_no_places_at_all_are_not_far(desk: Any) -> None:
    assert await nearest_to(await desk.facts("tip_hours"), [], LONDON) == []


def test_a_place_in_a_sentence() -> None:
    assert in_words("SK1 3XE") == "SK1 3XE" and in_words(HERE) == "where you are"


async def test_a_postcode_without_homes_is_nowhere_and_forgotten(desk: Any) -> None:
    with pytest.raises(Ended) as caught:
        await position_of(await desk.facts("tip_hours"), "SK8 9ZZ")
    ending = caught.value.ending
    assert (ending.name, ending.values["postcode"]) == ("nowhere", "SK8 9ZZ")
    assert ending.remember == {"postcode": None, "address": None}
