"""Planning applications near a place, and how one of them stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from actions.backends.errors import BackendUnavailable
from actions.backends.planning import Application
from actions.base import Ended
from actions.planning.applications import PlanSearch, PlanStatus, area_of, in_short, nearest, standing
from bot.dialogue.journey_reader import journeys
from tests.actions.talk import FormTalk, executor
from tests.support.sandbox import Sandbox

A_DAY = date(2026, 11, 24)


def application(**fields: Any) -> Application:
    bare = Application("Stockport", "DC/1", "", "", "", None, None, None, None, None, "", "", "", None, None)
    return replace(bare, **fields)


async def test_the_nearest_come_first_with_how_they_stand(desk: Any) -> None:
    ending = await PlanSearch().finish(await desk.facts("plan_search", near="SK6 9BA"))
    rows = ending.values["applications"]
    assert ending.name == "more" and (ending.values["total"], ending.values["shown"]) == ("7", "5")
    assert [row["reference"] for row in rows] == ["DC/097432", "DC/098900", "DC/098765", "DC/098501", "DC/096110"]
    assert [row["row"].rpartition("_")[2] for row in rows] == ["permitted", "permitted", "open", "waiting", "refused"]
    assert rows[2]["day"] == "Sunday 6 December" and rows[2]["distance"] == "0.0 miles"
    assert rows[2]["what"] == "Single storey rear extension and new porch"
    assert rows[2]["where"] == "14 Stockport Road, Marple, Stockport, SK6 9BA"
    assert rows[2]["link"] == "https://planning.example.gov.uk/stockport/DC/098765"
    assert rows[3]["day"] == "Wednesday 18 November" and rows[4]["day"] == "Thursday 15 October"
    assert ending.values["place"] == "SK6 9BA"


async def test_more_than_a_page(desk: Any) -> None:
    values = (await PlanSearch().finish(await desk.facts("plan_search", near="SK1 3XE"))).values
    assert int(values["total"]) >= 130 and len(values["applications"]) == 5


async def test_none_near_and_no_homes_at_the_postcode(desk: Any) -> None:
    assert (await PlanSearch().finish(await desk.facts("plan_search", near="SK7 9BD"))).name == "none"
    with pytest.raises(Ended) as caught:
        await PlanSearch().finish(await desk.facts("plan_search", near="SK8 9ZZ"))
    assert caught.value.ending.name == "nowhere"


async def test_another_councils_postcode(desk: Any) -> None:
    with pytest.raises(Ended) as caught:
        await PlanSearch().finish(await desk.facts("plan_search", near="M20 9AA"))
    ending = caught.value.ending
    assert ending.name == "outside" and ending.values["neighbour"] == "Manchester City Council"
    assert ending.remember == {"postcode": None, "address": None}


async def test_where_the_device_is(desk: Any) -> None:
    here = {"latitude": 53.3706, "longitude": -2.2335}
    ending = await PlanSearch().finish(await desk.facts("plan_search", near=(here, "")))
    assert ending.name == "nearby" and ending.values["place"] == "where you are"
    rows = {row["reference"]: row for row in ending.values["applications"]}
    theirs = rows["141234/FH/2026"]
    assert theirs["row"] == "utter_plan_search_row_elsewhere" and theirs["council"] == "Manchester City Council"
    assert rows["DC/098650"]["row"] == "utter_plan_search_row_open"


async def test_what_an_applicant_wrote_makes_no_link(desk: Any) -> None:
    rows = (await PlanSearch().finish(await desk.facts("plan_search", near="SK6 9BB"))).values["applications"]
    sign = next(row for row in rows if row["reference"] == "DC/098333")
    assert "](" not in sign["what"] and "<" not in sign["what"]
    assert sign["row"] == "utter_plan_search_row_undecided"
    assert {row["row"] for row in rows} == {"utter_plan_search_row_undecided", "utter_plan_search_row_other"}


def test_long_words_of_an_applicant_are_cut_between_words() -> None:
    assert in_short("A shed. ") == "A shed"
    long = in_short("Two storey side extension, " * 9)
    assert len(long) <= 123 and long.endswith("...") and not long.endswith(",...")


def test_what_has_no_place_on_the_map_is_not_near() -> None:
    placed = application(latitude=53.4, longitude=-2.1)
    assert [each for each, _ in nearest([application(), placed], (53.4, -2.1))] == [placed]


@pytest.mark.parametrize(
    ("fields", "stands"),
    [
        ({"state": "Undecided"}, "undecided"),
        ({"state": "Undecided", "comment_by": A_DAY}, "open"),
        ({"state": "Undecided", "comment_by": date(2026, 11, 23)}, "waiting"),
        ({"state": "Undecided", "appealed": A_DAY}, "appeal"),
        ({"state": "Permitted"}, "permitted"),
        ({"state": "Conditions"}, "conditions"),
        ({"state": "Rejected"}, "refused"),
        ({"state": "Rejected", "appealed": A_DAY}, "appeal"),
        ({"state": "Rejected", "appealed": A_DAY, "appeal_result": "Dismissed"}, "refused"),
        ({"state": "Withdrawn"}, "withdrawn"),
        ({"state": "Referred"}, "referred"),
        ({"state": "Unresolved"}, "other"),
        ({"state": ""}, "other"),
    ],
)
def test_how_an_application_stands(fields: dict[str, Any], stands: str) -> None:
    assert standing(application(**fields), A_DAY) == stands


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("Manchester City Council", "Manchester"),
        ("Cheshire East Council", "Cheshire East"),
        ("High Peak Borough Council", "High Peak"),
        ("Bury Metropolitan Borough Council", "Bury"),
    ],
)
def test_a_councils_name_in_the_register(name: str, area: str) -> None:
    assert area_of(name) == area


@pytest.mark.parametrize(
    ("reference", "ending"),
    [
        ("dc098765", "open"),
        ("DC/098501", "waiting"),
        ("dc 98333", "undecided"),
        ("its DC/098900 I think", "permitted"),
        ("97432", "conditions"),
        ("DC-096110", "refused"),
        ("dc/095872", "withdrawn"),
        ("DC/094321", "appeal"),
        ("DC/090017", "refused"),
        ("DC/093004", "referred"),
        ("DC/093005", "other"),
        ("j/54321", "permitted"),
        ("141234/FH/2026", "elsewhere"),
        ("DC/000001", "unknown"),
        ("22/01234/FUL", "unknown"),
        ("no idea, it is the house next door", "no_reference"),
        ("", "no_reference"),
    ],
)
async def test_one_application_by_its_reference(desk: Any, reference: str, ending: str) -> None:
    assert (await PlanStatus().finish(await desk.facts("plan_status", reference=reference))).name == ending


async def told(desk: Any, reference: str) -> tuple[dict[str, Any], dict[str, str]]:
    values = (await PlanStatus().finish(await desk.facts("plan_status", reference=reference))).values
    return values, {row["row"].removeprefix("utter_plan_status_row_"): row["answer"] for row in values["details"]}


async def test_what_is_on_record_is_told(desk: Any) -> None:
    values, rows = await told(desk, "DC/098765")
    assert (values["application"], values["day"]) == ("DC/098765", "Sunday 6 December")
    assert values["link"].endswith("/DC/098765")
    assert rows == {
        "where": "14 Stockport Road, Marple, Stockport, SK6 9BA",
        "what": "Single storey rear extension and new porch",
        "officer": "Priya Shah",
        "started": "Sunday 8 November",
        "comments": "Sunday 6 December",
        "target": "Sunday 3 January",
    }


async def test_what_is_decided_has_no_day_that_it_is_due_by(desk: Any) -> None:
    _, rows = await told(desk, "DC/097432")
    assert rows["decided"] == "Wednesday 4 November" and "target" not in rows
    _, rows = await told(desk, "DC/090017")
    assert rows["result"] == "Dismissed" and rows["appeal"] == "Tuesday 13 May 2025"


async def test_what_is_not_on_record_is_left_out(desk: Any) -> None:
    _, rows = await told(desk, "DC/098333")
    assert set(rows) == {"where", "what", "started"} and "](" not in rows["what"]


async def test_the_council_that_decides_is_named(desk: Any) -> None:
    values, _ = await told(desk, "141234/FH/2026")
    assert values["council"] == "Manchester City Council"


async def test_a_reference_is_nothing_that_was_sent(desk: Any) -> None:
    """Endings with a reference are remembered as what this conversation has sent."""
    assert "reference" not in (await told(desk, "DC/098765"))[0]
    unknown = await PlanStatus().finish(await desk.facts("plan_status", reference="DC/000001"))
    assert unknown.values == {"application": "DC/000001"}


async def test_a_reference_in_the_first_words_is_used(desk: Any) -> None:
    ask = journeys()["plan_status"].asks[0]
    facts = await desk.facts("plan_status")
    found = await PlanStatus().volunteered(ask, "any news on dc 098765?", [], facts)
    assert found == {"value": "DC/098765", "said": "DC/098765"}
    assert await PlanStatus().volunteered(ask, "has my extension been passed", [], facts) is None
    assert await PlanStatus().volunteered(ask, "DC/098765 or DC/098766", [], facts) is None


async def test_a_back_end_that_is_down_is_no_answer(desk: Any, sandbox: Sandbox) -> None:
    sandbox.fault("applications", "failing")
    with pytest.raises(BackendUnavailable):
        await PlanSearch().finish(await desk.facts("plan_search", near="SK6 9BA"))
    with pytest.raises(BackendUnavailable):
        await PlanStatus().finish(await desk.facts("plan_status", reference="DC/098765"))


async def test_the_forms_as_rasa_runs_them(council_at_work: Any, set_settings: Callable[..., None]) -> None:
    actions = executor().actions
    status = FormTalk(actions, "plan_status")
    assert await status.begin("what is happening with dc/098765") == ["utter_plan_status_open"]
    status = FormTalk(actions, "plan_status")
    assert await status.begin("has my extension been decided") == ["utter_ask_plan_status_reference"]
    assert await status.answer("DC 98501") == ["utter_plan_status_waiting"]
    search = FormTalk(actions, "plan_search", postcode={"value": "SK7 9BD", "said": "SK7 9BD"})
    assert await search.begin("planning applications near me") == ["utter_plan_search_none"]
    search = FormTalk(actions, "plan_search")
    assert await search.begin("planning applications near me") == ["utter_ask_plan_search_near"]
    assert await search.answer("sk6 9ba", postcode="SK6 9BA") == ["utter_plan_search_more"]
