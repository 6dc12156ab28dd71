"""The council's case system: open a case, look one up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.sandbox.answers import Refusal, body_of, once, text_of, texts_of
from actions.sandbox.references import fixed_reference, new_reference
from actions.sandbox.rounds import working_days_from
from bot.clock import now

blueprint = Blueprint("cases", url_prefix="/cases")


@blueprint.post("/cases")
async def open_case(request: Request) -> HTTPResponse:
    """A new case of any kind, with the day by which it is to be answered."""
    body = body_of(request)
    kind, summary = text_of(body, "kind"), text_of(body, "summary")
    details, contact = texts_of(body, "details"), texts_of(body, "contact")
    due = _due(body)

    def make() -> tuple[int, Mapping[str, Any]]:
        days = request.app.ctx.seed.case_days
        promised = working_days_from(now().date(), days.get(kind, days["other"])).isoformat()
        case = {"reference": new_reference(), "kind": kind, "status": "open", "due": due or promised}
        kept = {**case, "summary": summary, "details": details, "contact": contact}
        request.app.ctx.store.add("cases", case["reference"], "", kept)
        return 201, case

    return once(request, make)


def _due(body: Mapping[str, Any]) -> str:
    """The day by which it must be answered, when whoever opens the case knows one."""
    try:
        return date.fromisoformat(str(body["due"])).isoformat() if body.get("due") else ""
    except ValueError:
        raise Refusal(400, "bad_field", "due must be a date like 2026-12-24.", field="due") from None


def _seeded(request: Request, reference: str) -> Mapping[str, Any] | None:
    """A case that was there before anybody came; due so many working days from now."""
    for status, days in request.app.ctx.seed.cases.items():
        if fixed_reference("case", status) == reference:
            due = working_days_from(now().date(), days).isoformat()
            return {"reference": reference, "kind": "complaint", "status": status, "due": due}
    return None


@blueprint.get("/cases/<reference:str>")
async def by_reference(request: Request, reference: str) -> HTTPResponse:
    """A case without what the resident wrote: whoever has the reference may read it."""
    case = request.app.ctx.store.get("cases", reference.upper()) or _seeded(request, reference.upper())
    if case is None:
        raise Refusal(404, "unknown_reference", "No such case.")
    return json({name: case[name] for name in ("reference", "kind", "status", "due")})
