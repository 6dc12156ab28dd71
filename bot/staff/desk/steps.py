"""Steps with a conversation: taking it, giving it to somebody else, handing it back, ending it.

Each is one compare-and-set with the version that the page showed: whoever is second changes nothing and is told who
was first.
"""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import Forbidden, InvalidUsage

from bot.council import council
from bot.handover import ASSISTANT, BACK, END, HAND_BACK, MOVE, PULL, PULLED, QUEUED, REQUEUE, TAKE, TRANSFER
from bot.notices import notice
from bot.staff.desk.answering import done, overtaken, refuse
from bot.staff.desk.conversation import LONGEST, ROOT, not_yours
from bot.staff.desk.gathering import gathered
from bot.staff.desk.journeys import journey_titles
from bot.staff.desk.reading import Talk, find_any
from bot.staff.desk.targets import people_for, teams_for
from bot.staff.forms import value
from bot.staff.state import state_of
from bot.store import ownership
from bot.store.ownership import Change, Full, Overtaken


def steps_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("steps")
    for name, handler in (
        ("take", _take),
        ("pull", _pull),
        ("hand-back", _hand_back),
        ("end", _end),
        ("transfer", _transfer),
        ("requeue", _requeue),
    ):
        blueprint.add_route(handler, f"{ROOT}/{name}", methods=["POST"], name=name.replace("-", "_"))
    blueprint.exception(Forbidden)(not_yours)
    return blueprint


async def _take(request: Request, conversation_id: str) -> HTTPResponse:
    talk = await find_any(request, conversation_id)
    wanted = Change(TAKE, talk.me.username, capacity=talk.me.capacity, notice=notice("joined", name=talk.me.name))
    return await _make(request, talk, wanted, f"{_path(talk)}#text")


async def _pull(request: Request, conversation_id: str) -> HTTPResponse:
    """Take it from the assistant, in the middle of whatever it does."""
    talk = await find_any(request, conversation_id)
    if talk.standing.owner == ASSISTANT and not talk.may_look:
        raise Forbidden("the assistant's conversation")
    if talk.known.ended:
        return await overtaken(request, conversation_id, "The resident has ended this conversation.")
    before = talk.record
    known = await asyncio.to_thread(gathered, state_of(request).db, conversation_id)
    wanted = Change(
        PULL,
        talk.me.username,
        capacity=talk.me.capacity,
        team=before.team if before else (*talk.me.teams, council().desk.default_team.id)[0],
        reason=PULLED,
        summary=known or (before.summary if before else {}),
        notice=notice("joined", name=talk.me.name),
    )
    return await _make(request, talk, wanted, f"{_path(talk)}#text")


async def _hand_back(request: Request, conversation_id: str) -> HTTPResponse:
    """To the assistant, which goes on; with a ``query`` it begins that journey, and one can read along."""
    talk = await find_any(request, conversation_id)
    query = value(request, "query")
    if query and query not in journey_titles():
        return await refuse(request, talk, "Choose a journey from the list.")
    wanted = Change(
        HAND_BACK,
        talk.me.username,
        as_owner=True,
        notice=notice("handed_back", name=talk.me.name),
        payload=f"/{query or BACK}",
        note=_note(request),
    )
    return await _make(request, talk, wanted, _path(talk) if query else _record(talk))


async def _end(request: Request, conversation_id: str) -> HTTPResponse:
    talk = await find_any(request, conversation_id)
    told = notice("ended", name=talk.me.name)
    wanted = Change(END, talk.me.username, as_owner=True, notice=told, note=_note(request))
    return await _make(request, talk, wanted, _record(talk))


async def _transfer(request: Request, conversation_id: str) -> HTTPResponse:
    """To a colleague who is there and has room."""
    talk = await find_any(request, conversation_id)
    people = people_for(talk, state_of(request).now())
    chosen = next((each for each in people if each.username == value(request, "to")), None)
    if not talk.may_assign:
        return await overtaken(request, conversation_id)
    if chosen is None:
        return await refuse(request, talk, "Choose a colleague who is there and has room for another conversation.")
    is_waiting = talk.standing.owner == QUEUED
    wanted = Change(
        TAKE if is_waiting else TRANSFER,
        talk.me.username,
        as_owner=not talk.is_senior,
        staff=chosen.username,
        capacity=chosen.capacity,
        notice=notice("joined" if is_waiting else "transferred", name=chosen.name),
        note=_note(request),
    )
    return await _make(request, talk, wanted, _path(talk) if talk.is_senior else "/desk")


async def _requeue(request: Request, conversation_id: str) -> HTTPResponse:
    """Back into the queue, of another team or the same; one that waits is moved to another team's."""
    talk = await find_any(request, conversation_id)
    if not talk.may_move:
        return await overtaken(request, conversation_id)
    team = value(request, "team")
    if team not in (each.id for each in teams_for(talk, state_of(request).now())):
        return await refuse(request, talk, "Choose a team.")
    is_waiting = talk.standing.owner == QUEUED
    is_same = talk.record is not None and talk.record.team == team
    wanted = Change(
        MOVE if is_waiting else REQUEUE,
        talk.me.username,
        as_owner=not is_waiting and not talk.is_senior,
        team=team,
        notice=notice("waiting_again" if is_same else "other_team"),
        note=_note(request),
    )
    return await _make(request, talk, wanted, _path(talk))


async def _make(request: Request, talk: Talk, wanted: Change, path: str) -> HTTPResponse:
    """Make the step, as the page stood whose form was sent."""
    state = state_of(request)
    seen = value(request, "version")
    if not seen.isdecimal():
        raise InvalidUsage("no version")
    if len(wanted.note) > LONGEST:
        return await refuse(request, talk, f"A note can have {LONGEST} characters.")
    as_seen = Change(**{**vars(wanted), "version": int(seen)})
    try:
        await asyncio.to_thread(ownership.change, state.db, talk.known.id, as_seen, state.now())
    except Overtaken:
        return await overtaken(request, talk.known.id)
    except Full as full:
        return await overtaken(request, talk.known.id, _is_full(talk, str(full)))
    return done(request, talk, path)


def _is_full(talk: Talk, username: str) -> str:
    if username == talk.me.username:
        return f"You have as many conversations as you can have ({talk.me.capacity}). Finish one first."
    name = next((each.name for each in talk.people if each.username == username), username)
    return f"{name} has as many conversations as they can have."


def _note(request: Request) -> str:
    return value(request, "note").replace("\r\n", "\n").strip()


def _path(talk: Talk) -> str:
    return f"/desk/c/{talk.known.id}"


def _record(talk: Talk) -> str:
    return f"/desk/wrap-up/{talk.standing.handover}" if talk.standing.handover else _path(talk)
