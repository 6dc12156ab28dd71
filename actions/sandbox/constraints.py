"""What protects a place, in the shape of planning.data.gov.uk: entities by data set, at a point or in a polygon."""

from __future__ import annotations

import re
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.sandbox.answers import Refusal, whole_argument
from actions.sandbox.planning import Protected, protected

_MOST = 500
_FURTHEST = 100_000
_POLYGON = re.compile(r"POLYGON ?\(\(((?:-?[\d.]+ -?[\d.]+(?:, ?)?){4,})\)\)")
_SOURCE = 600001  # the entity of the organisation that the data comes from

blueprint = Blueprint("constraints", url_prefix="/constraints")


@blueprint.get("/entity.json")
async def entities(request: Request) -> HTTPResponse:
    """One page of the entities of one or more data sets that hold the point, or meet the polygon."""
    wanted = request.args.getlist("dataset", [])
    limit = whole_argument(request, "limit", 10, _MOST)
    offset = whole_argument(request, "offset", 0, _FURTHEST)
    box = _box(request)
    found = [each for each in protected() if each.dataset in wanted and (box is None or each.meets(*box))]
    page = [_entity(each) for each in found[offset : offset + limit]]
    return json({"entities": page, "links": {"first": request.path, "last": request.path}, "count": len(found)})


def _box(request: Request) -> tuple[float, float, float, float] | None:
    """Where is asked about: south, west, north, east. None for everywhere."""
    polygon = request.args.get("geometry")
    if polygon:
        typed = _POLYGON.fullmatch(polygon)
        if typed is None:
            raise Refusal(422, "bad_parameter", "The geometry must be a polygon in well-known text.", field="geometry")
        corners = [tuple(map(float, corner.split())) for corner in typed[1].split(",")]
        longitudes, latitudes = zip(*corners, strict=True)
        return min(latitudes), min(longitudes), max(latitudes), max(longitudes)
    if not request.args.get("latitude") and not request.args.get("longitude"):
        return None
    try:
        latitude, longitude = float(request.args.get("latitude", "")), float(request.args.get("longitude", ""))
    except ValueError:
        raise Refusal(422, "bad_parameter", "Latitude and longitude must be numbers.", field="latitude") from None
    return latitude, longitude, latitude, longitude


def _entity(each: Protected) -> dict[str, Any]:
    """An entity with the usual fields; those without a value are empty texts, as they are there."""
    south, west, north, east = each.box
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    ring = ",".join(f"{x} {y}" for x, y in corners)
    return {
        "entity": each.entity,
        "dataset": each.dataset,
        "typology": "geography",
        "name": each.name,
        "reference": each.reference,
        "prefix": each.dataset,
        "organisation-entity": str(_SOURCE),
        "entry-date": each.entered,
        "start-date": each.start,
        "end-date": each.end,
        "documentation-url": each.page,
        "point": f"POINT ({west} {south})",
        "geometry": "" if (south, west) == (north, east) else f"MULTIPOLYGON((({ring})))",
    }
