"""Addresses in the shape of OS Places (dataset LPI), with its paging and its error bodies."""

from __future__ import annotations

import re
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.sandbox.answers import Refusal, argument, whole_argument
from actions.sandbox.seed import Home

_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
_FURTHEST = 5000

blueprint = Blueprint("addresses", url_prefix="/addresses/search/places/v1")


@blueprint.get("/postcode")
async def by_postcode(request: Request) -> HTTPResponse:
    """One page of a postcode's addresses; homes and shops alike, as OS Places gives them."""
    _need_key(request)
    asked = argument(request, "postcode").upper()
    if not _POSTCODE.fullmatch(asked):
        raise Refusal(400, "400", "Requested postcode must be a full UK postcode.")
    compact = asked.replace(" ", "")
    return _page(request, request.app.ctx.store.homes(postcode=f"{compact[:-3]} {compact[-3:]}"))


@blueprint.get("/uprn")
async def by_uprn(request: Request) -> HTTPResponse:
    """The address of one UPRN."""
    _need_key(request)
    return _page(request, request.app.ctx.store.homes(uprn=argument(request, "uprn")))


def _need_key(request: Request) -> None:
    if not request.args.get("key"):
        raise Refusal(401, "401", "An API key is needed.")


def _page(request: Request, homes: list[Home]) -> HTTPResponse:
    offset = whole_argument(request, "offset", 0, _FURTHEST)
    most = whole_argument(request, "maxresults", 100, 100)
    header = {
        "uri": request.path,
        "offset": offset,
        "totalresults": len(homes),
        "format": "JSON",
        "dataset": "LPI",
        "maxresults": most,
        "output_srs": "EPSG:4326",
    }
    page = homes[offset : offset + most]
    return json({"header": header} | ({"results": [{"LPI": _lpi(home)} for home in page]} if page else {}))


def _lpi(home: Home) -> dict[str, Any]:
    """The gazetteer's fields, in capitals as it has them; those that are empty are left out."""
    number, suffix = re.fullmatch(r"(\d*)(.*)", home.number).groups()  # type: ignore[union-attr]
    named = " ".join(filter(None, (home.number, home.street)))
    line = filter(None, (home.flat, home.building, named, home.town, home.postcode))
    fields = {
        "UPRN": home.uprn,
        "ADDRESS": ", ".join(line).upper(),
        "USRN": home.usrn,
        "SAO_TEXT": home.flat.upper(),
        "PAO_TEXT": home.building.upper(),
        "PAO_START_NUMBER": number,
        "PAO_START_SUFFIX": suffix,
        "STREET_DESCRIPTION": home.street.upper(),
        "TOWN_NAME": home.town.upper(),
        "POSTCODE_LOCATOR": home.postcode,
        "LOCAL_CUSTODIAN_CODE": home.custodian,
        "CLASSIFICATION_CODE": home.classification,
        "LOGICAL_STATUS_CODE": "1",
        "LNG": home.longitude,
        "LAT": home.latitude,
    }
    return {name: value for name, value in fields.items() if value != ""}
