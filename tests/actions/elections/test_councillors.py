"""Councillors of a ward, and whose a postcode is."""

from __future__ import annotations

from typing import Any

import pytest

from actions.base import Ended, Ending
from actions.elections.councillors import CouncillorFind, MyCouncil
from tests.actions.talk import FormTalk, executor
from tests.support.sandbox import Sandbox


@pytest.fixture(scope="module")
def actions() -> dict[str, Any]:
    return dict(executor().actions)


async def told(desk: Any, journey: Any, postcode: str) -> Ending:
    facts = await desk.facts(journey.journey)
    slots = {**facts.slots, "postcode": {"value": postcode, "said": postcode}}
    try:
        return await journey().finish(type(facts)(facts.journey, slots, facts.now, facts.council, facts.backends))
    except Ended as ended:
        return ended.ending


def rows(ending: Ending) -> list[str]:
    return [row["row"].removeprefix("utter_councillor_find_") for row in ending.values["councillors"]]


async def test_a_ward_with_three_councillors(desk: Any) -> None:
    ending = await told(desk, CouncillorFind, "SK3 9BA")
    assert (ending.name, ending.values["ward"]) == ("ward", "Edgeley")
    assert rows(ending) == ["person", "surgery", "person", "person"]
    first = ending.values["councillors"][0]
    assert first["email"].endswith("@democracy.example") and first["phone"].startswith("[0161 496 0")


@pytest.mark.parametrize(
    ("postcode", "told_rows"),
    [
        ("SK2 9BE", ["person", "surgery", "person", "vacancy"]),
        ("SK8 9BD", ["person", "surgery", "person_phone", "person_neither"]),
    ],
)
async def test_a_vacancy_and_missing_contacts(desk: Any, postcode: str, told_rows: list[str]) -> None:
    assert rows(await told(desk, CouncillorFind, postcode)) == told_rows


async def test_a_ward_that_is_written_in_another_way(desk: Any) -> None:
    assert (await told(desk, CouncillorFind, "SK6 9BB")).name == "ward"


async def test_a_ward_without_councillors_has_its_page(desk: Any) -> None:
    ending = await told(desk, CouncillorFind, "SK7 9BD")
    assert ending == Ending("no_ward", {"postcode": "SK7 9BD", "ward": "Bramhall South and Woodford"})


@pytest.mark.parametrize("journey", [CouncillorFind, MyCouncil])
@pytest.mark.parametrize(("postcode", "name"), [("SK1 9ZA", "old_postcode"), ("SK8 9ZZ", "nowhere")])
async def test_a_postcode_that_is_not_in_use_is_forgotten(desk: Any, journey: Any, postcode: str, name: str) -> None:
    ending = await told(desk, journey, postcode)
    assert (ending.name, ending.remember) == (name, {"postcode": None, "address": None})


async def test_councillors_of_others_are_with_their_council(desk: Any) -> None:
    ending = await told(desk, CouncillorFind, "SK9 9AA")
    assert (ending.name, ending.values["neighbour"]) == ("outside", "Cheshire East Council")
    assert (await told(desk, CouncillorFind, "LS1 9AA")).name == "outside_unknown"


@pytest.mark.parametrize(
    ("postcode", "name", "tier", "more"),
    [
        ("SK1 3XE", "ours", "alone", {"ward": "Brinnington and Stockport Central"}),
        ("M20 9AA", "neighbour", "alone", {"neighbour": "Manchester City Council"}),
        ("SK22 9AA", "neighbour", "county", {"neighbour": "High Peak Borough Council"}),
        ("LS1 9AA", "elsewhere", "alone", {"district": "Leeds"}),
    ],
)
async def test_whose_a_postcode_is(desk: Any, postcode: str, name: str, tier: str, more: dict[str, str]) -> None:
    ending = await told(desk, MyCouncil, postcode)
    assert ending.name == name and ending.values["postcode"] == postcode
    assert [row["row"] for row in ending.values["tiers"]] == [f"utter_my_council_{tier}"]
    assert more.items() <= ending.values.items()


async def test_a_county_shares_the_work(desk: Any) -> None:
    assert (await told(desk, MyCouncil, "SK22 9AA")).values["tiers"][0]["county"] == "Derbyshire"


async def test_a_postcode_that_is_known_is_not_asked_for(actions: dict[str, Any], desk: Any) -> None:
    talk = FormTalk(actions, "my_council")
    assert await talk.begin("which council am I in") == ["utter_ask_postcode"]
    assert await talk.answer("SK3 9BA") == ["utter_my_council_ours"]
    other = FormTalk(actions, "councillor_find", postcode=talk.slots["postcode"])
    assert await other.begin("who is my councillor") == ["utter_councillor_find_ward"]


@pytest.mark.parametrize("backend", ["postcodes", "democracy"])
async def test_a_back_end_that_fails(actions: dict[str, Any], desk: Any, sandbox: Sandbox, backend: str) -> None:
    sandbox.fault(backend, "nonsense")
    talk = FormTalk(actions, "councillor_find")
    assert await talk.begin("my councillor", postcode="SK3 9BA") == ["utter_journey_failed"]
    sandbox.fault(backend, "ok")
    assert await talk.begin("try again", "resume") == ["utter_councillor_find_ward"]
