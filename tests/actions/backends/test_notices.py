"""The council's notices: read as they are published, and nothing impossible is believed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from actions.backends.errors import BackendNonsense
from actions.backends.notices import NoticeFeed
from bot.clock import LONDON
from tests.actions.backends.standin import StandIn

UPDATED = "2026-11-24T09:40:00+00:00"


def school(**fields: Any) -> dict[str, Any]:
    made = {"id": 7, "school": " Mersey Vale High School ", "status": "closed", "reason": "Snow.", "updated": UPDATED}
    return {**made, "from": "2026-11-24", "until": "2026-11-25", **fields}


def alert(**fields: Any) -> dict[str, Any]:
    made = {"id": "ice", "title": "Ice", "text": "Take care.", "severity": "Moderate", "areas": ["Marple"]}
    return {**made, "from": UPDATED, "until": "2026-11-25T09:00:00+00:00", **fields}


def roadwork(**fields: Any) -> dict[str, Any]:
    made = {"id": "w", "street": "Hall Street", "what": "A new gas main", "latitude": "53.4", "longitude": -2.15}
    return {**made, "from": "2026-11-20", "until": "2026-12-01", "traffic_management": "Two-way signals", **fields}


def listed(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"updated": UPDATED, "items": list(items), **fields}


async def test_schools(standin: StandIn) -> None:
    standin.answer = listed(school(), school(until=None, reason=None, status="partly"))
    listing = await NoticeFeed(standin.http()).schools()
    assert standin.requests[0].path == "/schools"
    assert listing.updated == datetime(2026, 11, 24, 9, 40, tzinfo=LONDON)
    closed, partly = listing.items
    assert (closed.id, closed.school, closed.status) == ("7", "Mersey Vale High School", "closed")
    assert (closed.start, closed.end, closed.reason) == (date(2026, 11, 24), date(2026, 11, 25), "Snow.")
    assert (partly.status, partly.end, partly.reason) == ("partly", None, "")


async def test_alerts(standin: StandIn) -> None:
    standin.answer = listed(alert(), alert(until=None, areas=None))
    near, everywhere = (await NoticeFeed(standin.http()).alerts()).items
    assert (near.title, near.severity, near.areas) == ("Ice", "moderate", ("Marple",))
    assert near.end is not None and near.end > near.start
    assert (everywhere.end, everywhere.areas) == (None, ())


async def test_roadworks(standin: StandIn) -> None:
    standin.answer = listed(roadwork(), roadwork(traffic_management=None))
    first, second = (await NoticeFeed(standin.http()).roadworks()).items
    assert (first.street, first.traffic, first.latitude) == ("Hall Street", "Two-way signals", 53.4)
    assert (first.start, first.end, second.traffic) == (date(2026, 11, 20), date(2026, 12, 1), "")


async def test_a_list_may_be_empty_but_must_be_there(standin: StandIn) -> None:
    standin.answer = listed()
    assert (await NoticeFeed(standin.http()).schools()).items == ()
    for wrong in ({"updated": UPDATED}, {"items": []}, [], listed(updated="soon"), listed(items={})):
        standin.answer = wrong
        with pytest.raises(BackendNonsense):
            await NoticeFeed(standin.http()).schools()


@pytest.mark.parametrize(
    "wrong",
    [
        school(status="melted"),
        school(school=""),
        school(until="2026-11-23"),
        school(**{"from": "soon"}),
        school(updated=None),
    ],
)
async def test_impossible_schools_are_nonsense(wrong: dict[str, Any], standin: StandIn) -> None:
    standin.answer = listed(wrong)
    with pytest.raises(BackendNonsense):
        await NoticeFeed(standin.http()).schools()


@pytest.mark.parametrize(
    "wrong", [alert(severity="purple"), alert(title=" "), alert(until="2026-11-23T00:00"), alert(areas="Marple")]
)
async def test_impossible_alerts_are_nonsense(wrong: dict[str, Any], standin: StandIn) -> None:
    standin.answer = listed(wrong)
    with pytest.raises(BackendNonsense):
        await NoticeFeed(standin.http()).alerts()


@pytest.mark.parametrize("wrong", [roadwork(until="2026-11-19"), roadwork(latitude="north"), roadwork(street=None)])
async def test_impossible_roadworks_are_nonsense(wrong: dict[str, Any], standin: StandIn) -> None:
    standin.answer = listed(wrong)
    with pytest.raises(BackendNonsense):
        await NoticeFeed(standin.http()).roadworks()
