"""What protects a home, and what is said about building work and trees there."""

from __future__ import annotations

from typing import Any

import pytest

from actions.backends.errors import BackendUnavailable
from actions.planning.places import FOUND, MEANS, WORK, Conservation, PlanNeed, Tpo
from bot.dialogue.journey_reader import journeys
from tests.actions.talk import FormTalk, executor
from tests.support.sandbox import Sandbox

MARPLE, BRAMHALL, EDGELEY, CHEADLE, HEATON, NOTHING = "SK6 9BA", "SK7 9BB", "SK3 9BA", "SK8 9BA", "SK4 9BA", "SK1 3XE"
OVER, TO_COME, GAPS, TREE = "SK2 9BA", "SK6 9BB", "SK6 9BD", "SK3 9BD"


def kinds(values: Any, name: str = "found") -> list[str]:
    starts = ("utter_planning_found_", "utter_plan_need_")
    return [row["row"].removeprefix(starts[0]).removeprefix(starts[1]) for row in values[name]]


@pytest.mark.parametrize(
    ("postcode", "number", "ending", "found"),
    [
        (MARPLE, 1, "area", ["conservation_area"]),
        (HEATON, 1, "area", ["conservation_area"]),
        (BRAMHALL, 1, "listed", ["listed_building"]),
        (BRAMHALL, 2, "listed", ["listed_building"]),
    ],
)
async def test_conservation(desk: Any, postcode: str, number: int, ending: str, found: list[str]) -> None:
    told = await Conservation().finish(await desk.facts("conservation", postcode, number))
    assert told.name == ending and kinds(told.values) == found


@pytest.mark.parametrize("postcode", [NOTHING, CHEADLE, OVER, TO_COME])
async def test_no_conservation_in_the_data(desk: Any, postcode: str) -> None:
    assert (await Conservation().finish(await desk.facts("conservation", postcode))).name == "none"


async def test_name_source_and_date_are_told(desk: Any) -> None:
    (row,) = (await Conservation().finish(await desk.facts("conservation", MARPLE))).values["found"]
    assert row == {
        "row": "utter_planning_found_conservation_area",
        "name": "Marple Canal Side",
        "since": "Monday 15 June 1987",
        "entered": "Tuesday 11 March 2025",
        "link": "https://www.example.gov.uk/conservation/marple-canal-side",
    }


@pytest.mark.parametrize(
    ("postcode", "number", "ending", "found"),
    [
        (CHEADLE, 1, "order", ["tree_zone"]),
        (TREE, 1, "order", ["tree"]),
        (HEATON, 1, "order", ["tree_zone", "conservation_area"]),
        (HEATON, 20, "area", ["conservation_area"]),
        (MARPLE, 1, "area", ["conservation_area"]),
    ],
)
async def test_trees(desk: Any, postcode: str, number: int, ending: str, found: list[str]) -> None:
    told = await Tpo().finish(await desk.facts("tpo", postcode, number))
    assert told.name == ending and kinds(told.values) == found


@pytest.mark.parametrize(("postcode", "number"), [(NOTHING, 1), (TREE, 9), (BRAMHALL, 1), (OVER, 1)])
async def test_no_protected_trees_in_the_data(desk: Any, postcode: str, number: int) -> None:
    assert (await Tpo().finish(await desk.facts("tpo", postcode, number))).name == "none"


async def test_data_with_gaps_is_told_as_far_as_it_goes(desk: Any) -> None:
    (row,) = (await Tpo().finish(await desk.facts("tpo", GAPS))).values["found"]
    assert (row["name"], row["since"]) == ("TPO9", "not known yet")
    assert row["link"] == "https://www.planning.data.gov.uk/map/"


async def need(desk: Any, postcode: str, work: str, number: int = 1) -> Any:
    return await PlanNeed().finish(await desk.facts("plan_need", postcode, number, work=work))


async def test_what_decides_depends_on_the_work_and_on_what_is_there(desk: Any) -> None:
    told = await need(desk, HEATON, "parking")
    assert told.name == "found" and kinds(told.values) == ["conservation_area", "article_four", "tree_zone"]
    assert kinds(told.values, "rules") == [
        "work_parking",
        "means_conservation_area",
        "means_article_four",
        "means_tree",
    ]


async def test_a_listed_building_is_told_once(desk: Any) -> None:
    told = await need(desk, BRAMHALL, "fittings")
    assert kinds(told.values) == ["listed_building"]
    assert kinds(told.values, "rules") == ["work_fittings", "means_listed_building"]


@pytest.mark.parametrize("postcode", [NOTHING, OVER, TO_COME])
async def test_nothing_in_the_data_is_no_ruling(desk: Any, postcode: str) -> None:
    told = await need(desk, postcode, "extension")
    assert told.name == "none" and kinds(told.values, "rules") == ["work_extension"]


def test_every_kind_of_work_and_of_protection_has_its_words() -> None:
    ask = next(ask for ask in journeys()["plan_need"].asks if ask.name == "work")
    assert {option.value for option in ask.options} == set(WORK)
    assert set(FOUND) == set(MEANS)


@pytest.mark.parametrize("action", [Conservation(), Tpo(), PlanNeed()])
async def test_a_back_end_that_is_down_is_no_answer(desk: Any, sandbox: Sandbox, action: Any) -> None:
    sandbox.fault("constraints", "failing")
    with pytest.raises(BackendUnavailable):
        await action.finish(await desk.facts(action.journey, MARPLE, work="extension"))


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("do I need planning permission for a conservatory", "extension"),
        ("can I put a shed in my front garden", "outbuilding"),
        ("how high can my fence be", "fence"),
        ("planning rules for a loft conversion at 5 Meadow Drive", "loft"),
        ("are solar panels on the roof ok", "fittings"),
        ("change of use from a shop to flats", "new_use"),
        ("I want to convert my garage into a bedroom", "something_else"),
        ("do I need planning permission", None),
    ],
)
async def test_the_work_is_read_from_the_first_words(council_at_work: Any, text: str, work: str | None) -> None:
    talk = FormTalk(executor().actions, "plan_need")
    await talk.begin(text)
    assert talk.value("plan_need_work") == work
    assert talk.asked == ("postcode" if work else "plan_need_work")


async def test_a_known_address_is_used(desk: Any) -> None:
    known = {"postcode": {"value": CHEADLE, "said": CHEADLE}, "address": await desk.home(CHEADLE)}
    talk = FormTalk(executor().actions, "tpo", **known)
    assert await talk.begin("can I cut down a tree in my garden") == ["utter_tpo_order"]
    talk = FormTalk(executor().actions, "conservation")
    assert await talk.begin("is my house listed") == ["utter_ask_postcode"]
    assert await talk.answer("M20 9AA", postcode="M20 9AA") == ["utter_journey_outside"]
