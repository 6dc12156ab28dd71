"""Addresses in the shape of OS Places (dataset LPI), with its paging and its error bodies."""

from __future__ import annotations

import math
import re
from typing import Any

from rapidfuzz import fuzz, process
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.sandbox.answers import Refusal, argument, whole_argument
from actions.sandbox.seed import Home

_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
_FURTHEST = 5000
_AS_GOOD = 0.05  # matches as near to the best as this are given with it
_DEGREE_METRES = 111_195
_SHORT = {"rd": "road", "st": "street", "ln": "lane", "ave": "avenue", "dr": "drive", "cl": "close", "saint": "street"}

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


@blueprint.get("/find")
async def find(request: Request) -> HTTPResponse:
    """Addresses in the words of a place, best match first: all of a street, or the one with the number named."""
    _need_key(request)
    words = set(_words(argument(request, "query")))
    scored = [(_match(home, words), home) for home in request.app.ctx.store.homes()]
    best = max((score for score, _ in scored), default=0.0)
    least = max(float(request.args.get("minmatch", "0")), best - _AS_GOOD)
    return _page(request, [home for score, home in scored if score >= least > 0])


@blueprint.get("/nearest")
async def nearest(request: Request) -> HTTPResponse:
    """The one address nearest to a point in degrees (EPSG:4326, latitude first), if there is one within the radius."""
    _need_key(request)
    try:
        latitude, longitude = (float(part) for part in argument(request, "point").split(","))
        radius = float(request.args.get("radius", "100"))
    except ValueError:
        raise Refusal(400, "400", "Parameter point must be two numbers, radius one.") from None
    squeezed = math.cos(math.radians(latitude))  # a degree of longitude is shorter than one of latitude

    def metres(home: Home) -> float:
        return _DEGREE_METRES * math.hypot(home.latitude - latitude, (home.longitude - longitude) * squeezed)

    found = min(request.app.ctx.store.homes(), key=metres, default=None)
    return _page(request, [found] if found and metres(found) <= radius else [])


def _words(text: str) -> list[str]:
    words = re.findall(r"[a-z0-9']+", text.lower().replace("'", ""))
    return [_SHORT.get(word, word) for word in words]


def _match(home: Home, said: set[str]) -> float:
    """How well words name an address, from 0 to 1: every word of the street must be there, a number counts more."""
    street = _words(f"{home.street}")
    if not street or not all(process.extractOne(word, said, scorer=fuzz.ratio, score_cutoff=85) for word in street):
        return 0.0
    numbers = {word for word in said if word[0].isdigit()}
    score = 0.7 + 0.1 * (set(_words(home.town)) <= said)
    if numbers & set(_words(home.number)):
        score += 0.2
    return score


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
