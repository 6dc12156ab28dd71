"""The council's published lists: closed schools, alerts and roadworks, always as they would look today."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.sandbox.rounds import is_working_day, working_days_from
from bot.clock import now, today

SEED: dict[str, Any] = YAML(typ="safe", pure=True).load(Path(__file__).with_name("notices.yml"))

blueprint = Blueprint("notices", url_prefix="/notices")


@blueprint.get("/schools")
async def schools(request: Request) -> HTTPResponse:
    """What schools have said; nothing on a day on which none is open anyway."""
    items = [
        {**item, **_days(item), "updated": _moment(minutes=item["updated"])}
        for item in SEED["schools"]["items"]
        if is_working_day(today())
    ]
    return _list("schools", items)


@blueprint.get("/alerts")
async def alerts(request: Request) -> HTTPResponse:
    """What residents should know; nothing at the weekend and on bank holidays."""
    items = []
    for item in SEED["alerts"]["items"] if is_working_day(today()) else ():
        until = {"until": _moment(hours=item["until"])} if "until" in item else {}
        items.append({**item, "from": _moment(hours=item["from"]), **until})
    return _list("alerts", items)


@blueprint.get("/roadworks")
async def roadworks(request: Request) -> HTTPResponse:
    """Works on roads."""
    items = []
    for item in SEED["roadworks"]["items"]:
        latitude, longitude = item["at"]
        told = {name: value for name, value in item.items() if name != "at"}
        items.append({**told, **_days(item), "latitude": latitude, "longitude": longitude})
    return _list("roadworks", items)


def _list(name: str, items: list[dict[str, Any]]) -> HTTPResponse:
    return json({"updated": _moment(minutes=SEED[name]["updated"]), "items": items})


def _days(item: dict[str, Any]) -> dict[str, str]:
    return {name: _day(item[name]).isoformat() for name in ("from", "until") if name in item}


def _day(ahead: int) -> date:
    return working_days_from(today(), ahead)


def _moment(**apart: int) -> str:
    return (now() + timedelta(**apart)).isoformat(timespec="seconds")
