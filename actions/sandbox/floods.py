"""Flood warnings in the shape of the Environment Agency's flood-monitoring API."""

from __future__ import annotations

import math
from datetime import timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.sandbox.answers import Refusal, whole_argument
from bot.clock import now

AREAS: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(Path(__file__).with_name("floods.yml"))["areas"]
_KM_A_DEGREE = 111.2
_ROOT = "http://environment.data.gov.uk/flood-monitoring/id"
_SEVERITIES = {1: "Severe flood warning", 2: "Flood warning", 3: "Flood alert", 4: "Warning no longer in force"}

blueprint = Blueprint("floods", url_prefix="/floods/id")


@blueprint.get("/floods")
async def floods(request: Request) -> HTTPResponse:
    """Warnings for areas near a place, or all; ``min-severity`` leaves out milder ones (higher numbers)."""
    mildest = whole_argument(request, "min-severity", 4, 4)
    found = [area for area in _near(request) if area.get("level", mildest + 1) <= mildest]
    return _items([_flood(area) for area in found])


@blueprint.get("/floodAreas")
async def flood_areas(request: Request) -> HTTPResponse:
    """Areas near a place, or all, warned of or not."""
    return _items([{**_area(area), "description": area["place"], **_position(area)} for area in _near(request)])


def _items(items: list[dict[str, Any]]) -> HTTPResponse:
    meta = {"publisher": "Environment Agency", "licence": "Open Government Licence", "version": "0.9"}
    return json({"meta": meta, "items": items})


def _near(request: Request) -> list[dict[str, Any]]:
    if not {"lat", "long", "dist"} & set(request.args):
        return AREAS
    latitude, longitude, dist = (_number(request, name) for name in ("lat", "long", "dist"))
    return [area for area in AREAS if _kilometres((latitude, longitude), area["at"]) <= dist]


def _number(request: Request, name: str) -> float:
    try:
        value = float(request.args.get(name, ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Refusal(400, "bad_parameter", f"The parameter {name} must be a number.", field=name)
    return value


def _kilometres(one: tuple[float, float], other: list[float]) -> float:
    """Near enough for the few miles of a borough, where the earth is flat."""
    north = (one[0] - other[0]) * _KM_A_DEGREE
    east = (one[1] - other[1]) * _KM_A_DEGREE * math.cos(math.radians(one[0]))
    return math.hypot(north, east)


def _area(area: dict[str, Any]) -> dict[str, Any]:
    return {
        "@id": f"{_ROOT}/floodAreas/{area['id']}",
        "county": "Stockport",
        "notation": area["id"],
        "polygon": f"{_ROOT}/floodAreas/{area['id']}/polygon",
        "riverOrSea": area["river"],
    }


def _position(area: dict[str, Any]) -> dict[str, float]:
    return {"lat": area["at"][0], "long": area["at"][1]}


def _flood(area: dict[str, Any]) -> dict[str, Any]:
    # The agency's times have no zone.
    changed = (now() + timedelta(minutes=area["changed"])).replace(tzinfo=None).isoformat(timespec="seconds")
    return {
        "@id": f"{_ROOT}/floods/{area['id']}",
        "description": area["place"],
        "eaAreaName": "Greater Manchester, Merseyside and Cheshire",
        "floodArea": _area(area),
        "floodAreaID": area["id"],
        "isTidal": False,
        "message": area["message"],
        "severity": _SEVERITIES[area["level"]],
        "severityLevel": area["level"],
        "timeMessageChanged": changed,
        "timeRaised": changed,
        "timeSeverityChanged": changed,
    }
