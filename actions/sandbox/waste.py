"""Waste in the shape of the Local Waste Service Standards v0.1, with the extensions that our client documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.sandbox import rounds
from actions.sandbox.answers import Refusal, argument, body_of, day_argument, once, text_of, texts_of
from actions.sandbox.references import fixed_reference, new_reference
from actions.sandbox.rounds import Due
from actions.sandbox.seed import Home, Seed, Service
from bot.clock import now, today

_NEAR = timedelta(days=42)  # more than the longest gap between two collections, bank holidays and all

blueprint = Blueprint("waste", url_prefix="/waste")


@blueprint.get("/services")
async def services(request: Request) -> HTTPResponse:
    """The services of a property; none for a property without, or for one that is not known."""
    home = request.app.ctx.store.home(argument(request, "uprn"))
    found = _services(request.app.ctx.seed, home) if home else []
    return json([_brief(request, home, service) for service in found])


@blueprint.get("/services/<service_id:str>")
async def service(request: Request, service_id: str) -> HTTPResponse:
    """One service of a property, with its last and next collections."""
    home, found = _home_and_service(request, service_id)
    near = rounds.dues(home, found, today() - _NEAR, today() + _NEAR, now())
    to_come = [due for due in near if due.collected_at is None and due.date >= today()]
    past = [due for due in near if due not in to_come]
    return json(
        {
            **_brief(request, home, found),
            "container_types": [_container_type(found)],
            "last_collection": _collection(found, past[-1]) if past else None,
            "next_collection": _collection(found, to_come[0]) if to_come else None,
        }
    )


@blueprint.get("/services/<service_id:str>/collections")
async def collections(request: Request, service_id: str) -> HTTPResponse:
    """Our extension: the collections of a service at a property in a range of days."""
    home, found = _home_and_service(request, service_id)
    start, end = _range(request)
    return json([_collection(found, due) for due in rounds.dues(home, found, start, end, now())])


@blueprint.get("/events")
async def events(request: Request) -> HTTPResponse:
    """What crews recorded about a property or its street."""
    store, seed = request.app.ctx.store, request.app.ctx.seed
    uprn, usrn = request.args.get("uprn", ""), request.args.get("usrn", "")
    start, end = _range(request)
    wanted = request.args.get("type")
    homes = store.homes(uprn=uprn) + store.homes(usrn=usrn)[:1]
    found = []
    for home in homes:
        for event in rounds.events(home, now()):
            about = {"usrn": home.usrn} if event.whole_street else {"uprn": home.uprn}
            is_asked_for = home.usrn == usrn if event.whole_street else home.uprn == uprn
            body = {"@type": "WasteEvent", "type": event.type, "date_created": event.at.isoformat(), **about}
            if event.service:
                body["container_type"] = _container_type(seed.services[event.service])
            in_range = start <= event.at.date() <= end and wanted in (None, event.type)
            if is_asked_for and in_range and body not in found:
                found.append(body)
    return json(found)


@blueprint.get("/cases")
async def cases(request: Request) -> HTTPResponse:
    """Reports and requests about a property."""
    return json(_cases(request, argument(request, "uprn")))


@blueprint.post("/cases")
async def open_case(request: Request) -> HTTPResponse:
    """A new report or request. A missed bin that is already reported is refused."""
    body = body_of(request)
    kind, uprn, details = text_of(body, "kind"), text_of(body, "uprn"), texts_of(body, "details")
    seed: Seed = request.app.ctx.seed
    store = request.app.ctx.store
    if kind not in seed.promises:
        raise Refusal(400, "unknown_kind", f"There are {', '.join(seed.promises)}.", field="kind")
    if store.home(uprn) is None:
        raise Refusal(404, "unknown_uprn", "No such property.")

    def make() -> tuple[int, Mapping[str, Any]]:
        container = details.get("container", "")
        for other in _cases(request, uprn):
            if kind == "missed" and _is_open_report(other, container):
                raise Refusal(409, "already_open", "This bin is already reported.", field="container")
        case = _case(seed, new_reference(), uprn, kind, container, now())
        store.add("waste", case["reference"], uprn, {**case, "details": details})
        return 201, case

    return once(request, make)


@blueprint.get("/round-plans")
async def round_plans(request: Request) -> HTTPResponse:
    """How often each round goes, as recurrence rules."""
    return json([_round_plan(plan, each) for plan, each in _plans(request.app.ctx.seed)])


@blueprint.get("/rounds")
async def all_rounds(request: Request) -> HTTPResponse:
    """The next outing of every round."""
    found = []
    for plan, each in _plans(request.app.ctx.seed):
        days = rounds.plan_days(plan, each, today() - timedelta(days=7), today() + _NEAR)
        day = next(day for day in map(rounds.moved, days) if day >= today())
        identity = f"/waste/rounds/{plan}-{each.id}-{day:%Y%m%d}"
        found.append({"@id": identity, "date": day.isoformat(), "plan": _round_plan(plan, each)})
    return json(found)


@blueprint.get("/material-streams")
async def material_streams(request: Request) -> HTTPResponse:
    """What is collected apart."""
    streams = [_stream(each) for each in request.app.ctx.seed.services.values()]
    return json(list({stream["@id"]: stream for stream in streams}.values()))


def _services(seed: Seed, home: Home) -> list[Service]:
    names = () if home.plan == rounds.NO_PLAN else seed.sets[home.services]
    return [seed.services[name] for name in names]


def _home_and_service(request: Request, service_id: str) -> tuple[Home, Service]:
    home = request.app.ctx.store.home(argument(request, "uprn"))
    for found in _services(request.app.ctx.seed, home) if home else []:
        if found.id == service_id:
            return home, found
    raise Refusal(404, "unknown_service", "This property has no such service.")


def _range(request: Request) -> tuple[date, date]:
    start, end = day_argument(request, "start_date"), day_argument(request, "end_date")
    if not timedelta(0) <= end - start <= timedelta(days=400):
        raise Refusal(400, "bad_parameter", "A range has from 1 to 400 days.", field="end_date")
    return start, end


def _brief(request: Request, home: Home, found: Service) -> dict[str, Any]:
    """A service as the list has it."""
    is_weekly = found.weeks == 1 and home.plan not in rounds.STORIES
    body: dict[str, Any] = {
        "@type": "WasteService",
        "id": found.id,
        "name": found.name,
        "frequency": "weekly" if is_weekly else "fortnightly",
        "esd_url": f"http://id.esd.org.uk/service/{found.esd}",
        "description": found.description,
    }
    if found.subscription:
        joined = any(case["kind"] == "garden_join" for case in request.app.ctx.store.about("waste", home.uprn))
        body["subscription"] = {"offered": True, "member": home.member or joined}
    return body


def _stream(found: Service) -> dict[str, str]:
    name = found.container["stream"]
    return {"@id": f"/waste/material-streams/{name.lower().replace(' ', '-')}", "name": name}


def _container_type(found: Service) -> dict[str, Any]:
    fields = {name: found.container[name] for name in ("type", "color", "size", "shape")}
    return {"@type": "ContainerType", **fields, "material_stream": _stream(found)}


def _collection(found: Service, due: Due) -> dict[str, Any]:
    """A collection in the standard's words: ``date`` is the ordinary day, ``changed_date`` the true one."""
    body: dict[str, Any] = {"@type": "Collection", "date": due.scheduled.isoformat()}
    if due.reason:
        body |= {"changed_date": due.date.isoformat(), "changed_date_reason": due.reason}
    if due.collected_at:
        body["collected_at"] = due.collected_at.isoformat(timespec="seconds")
    return {**body, "containers": [{"@type": "WasteContainer", "type": _container_type(found)}]}


def _plans(seed: Seed) -> list[tuple[str, Service]]:
    plans = [f"{weekday}-{week}" for weekday in rounds.WEEKDAYS for week in "ab"]
    return [(plan, seed.services[name]) for plan in plans for name in seed.sets["house"]]


def _round_plan(plan: str, found: Service) -> dict[str, str]:
    first = next(rounds.plan_days(plan, found, date(2024, 1, 1), date(2024, 1, 28)))
    return {
        "@id": f"/waste/round-plans/{plan}-{found.id}",
        "@type": "RoundPlan",
        "start_date": first.isoformat(),
        "rrule": f"FREQ=WEEKLY;INTERVAL={found.weeks};BYDAY={plan[:2].upper()}",
    }


def _case(seed: Seed, reference: str, uprn: str, kind: str, container: str, created: datetime) -> dict[str, Any]:
    return {
        "reference": reference,
        "kind": kind,
        "uprn": uprn,
        "status": "open",
        "container": container,
        "created": created.isoformat(timespec="seconds"),
        "promised": rounds.working_days_from(created.date(), seed.promises[kind]).isoformat(),
    }


def _cases(request: Request, uprn: str) -> list[dict[str, Any]]:
    """What was asked about a property, the story's own reports included; a promised day that is past closes."""
    seed: Seed = request.app.ctx.seed
    home = request.app.ctx.store.home(uprn)
    found = [_without_details(case) for case in request.app.ctx.store.about("waste", uprn)]
    if home and home.plan == "report_open":
        created = datetime.combine(rounds.working_days_from(today(), -1), datetime.min.time()).replace(
            hour=18, minute=5, tzinfo=now().tzinfo
        )
        for each in _services(seed, home):
            container = each.container["type"]
            found.append(_case(seed, fixed_reference(uprn, container), uprn, "missed", container, created))
    for case in found:
        if date.fromisoformat(case["promised"]) < today():
            case["status"] = "closed"
    return found


def _without_details(case: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in case.items() if name != "details"}


def _is_open_report(case: Mapping[str, Any], container: str) -> bool:
    return case["kind"] == "missed" and case["status"] == "open" and case["container"] == container
