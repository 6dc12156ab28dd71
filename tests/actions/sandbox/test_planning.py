"""Planning in the demonstration council: one contract with the clients, its hard cases, and requests that are wrong."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from actions.backends.errors import BackendNonsense, BackendRejected, BackendUnavailable
from actions.backends.factory import Backends
from actions.backends.planning import (
    ARTICLE_4,
    CONSERVATION_AREA,
    LISTED_BUILDING,
    LISTED_OUTLINE,
    TREE,
    TREE_ZONE,
    Constraint,
)
from actions.sandbox import planning
from bot.clock import today
from tests.support.sandbox import Sandbox

ALL = (CONSERVATION_AREA, LISTED_OUTLINE, LISTED_BUILDING, ARTICLE_4, TREE_ZONE, TREE)
README = Path(planning.__file__).with_name("README.md").read_text(encoding="utf-8")


async def found_at(council: Backends, postcode: str, number: int = 1) -> list[Constraint]:
    home = (await council.addresses.by_postcode(postcode))[number - 1]
    return await council.constraints.at(home.latitude, home.longitude, ALL)


@pytest.mark.parametrize(
    ("postcode", "number", "kinds"),
    [
        ("SK6 9BA", 1, [CONSERVATION_AREA]),
        ("SK6 9BA", 20, [CONSERVATION_AREA]),
        ("SK7 9BB", 1, [LISTED_OUTLINE, LISTED_BUILDING]),
        ("SK7 9BB", 2, [LISTED_BUILDING]),
        ("SK7 9BB", 9, []),
        ("SK3 9BA", 20, [ARTICLE_4]),
        ("SK8 9BA", 20, [TREE_ZONE]),
        ("SK3 9BD", 1, [TREE]),
        ("SK3 9BD", 9, []),
        ("SK4 9BA", 1, [CONSERVATION_AREA, ARTICLE_4, TREE_ZONE]),
        ("SK4 9BA", 24, [CONSERVATION_AREA, ARTICLE_4]),
        ("SK6 9BD", 20, [TREE_ZONE]),
        ("SK1 3XE", 12, []),
    ],
)
async def test_what_holds_a_home(postcode: str, number: int, kinds: list[str], council: Backends) -> None:
    found = await found_at(council, postcode, number)
    assert [each.kind for each in found] == kinds
    assert all(each.holds_on(today()) for each in found)


@pytest.mark.parametrize("postcode", ["SK2 9BA", "SK6 9BB"])
async def test_what_is_over_or_to_come_is_there_and_does_not_hold(postcode: str, council: Backends) -> None:
    (found,) = await found_at(council, postcode)
    assert found.kind == CONSERVATION_AREA and not found.holds_on(today())


async def test_applications_near_a_place(council: Backends) -> None:
    found = await council.applications.near("SK6 9BA", 0.8, 183)
    assert found.total == len(found.applications) == 7
    home = (await council.addresses.by_postcode("SK6 9BA"))[0]
    assert await council.applications.near((home.latitude, home.longitude), 0.8, 183) == found
    recent = await council.applications.near("SK6 9BA", 0.8, 20)
    assert {each.reference for each in recent.applications} == {"DC/098765", "DC/097432", "DC/098900"}
    assert (await council.applications.near("SK7 9BD", 0.8, 183)).total == 0
    edge = await council.applications.near("SK8 9BD", 0.8, 183)
    assert {each.authority for each in edge.applications} == {"Stockport", "Manchester"}
    with pytest.raises(BackendRejected):
        await council.applications.near("SK8 9ZZ", 0.8, 183)


async def test_more_than_one_page_of_applications(council: Backends) -> None:
    found = await council.applications.near("SK1 3XE", 0.8, 183)
    assert found.total == len(found.applications) >= 130


async def test_one_application(council: Backends) -> None:
    found = await council.applications.by_reference("Stockport", "DC/098765")
    assert found is not None
    assert (found.state, found.officer, found.comment_by) == ("Undecided", "Priya Shah", today() + timedelta(days=12))
    assert found.target == today() + timedelta(days=40) and found.decided is None
    assert await council.applications.by_reference("stockport", "dc/098765") == found
    assert await council.applications.by_reference("Stockport", "DC/000000") is None
    assert await council.applications.by_reference("Stockport", "141234/FH/2026") is None
    theirs = await council.applications.by_reference("Manchester", "141234/FH/2026")
    assert theirs is not None and theirs.authority == "Manchester"
    bare = await council.applications.by_reference("Stockport", "DC/098333")
    assert bare is not None and (bare.comment_by, bare.target, bare.officer) == (None, None, "")
    appealed = await council.applications.by_reference("Stockport", "DC/094321")
    assert appealed is not None and appealed.appealed and not appealed.appeal_result
    old = await council.applications.by_reference("Stockport", "J/54321")
    assert old is not None and old.started is not None and old.started.year < 2010


@pytest.mark.parametrize("backend", ["constraints", "applications"])
@pytest.mark.parametrize(
    ("mode", "error"), [("failing", BackendUnavailable), ("nonsense", BackendNonsense), ("slow", BackendUnavailable)]
)
async def test_faults(backend: str, mode: str, error: type[Exception], council: Backends, sandbox: Sandbox) -> None:
    sandbox.fault(backend, mode, seconds=2.5)
    try:
        with pytest.raises(error):
            if backend == "constraints":
                await council.constraints.at(53.398, -2.068, [CONSERVATION_AREA])
            else:
                await council.applications.by_reference("Stockport", "DC/098765")
    finally:
        sandbox.fault(backend, "ok")


def test_entities_come_by_limit_and_offset(web: httpx.Client) -> None:
    asked = {"dataset": [CONSERVATION_AREA, TREE], "limit": "2", "offset": "2"}
    page = web.get("/constraints/entity.json", params=asked).json()
    assert page["count"] == 5 and len(page["entities"]) == 2 and page["entities"][0]["end-date"] == "2012-09-30"
    assert web.get("/constraints/entity.json").json()["entities"] == []


def test_applications_by_state_and_council(web: httpx.Client) -> None:
    asked = {"app_state": ["Withdrawn", "Referred"], "auth": "Stockport"}
    page = web.get("/applications/api/applics/json", params=asked).json()
    assert {record["uid"] for record in page["records"]} == {"DC/095872", "DC/093004"}
    assert page["total"] == 2 and page["from"] == 0 and page["to"] == 2


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("/constraints/entity.json", {"dataset": TREE, "geometry": "here"}, 422),
        ("/constraints/entity.json", {"dataset": TREE, "latitude": "north", "longitude": "-2"}, 422),
        ("/constraints/entity.json", {"dataset": TREE, "limit": "501"}, 400),
        ("/applications/api/applics/json", {"pcode": "SK6 9BA"}, 400),
        ("/applications/api/applics/json", {"lat": "53.4", "lng": "west", "krad": "1"}, 400),
        ("/applications/api/applics/json", {"page": "-1"}, 400),
        ("/applications/planapplic/Stockport/DC/1/json", {}, 404),
    ],
)
def test_wrong_requests_are_refused(path: str, params: dict[str, str], status: int, web: httpx.Client) -> None:
    response = web.get(path, params=params)
    assert response.status_code == status and set(response.json()) >= {"code", "description"}


def test_the_readme_names_what_there_is() -> None:
    told = set(re.findall(r"^\| (\w+/\S+) \|", README, re.MULTILINE))
    seeded = {each.reference for each in planning.registered()}
    assert told <= seeded and {"DC/098765", "J/54321", "141234/FH/2026"} <= told
    assert len(seeded) == len(planning.registered())
    assert len({each.entity for each in planning.protected()}) == len(planning.protected())
