"""postcodes.io: the council and ward of a postcode, one that is gone, one that never was."""

from __future__ import annotations

from typing import Any

import pytest

from actions.backends.errors import BackendNonsense
from actions.backends.postcodes import Area, PostcodesIo
from tests.actions.backends.standin import StandIn


def answer(**fields: Any) -> dict[str, Any]:
    result = {
        "postcode": "SK1 3XE",
        "admin_district": "Stockport",
        "admin_ward": "Manor",
        "admin_county": None,
        "codes": {"admin_district": "E08000007", "admin_county": "E99999999"},
        **fields,
    }
    return {"status": 200, "result": result}


async def test_an_area_is_read(standin: StandIn) -> None:
    standin.answer = answer()
    assert await PostcodesIo(standin.http()).area("SK1 3XE") == Area("SK1 3XE", "Stockport", "E08000007", "Manor", "")
    assert standin.requests[0].path == "/postcodes/SK13XE"


async def test_two_tiers_have_a_county(standin: StandIn) -> None:
    standin.answer = answer(admin_county="Derbyshire")
    found = await PostcodesIo(standin.http()).area("SK22 9AA")
    assert found and found.county == "Derbyshire"


async def test_a_place_without_a_district_is_read(standin: StandIn) -> None:
    """The Channel Islands have postcodes and none of the rest."""
    standin.answer = answer(admin_district=None, admin_ward=None, codes={"admin_district": None})
    found = await PostcodesIo(standin.http()).area("JE2 3XE")
    assert found and (found.district, found.gss, found.ward) == ("", "", "")


@pytest.mark.parametrize("error", ["Postcode not found", "Invalid postcode"])
async def test_a_postcode_that_is_not_in_use_is_none(error: str, standin: StandIn) -> None:
    standin.status, standin.answer = 404, {"status": 404, "error": error}
    client = PostcodesIo(standin.http())
    assert await client.area("SK8 9ZZ") is None
    assert not await client.is_terminated("SK8 9ZZ")


async def test_a_postcode_that_is_gone(standin: StandIn) -> None:
    standin.answer = {"status": 200, "result": {"postcode": "SK1 9ZA", "year_terminated": 2019, "month_terminated": 6}}
    assert await PostcodesIo(standin.http()).is_terminated("SK1 9ZA")
    assert standin.requests[0].path == "/terminated_postcodes/SK19ZA"


@pytest.mark.parametrize("body", [{}, {"result": []}, answer(codes=None), answer(postcode=7), answer(admin_ward=3)])
async def test_impossible_areas_are_nonsense(body: dict[str, Any], standin: StandIn) -> None:
    standin.answer = body
    with pytest.raises(BackendNonsense):
        await PostcodesIo(standin.http()).area("SK1 3XE")
