"""Published lists and flood warnings: the contract with the real clients, the hard cases, the clock, the faults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import httpx
import pytest

from actions.backends.errors import BackendNonsense, BackendUnavailable
from actions.backends.factory import Backends
from actions.backends.floods import ALERT, OVER, SEVERE, WARNING, FloodWarning
from bot.clock import now, today
from tests.support.sandbox import Sandbox

DAY = timedelta(days=1)
NEAR = 4.8  # kilometres


async def warnings_at(council: Backends, postcode: str) -> list[FloodWarning]:
    home = (await council.addresses.by_postcode(postcode))[0]
    return await council.floods.near(home.latitude, home.longitude, NEAR)


async def test_schools(council: Backends) -> None:
    listing = await council.notices.schools()
    found = {notice.id: notice for notice in listing.items}
    assert now() - listing.updated == timedelta(minutes=20)
    assert (found["mersey-vale"].status, found["mersey-vale"].start, found["mersey-vale"].end) == (
        "closed",
        today(),
        today(),
    )
    assert found["hillgate-infant"].end is None
    assert found["hillgate-junior"].status == "partly"
    assert found["st-aidan"].start == today() + DAY
    assert found["tiviot"].status == "open"
    assert found["goyt-bank"].end == today() - DAY


async def test_alerts(council: Backends) -> None:
    found = {alert.id: alert for alert in (await council.notices.alerts()).items}
    assert found["ice"].areas == ("Marple", "Romiley") and found["wind"].areas == ()
    assert found["wind"].severity == "severe"
    assert found["rain"].end is not None and found["rain"].end < now()
    assert found["snow"].start > now() and found["snow"].end is None


async def test_roadworks(council: Backends) -> None:
    found = {work.id: work for work in (await council.notices.roadworks()).items}
    assert found["wellington"].start < today() < found["wellington"].end
    assert found["wellington"].traffic == "Two-way signals" and found["hall"].traffic == ""
    assert found["heaton-moor"].start > today() > found["castle"].end
    assert 53.3 < found["hall"].latitude < 53.5


@pytest.mark.parametrize("day", ["2026-11-28", "2026-12-25", "2027-05-03"])
async def test_on_a_day_off_nothing_is_closed(day: str, council: Backends, set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now=f"{day}T10:00")
    assert (await council.notices.schools()).items == ()
    assert (await council.notices.alerts()).items == ()
    assert (await council.notices.roadworks()).items != ()


async def test_lists_follow_the_pretended_clock(council: Backends, set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="2026-12-24T10:00")
    found = {notice.id: notice for notice in (await council.notices.schools()).items}
    assert found["st-aidan"].start == date(2026, 12, 29)


@pytest.mark.parametrize(
    ("postcode", "levels"),
    [
        ("SK4 9BB", [SEVERE, WARNING, ALERT]),
        ("SK6 9AA", [WARNING]),
        ("SK7 9BB", [ALERT]),
        ("SK5 9BA", [OVER]),
        ("SK7 9AA", []),
    ],
)
async def test_the_hard_cases_of_floods(postcode: str, levels: list[int], council: Backends) -> None:
    found = await warnings_at(council, postcode)
    assert [warning.severity for warning in found] == levels
    assert all(warning.position and warning.changed < now() for warning in found)


async def test_a_warning_may_have_no_message(council: Backends) -> None:
    assert [warning.message for warning in await warnings_at(council, "SK6 9AA")] == [""]


def test_floods_are_filtered_as_the_agency_does(web: httpx.Client) -> None:
    everywhere = web.get("/floods/id/floods").json()["items"]
    assert {item["severity"] for item in everywhere} >= {"Severe flood warning", "Warning no longer in force"}
    bad = web.get("/floods/id/floods", params={"min-severity": "2"}).json()["items"]
    assert {item["severityLevel"] for item in bad} == {1, 2}
    assert len(web.get("/floods/id/floodAreas").json()["items"]) > len(everywhere)
    for wrong in ({"lat": "53.4"}, {"lat": "53.4", "long": "-2.1", "dist": "far"}, {"min-severity": "9"}):
        answer = web.get("/floods/id/floods", params=wrong)
        assert answer.status_code == 400 and answer.json()["code"] == "bad_parameter"


@pytest.mark.parametrize(("mode", "error"), [("failing", BackendUnavailable), ("nonsense", BackendNonsense)])
async def test_faults(mode: str, error: type[Exception], council: Backends, sandbox: Sandbox) -> None:
    for backend in ("notices", "floods"):
        sandbox.fault(backend, mode)
    try:
        for _ in range(2):
            with pytest.raises(error):
                await council.notices.alerts()
            with pytest.raises(error):
                await council.floods.near(53.4, -2.2, NEAR)
    finally:
        for backend in ("notices", "floods"):
            sandbox.fault(backend, "ok")
