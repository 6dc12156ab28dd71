"""Addresses from OS Places: paging, homes only, and a line that a person would write."""

from __future__ import annotations

from typing import Any

import pytest
from sanic.request import Request

from actions.backends.addresses import OsPlaces, titled
from actions.backends.errors import BackendNonsense
from tests.actions.backends.standin import StandIn


def entry(uprn: str = "012345678901", **fields: Any) -> dict[str, Any]:
    """One result in the shape of OS Places; a field that is None is left out."""
    lpi = {
        "UPRN": uprn,
        "PAO_START_NUMBER": "12",
        "STREET_DESCRIPTION": "BRAMHALL LANE",
        "TOWN_NAME": "STOCKPORT",
        "POSTCODE_LOCATOR": "SK2 9BD",
        "USRN": "25500001",
        "LOCAL_CUSTODIAN_CODE": 4235,
        "CLASSIFICATION_CODE": "RD04",
        "LOGICAL_STATUS_CODE": "1",
        "LNG": -2.1,
        "LAT": 53.4,
        **fields,
    }
    return {"LPI": {name: value for name, value in lpi.items() if value is not None}}


def answer(*results: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    return {"header": {"totalresults": len(results) if total is None else total}, "results": list(results)}


async def test_an_address_is_read_and_its_zeros_kept(standin: StandIn) -> None:
    standin.answer = answer(entry())
    (address,) = await OsPlaces(standin.http(), "the-key").by_postcode("SK2 9BD")
    assert address.uprn == "012345678901"
    assert address.line == "12 Bramhall Lane, Stockport"
    assert (address.number, address.usrn, address.custodian) == ("12", "25500001", "4235")
    assert (address.postcode, address.latitude, address.longitude) == ("SK2 9BD", 53.4, -2.1)
    assert standin.requests[0].path == "/search/places/v1/postcode"
    assert standin.requests[0].args["key"] == ["the-key"]


@pytest.mark.parametrize(
    ("fields", "number", "line"),
    [
        ({"PAO_START_SUFFIX": "a"}, "12A", "12A Bramhall Lane, Stockport"),
        ({"PAO_END_NUMBER": 14}, "12-14", "12-14 Bramhall Lane, Stockport"),
        ({"SAO_TEXT": "FLAT 3"}, "Flat 3", "Flat 3, 12 Bramhall Lane, Stockport"),
        (
            {"PAO_START_NUMBER": None, "PAO_TEXT": "ST MARY'S COTTAGE"},
            "St Mary's Cottage",
            "St Mary's Cottage, Bramhall Lane, Stockport",
        ),
        ({"LOCALITY_NAME": "STOCKPORT"}, "12", "12 Bramhall Lane, Stockport"),
    ],
)
async def test_numbers_flats_and_names(fields: dict[str, Any], number: str, line: str, standin: StandIn) -> None:
    standin.answer = answer(entry(**fields))
    (address,) = await OsPlaces(standin.http(), "k").by_postcode("SK2 9BD")
    assert (address.number, address.line) == (number, line)


async def test_all_pages_are_read(standin: StandIn) -> None:
    everything = [entry(f"{number:012d}") for number in range(230)]

    def page(request: Request) -> dict[str, Any]:
        offset, most = int(request.args.get("offset")), int(request.args.get("maxresults"))
        return answer(*everything[offset : offset + most], total=len(everything))

    standin.answer = page
    found = await OsPlaces(standin.http(), "k").by_postcode("SK4 9AA")
    assert [address.uprn for address in found] == [item["LPI"]["UPRN"] for item in everything]
    assert len(standin.requests) == 3


async def test_shops_old_records_and_repeats_are_left_out(standin: StandIn) -> None:
    standin.answer = answer(
        entry("1", CLASSIFICATION_CODE="CR08"),
        entry("2", LOGICAL_STATUS_CODE="8"),
        entry("3"),
        entry("3", STREET_DESCRIPTION="LÔN FAWR"),
    )
    found = await OsPlaces(standin.http(), "k").by_postcode("SK2 9BD")
    assert [(address.uprn, address.line) for address in found] == [("3", "12 Bramhall Lane, Stockport")]


async def test_no_address_is_an_empty_list_and_no_uprn_none(standin: StandIn) -> None:
    standin.answer = {"header": {"totalresults": 0}}
    assert await OsPlaces(standin.http(), "k").by_postcode("SK8 9ZZ") == []
    assert await OsPlaces(standin.http(), "k").by_uprn("1") is None


@pytest.mark.parametrize(
    "body",
    [
        answer(entry(UPRN=12345)),
        answer(entry(UPRN="12AB")),
        answer(entry(UPRN="1234567890123")),
        answer(entry(LAT="north")),
        answer(entry(POSTCODE_LOCATOR=None)),
        answer(entry(), total=10**9),
        {"results": []},
    ],
)
async def test_impossible_addresses_are_nonsense(body: dict[str, Any], standin: StandIn) -> None:
    standin.answer = body
    with pytest.raises(BackendNonsense):
        await OsPlaces(standin.http(), "k").by_postcode("SK2 9BD")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("HEATON MOOR ROAD", "Heaton Moor Road"), ("THE OLD MILL ON THE GREEN", "The Old Mill on the Green")],
)
def test_title_case(text: str, expected: str) -> None:
    assert titled(text) == expected
