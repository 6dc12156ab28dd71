"""Open Referral UK: all pages, and weekly schedules as opening hours."""

from __future__ import annotations

from typing import Any

import pytest
from sanic.request import Request

from actions.backends.directory import OpenReferral
from actions.backends.errors import BackendNonsense
from tests.actions.backends.standin import StandIn


def service(*schedules: dict[str, str], **fields: Any) -> dict[str, Any]:
    address = {"address_1": "Adswood Road", "city": "Adswood", "postal_code": "SK3 9TA"}
    location = {"latitude": "53.388", "longitude": -2.172, "addresses": [address]}
    return {
        "id": "tip-adswood",
        "name": "Adswood tip",
        "service_at_locations": [{"location": location}],
        "schedules": list(schedules),
        "attributes": [
            {"taxonomy_term": {"name": "tip", "taxonomy": "kind"}},
            {"taxonomy_term": {"name": "glass", "taxonomy": "material"}},
        ],
        **fields,
    }


def week(days: str, opens: str, closes: str) -> dict[str, str]:
    return {"freq": "WEEKLY", "byday": days, "opens_at": opens, "closes_at": closes}


BANK_HOLIDAYS = {"description": "Bank holidays"}


async def test_a_place_is_read(standin: StandIn) -> None:
    standin.answer = {"total_pages": 1, "contents": [service(description="Ask at the desk.")]}
    (place,) = await OpenReferral(standin.http()).places("tip")
    assert (place.id, place.address, place.postcode) == ("tip-adswood", "Adswood Road, Adswood", "SK3 9TA")
    assert (place.latitude, place.materials, place.note) == (53.388, ("glass",), "Ask at the desk.")
    assert standin.requests[0].args.get("taxonomy") == "tip"


@pytest.mark.parametrize(
    ("schedules", "hours"),
    [
        ((), ""),
        (
            (week("MO,TU,WE,TH,FR", "08:00", "18:00"), week("SA,SU", "09:00", "17:00")),
            "mo-fr 08:00-18:00; sa-su 09:00-17:00",
        ),
        (
            (week("MO,TU,TH", "13:00", "17:00"), week("MO,TU,TH", "09:00", "12:00"), BANK_HOLIDAYS),
            "mo-tu 09:00-12:00,13:00-17:00; th 09:00-12:00,13:00-17:00; bank closed",
        ),
        (({"byday": "SU"},), "su closed"),
    ],
)
async def test_schedules_become_opening_hours(schedules: Any, hours: str, standin: StandIn) -> None:
    standin.answer = {"total_pages": 1, "contents": [service(*schedules)]}
    (place,) = await OpenReferral(standin.http()).places("tip")
    assert place.hours == hours


async def test_all_pages_are_read(standin: StandIn) -> None:
    def page(request: Request) -> dict[str, Any]:
        number = request.args.get("page")
        return {"total_pages": 3, "contents": [service(id=f"place-{number}")]}

    standin.answer = page
    found = await OpenReferral(standin.http()).places("tip")
    assert [place.id for place in found] == ["place-1", "place-2", "place-3"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"contents": [service(week("XX", "08:00", "18:00"))], "total_pages": 1},
        {"contents": [service(week("MO", "8am", "18:00"))], "total_pages": 1},
        {"contents": [service(service_at_locations=[])], "total_pages": 1},
        {"contents": [], "total_pages": 10**9},
    ],
)
async def test_impossible_places_are_nonsense(wrong: dict[str, Any], standin: StandIn) -> None:
    standin.answer = wrong
    with pytest.raises(BackendNonsense):
        await OpenReferral(standin.http()).places("tip")
