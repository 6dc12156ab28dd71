"""Bookings: free slots by service, reserve, confirm, cancel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.sandbox.answers import (
    Refusal,
    argument,
    body_of,
    day_argument,
    once,
    text_of,
    texts_of,
    whole_argument,
)
from actions.sandbox.references import new_reference
from actions.sandbox.rounds import is_working_day, working_days_from
from actions.sandbox.seed import SlotPlan
from bot.clock import LONDON, today

_MOST_DAYS = 92

blueprint = Blueprint("bookings", url_prefix="/bookings")


@blueprint.get("/slots")
async def slots(request: Request) -> HTTPResponse:
    """The slots of a service that are still free."""
    service, start = argument(request, "service"), day_argument(request, "start")
    plan = _plan(request, service)
    days = whole_argument(request, "days", 14, _MOST_DAYS)
    found = _slots(service, plan, start, days)
    return json({"slots": [slot for slot in found if _has_room(request, plan, slot["id"])]})


@blueprint.post("/bookings")
async def reserve(request: Request) -> HTTPResponse:
    """Hold a slot; 409 when it is full."""
    body = body_of(request)
    service, slot_id, details = text_of(body, "service"), text_of(body, "slot"), texts_of(body, "details")
    plan = _plan(request, service)
    every = _slots(service, plan, today(), _MOST_DAYS * 2)
    slot = next((slot for slot in every if slot["id"] == slot_id), None)
    if slot is None:
        raise Refusal(404, "unknown_slot", "No such slot.")

    def make() -> tuple[int, Mapping[str, Any]]:
        if not _has_room(request, plan, slot_id):
            raise Refusal(409, "slot_taken", "This slot is full.")
        booking = {"reference": new_reference(), "status": "reserved", "slot": slot}
        request.app.ctx.store.add("bookings", booking["reference"], slot_id, {**booking, "details": details})
        return 201, booking

    return once(request, make)


@blueprint.post("/bookings/<reference:str>/confirm")
async def confirm(request: Request, reference: str) -> HTTPResponse:
    """Make a booking firm; a cancelled one stays cancelled."""
    return once(request, lambda: _set(request, reference, "confirmed"))


@blueprint.post("/bookings/<reference:str>/cancel")
async def cancel(request: Request, reference: str) -> HTTPResponse:
    """Let a booking go."""
    return once(request, lambda: _set(request, reference, "cancelled"))


def _set(request: Request, reference: str, status: str) -> tuple[int, Mapping[str, Any]]:
    store = request.app.ctx.store
    booking = store.get("bookings", reference)
    if booking is None:
        raise Refusal(404, "unknown_reference", "No such booking.")
    if booking["status"] == "cancelled" != status:
        raise Refusal(409, "cancelled", "This booking was cancelled.")
    changed = store.change("bookings", reference, status=status)
    return 200, {name: changed[name] for name in ("reference", "status", "slot")}


def _plan(request: Request, service: str) -> SlotPlan:
    plans = request.app.ctx.seed.slots
    if service not in plans:
        raise Refusal(400, "unknown_service", f"There are {', '.join(plans)}.", field="service")
    return plans[service]


def _slots(service: str, plan: SlotPlan, start: date, days: int) -> Iterator[dict[str, str]]:
    first = working_days_from(today(), plan.lead_working_days)
    for offset in range(days):
        day = start + timedelta(days=offset)
        is_holiday = day.weekday() < 5 and not is_working_day(day)
        if day < first or day.weekday() not in plan.days or is_holiday:
            continue
        for opens, closes in plan.times:
            yield {
                "id": f"{service}-{day:%Y%m%d}-{opens.replace(':', '')}",
                "start": datetime.combine(day, time.fromisoformat(opens), LONDON).isoformat(),
                "end": datetime.combine(day, time.fromisoformat(closes), LONDON).isoformat(),
            }


def _has_room(request: Request, plan: SlotPlan, slot_id: str) -> bool:
    made = request.app.ctx.store.about("bookings", slot_id)
    return sum(booking["status"] != "cancelled" for booking in made) < plan.capacity
