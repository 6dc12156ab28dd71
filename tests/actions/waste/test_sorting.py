"""Which bin a thing goes in, by fuzzy name, and a safe answer for what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from actions.waste.sorting import BinWhatGoesWhere
from bot.dialogue.journey_reader import journeys

JOURNEY = "bin_what_goes_where"


@pytest.mark.parametrize(
    ("item", "name", "container"),
    [
        ("cardboard", "bin", "Blue bin"),
        ("glass bottle", "bin", "Brown bin"),
        ("grass cuttings", "bin", "Green bin"),
        ("nappies", "bin", "Black bin"),
        ("carboard", "bin", "Blue bin"),
    ],
)
async def test_a_thing_for_a_bin_at_home(desk: Any, item: str, name: str, container: str) -> None:
    ending = await BinWhatGoesWhere().finish(await desk.facts(JOURNEY, item=item))
    assert (ending.name, ending.values["container"]) == (name, container)


@pytest.mark.parametrize(
    ("item", "name"), [("rubble", "tip"), ("sofa", "bulky"), ("paint", "hazardous"), ("tablets", "pharmacy")]
)
async def test_a_thing_that_goes_elsewhere(desk: Any, item: str, name: str) -> None:
    ending = await BinWhatGoesWhere().finish(await desk.facts(JOURNEY, item=item))
    assert ending.name == name and ending.values["rule"]


async def test_what_is_not_known_is_not_guessed(desk: Any) -> None:
    ending = await BinWhatGoesWhere().finish(await desk.facts(JOURNEY, item="a flux capacitor"))
    assert (ending.name, ending.values) == ("unknown", {"item": "a flux capacitor"})


async def test_most_people_name_the_thing_at_once(desk: Any) -> None:
    ask = journeys()[JOURNEY].asks[0]
    facts = await desk.facts(JOURNEY)
    assert await BinWhatGoesWhere().volunteered(ask, "can I recycle a pizza box", [], facts) is not None
    assert await BinWhatGoesWhere().volunteered(ask, "what goes in which bin", [], facts) is None


async def test_every_route_of_an_item_is_an_ending(desk: Any) -> None:
    facts, endings = await desk.facts(JOURNEY), set(journeys()[JOURNEY].endings)
    routes = {item.goes for item in facts.council.items} - set(facts.council.containers)
    assert routes <= endings
