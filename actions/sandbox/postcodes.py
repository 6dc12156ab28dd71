"""Postcodes in the shape of postcodes.io: the area of one in use, and what is left of one that is not."""

from __future__ import annotations

import re
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.sandbox.civic import CIVIC, spaced

_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
_NO_COUNTY = "E99999999"  # what the codes say where there is no county council

blueprint = Blueprint("postcodes", url_prefix="/postcodes")


@blueprint.get("/postcodes/<postcode:str>")
async def in_use(request: Request, postcode: str) -> HTTPResponse:
    """The area of a postcode."""
    asked = spaced(postcode)
    if not _POSTCODE.fullmatch(asked):
        return _not_found("Invalid postcode")
    if asked in CIVIC.terminated:
        return _not_found("Postcode not found", terminated=_terminated(asked))
    place = CIVIC.place(asked)
    if place is None:
        return _not_found("Postcode not found")
    return json({"status": 200, "result": _result(asked, place)})


@blueprint.get("/terminated_postcodes/<postcode:str>")
async def no_longer_in_use(request: Request, postcode: str) -> HTTPResponse:
    """When a postcode was given up."""
    asked = spaced(postcode)
    if asked not in CIVIC.terminated:
        return _not_found("Terminated postcode not found")
    return json({"status": 200, "result": _terminated(asked)})


def _not_found(error: str, **more: Any) -> HTTPResponse:
    return json({"status": 404, "error": error, **more}, 404)


def _terminated(postcode: str) -> dict[str, Any]:
    year, month = CIVIC.terminated[postcode]
    return {
        "postcode": postcode,
        "year_terminated": year,
        "month_terminated": month,
        "longitude": -2.1575,
        "latitude": 53.4063,
    }


def _result(postcode: str, place: dict[str, str]) -> dict[str, Any]:
    ward = CIVIC.wards.get(place["ward"])
    outcode, incode = postcode.split()
    return {
        "postcode": postcode,
        "outcode": outcode,
        "incode": incode,
        "quality": 1,
        "country": "England",
        "region": "North West",
        "admin_county": place.get("county"),
        "admin_district": place["district"],
        "admin_ward": place["ward"],
        "parish": f"{place['district']}, unparished area",
        "longitude": -2.1575,
        "latitude": 53.4063,
        "codes": {
            "admin_district": place["gss"],
            "admin_county": "E10000007" if "county" in place else _NO_COUNTY,
            "admin_ward": ward["code"] if ward else "E05099999",
        },
    }
