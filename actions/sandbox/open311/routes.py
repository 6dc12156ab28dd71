"""The paths of GeoReport v2: a name and a format each ("services.json", "requests/SBX-7K3M9P.xml")."""

from __future__ import annotations

import json as codec
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.sandbox.answers import Made, Refusal, made_once
from actions.sandbox.open311 import formats
from actions.sandbox.open311.catalogue import catalogue
from actions.sandbox.open311.filing import moment_of, report_of
from actions.sandbox.open311.formats import Problems, errors, written
from actions.sandbox.open311.records import all_reports, all_updates, is_ready
from actions.sandbox.references import new_reference
from actions.sandbox.rounds import is_working_day
from bot.clock import now, today

_MOST_ROWS = 1000
_LONGEST_SPAN = timedelta(days=90)
_STATUSES = ("open", "closed")
_CHANGED = "2026-11-26T09:00:00Z"  # when the kinds of report were last changed

blueprint = Blueprint("reports", url_prefix="/reports")


@blueprint.listener("before_server_start")
async def prepare(*started: object) -> None:
    """Read the kinds of report and the calendar now: else the first report of all would wait for them."""
    catalogue()
    is_working_day(today())


@blueprint.get("/<page:str>")
async def of_all(request: Request, page: str) -> HTTPResponse:
    """The discovery, the services, requests by a search, or updates."""
    calls = {
        "discovery": lambda: ("discovery", _discovery(request)),
        "services": lambda: ("services", [kind.as_service() for kind in catalogue().kinds.values()]),
        "requests": lambda: ("service_requests", _found(request)),
        "servicerequestupdates": lambda: ("service_request_updates", _updates(request)),
    }
    return _answer(request, page, calls)


@blueprint.post("/<page:str>")
async def write(request: Request, page: str) -> HTTPResponse:
    """A new report."""
    return _answer(request, page, {"requests": lambda: ("service_requests", _filed(request))})


@blueprint.get("/<folder:str>/<page:str>")
async def of_one(request: Request, folder: str, page: str) -> HTTPResponse:
    """The definition of a service, a request, or what a token stands for."""
    calls: Mapping[str, Callable[[str], tuple[str, Any]]] = {
        "services": lambda code: ("service_definition", _definition(code)),
        "requests": lambda reference: ("service_requests", _by_references(request, [reference])),
        "tokens": lambda token: ("service_requests", [_of_token(request, token)]),
    }
    name = page.rpartition(".")[0]
    return _answer(request, page, {name: lambda: calls[folder](name)} if folder in calls else {})


@blueprint.get("/<rest:path>")
async def nothing(request: Request, rest: str) -> HTTPResponse:
    """Anything else."""
    return _answer(request, rest, {})


def _answer(request: Request, page: str, calls: Mapping[str, Callable[[], tuple[str, Any]]]) -> HTTPResponse:
    """The answer of the call that a page names, in the format that it names; refusals too, in XML if in doubt."""
    name, _, form = page.rpartition(".")
    has_format = form in (formats.TYPES if name == "discovery" else formats.OFFERED)
    try:
        if not has_format:
            raise Problems(404, f"The formats are {' and '.join(formats.OFFERED)}.")
        if name not in calls:
            raise Problems(404, "There is nothing here.")
        jurisdiction = request.args.get("jurisdiction_id") or (request.form or {}).get("jurisdiction_id")
        if jurisdiction not in (None, "", catalogue().jurisdiction):
            raise Problems(404, "There is no such jurisdiction_id.")
        return written(form, *calls[name]())
    except Refusal as refusal:
        return errors(form if has_format else "xml", refusal)


def _discovery(request: Request) -> dict[str, Any]:
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": f"{request.scheme}://{request.host}/reports",
        "changeset": _CHANGED,
        "type": "test",
        "formats": [formats.TYPES[name] for name in formats.OFFERED],
    }
    return {
        "changeset": _CHANGED,
        "contact": "This is a demonstration. Nobody reads what is reported here.",
        "key_service": "The key is the one that the settings have by default.",
        "endpoints": [endpoint],
    }


def _definition(code: str) -> dict[str, Any]:
    kind = catalogue().kinds.get(code)
    if kind is None or not kind.details:
        raise Problems(404, "There is no such service_code, or it has no definition.")
    return kind.as_definition()


def _filed(request: Request) -> list[Mapping[str, Any]]:
    """A new report's reference, the token for one, or neither, by the kind's type."""
    form = {name: list(values) for name, values in (request.form or {}).items()}
    report = report_of(form)
    kind = catalogue().kinds[report["service_code"]]

    def make() -> Made:
        store = request.app.ctx.store
        reference, token = new_reference(), secrets.token_hex(8)
        store.add("reports", reference, kind.code, {**report, "reference": reference})
        answer = {"service_notice": report["notice"], "account_id": None}
        if kind.type == "batch":
            store.add("report_tokens", token, "", {"reference": reference})
            answer = {"token": token, **answer}
        elif kind.type == "realtime":
            answer = {"service_request_id": reference, **answer}
        return 200, answer

    return [made_once(request, f"report {codec.dumps(form, sort_keys=True)}", make)[1]]


def _of_token(request: Request, token: str) -> dict[str, Any]:
    """The reference that a token stands for; until there is one, the token alone."""
    store = request.app.ctx.store
    known = store.get("report_tokens", token)
    if known is None:
        raise Problems(404, "There is no such token.")
    found = {"token": token}
    if is_ready(store.get("reports", known["reference"])):
        found = {"service_request_id": known["reference"], **found}
    return found


def _by_references(request: Request, references: list[str]) -> list[dict[str, Any]]:
    wanted = [reference.strip().upper() for reference in references]
    found = [each for each in all_reports(request.app.ctx.store) if each["service_request_id"] in wanted]
    if not found:
        raise Problems(404, "There is no such service_request_id.")
    return found


def _found(request: Request) -> list[dict[str, Any]]:
    """The newest thousand that fit; references leave every other filter out."""
    references = _listed(request, "service_request_id")
    if references:
        return _by_references(request, references)
    codes, statuses = _listed(request, "service_code"), _listed(request, "status")
    if not set(statuses) <= set(_STATUSES):
        raise Problems(400, "The status is open or closed.")
    start, end = _span(request)
    found = [
        each
        for each in all_reports(request.app.ctx.store)
        if start <= datetime.fromisoformat(each["requested_datetime"]) <= end
        and (not codes or each["service_code"] in codes)
        and (not statuses or each["status"] in statuses)
    ]
    return found[:_MOST_ROWS]


def _updates(request: Request) -> list[dict[str, Any]]:
    start, end = _moment(request, "start_date"), _moment(request, "end_date")
    return [
        each
        for each in all_updates()
        if (start is None or start <= datetime.fromisoformat(each["updated_datetime"]))
        and (end is None or datetime.fromisoformat(each["updated_datetime"]) <= end)
    ]


def _listed(request: Request, name: str) -> list[str]:
    """A parameter that may be given several times, and several values with commas between."""
    given = ",".join(request.args.getlist(name, []))
    return [value.strip() for value in given.split(",") if value.strip()]


def _span(request: Request) -> tuple[datetime, datetime]:
    """From start_date to end_date, at most 90 days; one that is missing is as far from the other, or now."""
    start, end = _moment(request, "start_date"), _moment(request, "end_date")
    if end is None:
        end = min(start + _LONGEST_SPAN, now()) if start else now()
    if start is None:
        start = end - _LONGEST_SPAN
    if end - start > _LONGEST_SPAN:
        raise Problems(400, "A search may span 90 days.")
    return start, end


def _moment(request: Request, name: str) -> datetime | None:
    text = request.args.get(name, "").strip()
    moment = moment_of(text) if text else None
    if text and moment is None:
        raise Problems(400, f"The {name} must be a time with its zone, like 2026-11-24T10:00:00Z.")
    return moment
