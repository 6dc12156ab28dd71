"""The Environment Agency's warnings: joined with their areas, and nothing impossible is believed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from actions.backends.errors import BackendNonsense, BackendUnavailable
from actions.backends.floods import FloodMonitoring
from bot.clock import LONDON
from tests.actions.backends.standin import StandIn

AREA = {"notation": "013FWFSX1", "description": "River Mersey at Heaton Mersey", "lat": 53.405, "long": -2.22}


def flood(**fields: Any) -> dict[str, Any]:
    return {
        "description": "River Mersey at Heaton Mersey",
        "floodAreaID": "013FWFSX1",
        "severity": "Severe flood warning",
        "severityLevel": 1,
        "message": "Act now.",
        "timeMessageChanged": "2026-11-24T09:25:00",
        **fields,
    }


def answers(standin: StandIn, floods: Any, areas: Any) -> None:
    standin.by_path = {"/id/floods": floods, "/id/floodAreas": areas}


async def test_a_warning_has_the_position_of_its_area(standin: StandIn) -> None:
    answers(standin, {"items": [flood()]}, {"items": [AREA]})
    (warning,) = await FloodMonitoring(standin.http()).near(53.4, -2.2, 4.8)
    assert (warning.area, warning.severity, warning.message) == ("013FWFSX1", 1, "Act now.")
    assert warning.place == "River Mersey at Heaton Mersey"
    assert warning.position == (53.405, -2.22)
    assert warning.changed == datetime(2026, 11, 24, 9, 25, tzinfo=LONDON)
    for request in standin.requests:
        assert {name: request.args.get(name) for name in ("lat", "long", "dist")} == {
            "lat": "53.4",
            "long": "-2.2",
            "dist": "4.8",
        }


async def test_a_warning_without_a_message_or_a_known_area(standin: StandIn) -> None:
    answers(standin, {"items": [flood(message=None)]}, {"items": [{"notation": "other"}]})
    (warning,) = await FloodMonitoring(standin.http()).near(53.4, -2.2, 4.8)
    assert (warning.message, warning.position) == ("", None)


async def test_no_warning(standin: StandIn) -> None:
    answers(standin, {"items": []}, {"items": [AREA]})
    assert await FloodMonitoring(standin.http()).near(53.4, -2.2, 4.8) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": [flood(severityLevel=9)]},
        {"items": [flood(severityLevel="1")]},
        {"items": [flood(floodAreaID="")]},
        {"items": [flood(timeMessageChanged="soon")]},
        {"meta": {}},
        [],
    ],
)
async def test_impossible_warnings_are_nonsense(wrong: Any, standin: StandIn) -> None:
    answers(standin, wrong, {"items": [AREA]})
    with pytest.raises(BackendNonsense):
        await FloodMonitoring(standin.http()).near(53.4, -2.2, 4.8)


async def test_an_area_that_is_nowhere_is_nonsense(standin: StandIn) -> None:
    answers(standin, {"items": [flood()]}, {"items": [{**AREA, "lat": "north"}]})
    with pytest.raises(BackendNonsense):
        await FloodMonitoring(standin.http()).near(53.4, -2.2, 4.8)


async def test_a_failure_is_told(standin: StandIn) -> None:
    standin.status, standin.answer = 503, {}
    with pytest.raises(BackendUnavailable):
        await FloodMonitoring(standin.http()).near(53.4, -2.2, 4.8)
