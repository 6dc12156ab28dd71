"""What is written down after a talk with a resident: how it ended, what it was about, a note for colleagues."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import Forbidden, NotFound

from bot.council import council
from bot.handover import WRAP_UP
from bot.staff.desk import summary
from bot.staff.desk.access import SENIORS
from bot.staff.desk.conversation import LONGEST, not_yours
from bot.staff.desk.moments import waiting
from bot.staff.forms import value
from bot.staff.pages import page, see_other
from bot.staff.state import account_of, state_of
from bot.store import desk, handovers
from bot.store.handovers import Handover

ROUTE = "/desk/wrap-up/<reference:str>"


@dataclass(frozen=True)
class Waiting:
    """Another record that waits to be wrapped up."""

    reference: str
    title: str
    since: str


def wrap_up_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("wrap_up")
    blueprint.add_route(_form, ROUTE, name="form")
    blueprint.add_route(_close, ROUTE, methods=["POST"], name="close")
    blueprint.exception(Forbidden)(not_yours)
    return blueprint


async def _form(request: Request, reference: str) -> HTTPResponse:
    return await _show(request, await _find(request, reference))


async def _close(request: Request, reference: str) -> HTTPResponse:
    """Close the record, and go on to the next one that waits."""
    found, state, who = await _find(request, reference), state_of(request), account_of(request).username
    outcome, tags = value(request, "outcome"), _tags(request)
    note = value(request, "note").replace("\r\n", "\n").strip()
    if outcome not in (each.id for each in council().desk.outcomes):
        return await _show(request, found, 422, "Choose how the conversation ended.")
    if len(note) > LONGEST:
        return await _show(request, found, 422, f"The note has {len(note):,} characters. {LONGEST:,} are the most.")
    if not await asyncio.to_thread(handovers.wrap_up, state.db, reference, outcome, tags, note, who, state.now()):
        return await _show(request, await _find(request, reference), 409)
    others = await _others(request, reference)
    return see_other(f"/desk/wrap-up/{others[0].reference}?closed=1" if others else "/desk")


async def _find(request: Request, reference: str) -> Handover:
    """The record, for whoever had the talk last and for seniors."""
    found = None
    if len(reference) <= 32:
        found = await asyncio.to_thread(handovers.by_reference, state_of(request).db, reference)
    if found is None or found.left_at is None:
        raise NotFound("no such record")
    me = account_of(request)
    if found.staff != me.username and not SENIORS & set(me.roles):
        raise Forbidden("somebody else's record")
    return found


async def _others(request: Request, reference: str) -> list[Waiting]:
    state = state_of(request)
    waits = await asyncio.to_thread(desk.to_wrap_up, state.db, account_of(request).username)
    return [
        Waiting(each, summary.read(about).title or "No subject given", waiting(since, state.now()))
        for each, _, about, since in waits
        if each != reference
    ]


def _tags(request: Request) -> list[str]:
    given = request.form.getlist("tags", []) if request.form else []
    return [tag.id for tag in council().desk.tags if tag.id in given]


async def _show(request: Request, found: Handover, status: int = 200, problem: str = "") -> HTTPResponse:
    return page(
        request,
        "desk/wrap_up.html",
        status,
        record=found,
        is_closed=found.state != WRAP_UP,
        was_late=status == 409,
        problem=problem,
        summary=summary.read(found.summary),
        outcomes=council().desk.outcomes,
        tags=council().desk.tags,
        others=await _others(request, found.reference),
        has_closed=bool(request.args.get("closed")),
        kept={"outcome": value(request, "outcome"), "tags": _tags(request), "note": value(request, "note")},
        limit=LONGEST,
    )
