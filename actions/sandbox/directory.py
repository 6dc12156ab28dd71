"""Places in the shape of Open Referral UK (HSDS 3.0): a page object of services, each at one location."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.sandbox.answers import Refusal, whole_argument

_MOST_PAGES = 1000

blueprint = Blueprint("directory", url_prefix="/directory")


@blueprint.get("/services")
async def services(request: Request) -> HTTPResponse:
    """One page of the places, of one kind if ``taxonomy`` names it."""
    kind = request.args.get("taxonomy")
    size = max(1, whole_argument(request, "per_page", 50, 100))
    number = max(1, whole_argument(request, "page", 1, _MOST_PAGES))
    found = [place for place in request.app.ctx.seed.places if kind in (None, place["kind"])]
    pages = max(1, ceil(len(found) / size))
    contents = found[(number - 1) * size : number * size]
    return json(
        {
            "total_items": len(found),
            "total_pages": pages,
            "page_number": number,
            "size": len(contents),
            "first_page": number == 1,
            "last_page": number >= pages,
            "empty": not contents,
            "contents": [_service(place) for place in contents],
        }
    )


@blueprint.get("/services/<identity:str>")
async def service(request: Request, identity: str) -> HTTPResponse:
    """One place."""
    for place in request.app.ctx.seed.places:
        if place["id"] == identity:
            return json(_service(place))
    raise Refusal(404, "unknown_service", "No such place.")


def _service(place: Mapping[str, Any]) -> dict[str, Any]:
    address = {"address_1": place["address"], "city": place["town"], "postal_code": place["postcode"]}
    location = {
        "id": f"{place['id']}-location",
        "latitude": place["at"][0],
        "longitude": place["at"][1],
        "addresses": [{**address, "country": "GB", "address_type": "physical"}],
    }
    terms = [("kind", place["kind"]), *(("material", name) for name in place["materials"])]
    return {
        "id": place["id"],
        "name": place["name"],
        "description": place.get("note", ""),
        "status": "active",
        "service_at_locations": [{"id": f"{place['id']}-at", "location": location}],
        "alternate_name": ", ".join(place.get("also", [])),
        "url": place.get("website", ""),
        "fees_description": place.get("cost", ""),
        "phones": [{"number": place["phone"]}] if place.get("phone") else [],
        "schedules": [{"freq": "WEEKLY", **schedule} for schedule in place["schedules"]],
        "attributes": [_attribute(taxonomy, name) for taxonomy, name in terms],
    }


def _attribute(taxonomy: str, name: str) -> dict[str, Any]:
    return {"link_entity": "service", "taxonomy_term": {"name": name, "taxonomy": taxonomy}}
