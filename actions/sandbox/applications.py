"""The councils' registers of planning applications, in the shape of PlanIt: a search by place, and one by its name."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.sandbox.answers import Refusal, argument, whole_argument
from actions.sandbox.planning import Registered, registered
from bot.clock import today

_KILOMETRES_A_DEGREE = 111.2
_MOST = 500
_MOST_DAYS = 20_000
_MOST_PAGES = 10_000

blueprint = Blueprint("applications", url_prefix="/applications")


@blueprint.get("/api/applics/json")
async def search(request: Request) -> HTTPResponse:
    """One page of the applications around a postcode or a point, of the last days, in a state, of a council."""
    size = max(1, whole_argument(request, "pg_sz", 100, _MOST))
    page = max(1, whole_argument(request, "page", 1, _MOST_PAGES))
    days = whole_argument(request, "recent", _MOST_DAYS, _MOST_DAYS)
    states, council = request.args.getlist("app_state", []), request.args.get("auth", "")
    place = _place(request)
    found = [
        each
        for each in registered()
        if (place is None or _kilometres(place, each) <= _number(request, "krad"))
        and _latest(each) >= today() - timedelta(days=days)
        and (not states or each.state in states)
        and council in ("", each.authority)
    ]
    start = (page - 1) * size
    records = [_record(each) for each in found[start : start + size]]
    return json({"records": records, "pg_sz": size, "from": start, "to": start + len(records), "total": len(found)})


@blueprint.get("/planapplic/<name:path>")
async def application(request: Request, name: str) -> HTTPResponse:
    """One application by its name: the council, a slash, its reference, and /json."""
    asked = unquote(name).removesuffix("/json").casefold()
    for each in registered():
        if f"{each.authority}/{each.reference}".casefold() == asked:
            return json(_record(each))
    raise Refusal(404, "unknown_application", "No such application.")


def _place(request: Request) -> tuple[float, float] | None:
    """Latitude and longitude of what is searched around; None for everywhere."""
    postcode = request.args.get("pcode")
    if postcode:
        compact = postcode.upper().replace(" ", "")
        homes = request.app.ctx.store.homes(postcode=f"{compact[:-3]} {compact[-3:]}")
        if not homes:
            raise Refusal(400, "bad_parameter", "No such postcode.", field="pcode")
        return homes[0].latitude, homes[0].longitude
    if request.args.get("lat"):
        return _number(request, "lat"), _number(request, "lng")
    return None


def _number(request: Request, name: str) -> float:
    try:
        return float(argument(request, name))
    except ValueError:
        raise Refusal(400, "bad_parameter", f"The parameter {name} must be a number.", field=name) from None


def _kilometres(place: tuple[float, float], each: Registered) -> float:
    """The distance as far as a flat earth goes."""
    north = (each.latitude - place[0]) * _KILOMETRES_A_DEGREE
    east = (each.longitude - place[1]) * _KILOMETRES_A_DEGREE * math.cos(math.radians(place[0]))
    return math.hypot(north, east)


def _latest(each: Registered) -> date:
    """The last day on which anything happened to an application."""
    return max(day for name in ("started", "decided", "appealed") if (day := each.day(name)))


def _record(each: Registered) -> dict[str, Any]:
    """An application as it is there: what the council's website has beyond the usual stands in ``other_fields``."""

    def written(name: str) -> str | None:
        day = each.day(name)
        return day.isoformat() if day else None

    more = {
        "case_officer": each.officer or None,
        "consultation_end_date": written("comment_by"),
        "target_decision_date": written("target"),
        "appeal_date": written("appealed"),
        "appeal_result": each.appeal_result or None,
        "application_type": each.type,
    }
    return {
        "name": f"{each.authority}/{each.reference}",
        "uid": each.reference,
        "area_name": each.authority,
        "address": each.address,
        "description": each.description,
        "app_type": each.type,
        "app_state": each.state,
        "app_size": "Small",
        "start_date": written("started"),
        "decided_date": written("decided"),
        "consulted_date": written("comment_by"),
        "url": f"https://planning.example.gov.uk/{each.authority.lower()}/{each.reference}",
        "link": f"https://www.example.org/planapplic/{each.authority}/{each.reference}/",
        "location_x": each.longitude,
        "location_y": each.latitude,
        "location_type": "Point",
        "other_fields": {name: value for name, value in more.items() if value},
    }
