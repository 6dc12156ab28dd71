"""Planning: what protects a place by planning.data.gov.uk, applications by PlanIt."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sanic.request import Request

from actions.backends.errors import BackendNonsense, BackendUnavailable, NotFound
from actions.backends.planning import (
    ARTICLE_4,
    CONSERVATION_AREA,
    LISTED_BUILDING,
    TREE,
    PlanIt,
    PlanningData,
)
from tests.actions.backends.standin import StandIn

HERE = (53.398, -2.068)


def entity(**fields: Any) -> dict[str, Any]:
    return {
        "entity": 44990001,
        "dataset": CONSERVATION_AREA,
        "name": "Marple Canal Side",
        "reference": "CA01",
        "start-date": "1987-06-15",
        "end-date": "",
        "entry-date": "2025-03-11",
        "documentation-url": "https://www.example.gov.uk/canal",
        **fields,
    }


def entities(*entries: dict[str, Any], count: int | None = None) -> dict[str, Any]:
    return {"entities": list(entries), "count": len(entries) if count is None else count, "links": {}}


def application(**fields: Any) -> dict[str, Any]:
    return {
        "name": "Stockport/DC/098765",
        "uid": "DC/098765",
        "area_name": "Stockport",
        "address": "14 Stockport Road, Marple",
        "description": "Porch",
        "app_state": "Undecided",
        "start_date": "2026-11-08",
        "decided_date": None,
        "consulted_date": "2026-12-01",
        "url": "https://planning.example.gov.uk/DC/098765",
        "link": "https://www.example.org/planapplic/DC/098765/",
        "location_x": -2.068,
        "location_y": 53.398,
        "other_fields": {
            "case_officer": "Priya Shah",
            "consultation_end_date": "2026-12-06",
            "target_decision_date": "2027-01-03",
        },
        **fields,
    }


async def test_what_holds_a_place_is_read(standin: StandIn) -> None:
    standin.answer = entities(entity())
    (found,) = await PlanningData(standin.http()).at(*HERE, [CONSERVATION_AREA])
    assert (found.kind, found.entity, found.name, found.reference) == (
        CONSERVATION_AREA,
        44990001,
        "Marple Canal Side",
        "CA01",
    )
    assert (found.start, found.end, found.entered) == (date(1987, 6, 15), None, date(2025, 3, 11))
    assert found.link == "https://www.example.gov.uk/canal"
    asked = standin.requests[0].args
    assert standin.requests[0].path == "/entity.json"
    assert (asked.get("dataset"), asked.get("latitude"), asked.get("longitude")) == (
        "conservation-area",
        "53.398000",
        "-2.068000",
    )
    assert asked.get("geometry") is None


async def test_points_are_looked_for_close_by(standin: StandIn) -> None:
    standin.answer = lambda request: entities(entity(dataset=request.args.get("dataset")))
    found = await PlanningData(standin.http()).at(*HERE, [TREE, LISTED_BUILDING, ARTICLE_4])
    assert [each.kind for each in found] == [TREE, LISTED_BUILDING, ARTICLE_4]
    boxes = {request.args.get("dataset"): request.args.get("geometry") for request in standin.requests}
    assert boxes[TREE].startswith("POLYGON((-2.068250 53.397850,") and boxes[LISTED_BUILDING] and not boxes[ARTICLE_4]


async def test_every_page_is_read(standin: StandIn) -> None:
    def page(request: Request) -> dict[str, Any]:
        offset = int(request.args.get("offset", "0"))
        return entities(*(entity(entity=offset + place) for place in range(min(100, 130 - offset))), count=130)

    standin.answer = page
    found = await PlanningData(standin.http()).at(*HERE, [CONSERVATION_AREA])
    assert [each.entity for each in found] == list(range(130))


@pytest.mark.parametrize(
    ("fields", "day", "holds"),
    [
        ({}, date(2026, 11, 24), True),
        ({"start-date": None, "end-date": None}, date(2026, 11, 24), True),
        ({"end-date": "2012-09-30"}, date(2026, 11, 24), False),
        ({"end-date": "2026-11-24"}, date(2026, 11, 24), False),
        ({"end-date": "2026-11-25"}, date(2026, 11, 24), True),
        ({"start-date": "2099-01-01"}, date(2026, 11, 24), False),
    ],
)
async def test_what_has_ended_or_not_begun_does_not_hold(
    fields: dict[str, Any], day: date, holds: bool, standin: StandIn
) -> None:
    standin.answer = entities(entity(**fields))
    (found,) = await PlanningData(standin.http()).at(*HERE, [CONSERVATION_AREA])
    assert found.holds_on(day) is holds


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://www.example.com/a) [b](https://www.example.org", "www.example.com", ""]
)
async def test_a_link_that_is_none_is_left_out(link: str, standin: StandIn) -> None:
    standin.answer = entities(entity(**{"documentation-url": link}))
    (found,) = await PlanningData(standin.http()).at(*HERE, [CONSERVATION_AREA])
    assert found.link == ""


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"entities": [entity()]},
        {"entities": [entity()], "count": "one"},
        entities(entity(dataset="title-boundary")),
        entities(entity(entity="one")),
        entities(entity(**{"end-date": "never"})),
        entities(entity(), count=10**9),
        {"entities": {}, "count": 0},
    ],
)
async def test_impossible_entities_are_nonsense(wrong: Any, standin: StandIn) -> None:
    standin.answer = wrong
    with pytest.raises(BackendNonsense):
        await PlanningData(standin.http()).at(*HERE, [CONSERVATION_AREA])


async def test_an_application_is_read(standin: StandIn) -> None:
    standin.answer = application()
    found = await PlanIt(standin.http()).by_reference("Stockport", "DC/098765")
    assert found is not None
    assert standin.requests[0].path == "/planapplic/Stockport/DC/098765/json"
    assert (found.authority, found.reference, found.state) == ("Stockport", "DC/098765", "Undecided")
    assert (found.address, found.description, found.officer) == ("14 Stockport Road, Marple", "Porch", "Priya Shah")
    assert (found.started, found.decided) == (date(2026, 11, 8), None)
    assert (found.comment_by, found.target) == (date(2026, 12, 6), date(2027, 1, 3))
    assert (found.appealed, found.appeal_result) == (None, "")
    assert found.link == "https://planning.example.gov.uk/DC/098765"
    assert (found.latitude, found.longitude) == (53.398, -2.068)


async def test_an_application_with_next_to_nothing(standin: StandIn) -> None:
    standin.answer = {"name": "High Peak/HPK/2026/0123", "uid": "HPK/2026/0123", "other_fields": None, "link": "none"}
    found = await PlanIt(standin.http()).by_reference("High Peak", "HPK/2026/0123")
    assert found is not None and found.authority == "High Peak"
    assert standin.requests[0].path == "/planapplic/High%20Peak/HPK/2026/0123/json"
    assert (found.state, found.started, found.comment_by, found.link, found.latitude) == ("", None, None, "", None)


async def test_comments_end_when_the_register_says_so(standin: StandIn) -> None:
    standin.answer = application(other_fields={})
    found = await PlanIt(standin.http()).by_reference("Stockport", "DC/098765")
    assert found is not None and found.comment_by == date(2026, 12, 1)


async def test_no_such_application(standin: StandIn) -> None:
    standin.status, standin.answer = 404, {}
    assert await PlanIt(standin.http()).by_reference("Stockport", "DC/000000") is None
    with pytest.raises(NotFound):
        await PlanIt(standin.http()).near("SK6 9BA", 0.8, 183)


async def test_what_is_near_a_postcode_or_a_point(standin: StandIn) -> None:
    standin.answer = {"total": 1, "records": [application()]}
    client = PlanIt(standin.http())
    found = await client.near("SK6 9BA", 0.8, 183)
    assert found.total == 1 and [each.reference for each in found.applications] == ["DC/098765"]
    await client.near(HERE, 0.8, 183)
    first, second = (request.args for request in standin.requests)
    assert (first.get("pcode"), first.get("krad"), first.get("recent"), first.get("pg_sz")) == (
        "SK6 9BA",
        "0.8",
        "183",
        "100",
    )
    assert (second.get("lat"), second.get("lng"), second.get("pcode")) == ("53.398000", "-2.068000", None)


async def test_pages_are_read_up_to_a_limit_and_the_total_is_kept(standin: StandIn) -> None:
    def page(request: Request) -> dict[str, Any]:
        number = int(request.args.get("page", "1"))
        return {"total": 1250, "records": [application(uid=f"DC/{number:03d}{place:03d}") for place in range(100)]}

    standin.answer = page
    found = await PlanIt(standin.http()).near("SK6 9BA", 0.8, 183)
    assert found.total == 1250 and len(found.applications) == 600
    assert sorted(request.args.get("page") for request in standin.requests) == ["1", "2", "3", "4", "5", "6"]


async def test_one_that_comes_twice_is_there_once(standin: StandIn) -> None:
    standin.answer = {"total": 2, "records": [application(), application()]}
    found = await PlanIt(standin.http()).near("SK6 9BA", 0.8, 183)
    assert len(found.applications) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"records": []},
        {"total": 1, "records": [{}]},
        {"total": 1, "records": [application(start_date="soon")]},
        {"total": 1, "records": [application(location_x="west")]},
        {"total": 1, "records": [application(other_fields=[])]},
        {"total": -1, "records": []},
        b"<html>",
    ],
)
async def test_impossible_applications_are_nonsense(wrong: Any, standin: StandIn) -> None:
    standin.answer = wrong
    with pytest.raises(BackendNonsense):
        await PlanIt(standin.http()).near("SK6 9BA", 0.8, 183)


async def test_too_many_requests_are_no_answer(standin: StandIn) -> None:
    standin.status, standin.answer = 429, {}
    with pytest.raises(BackendUnavailable):
        await PlanIt(standin.http()).by_reference("Stockport", "DC/098765")
