"""The wall for team leaders: who waits, who is on, how well the desk answers today. Figures, no words of residents."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from bot.council import Council, council
from bot.dialogue.titles import query_titles
from bot.handover import QUEUED, STAFF
from bot.profile_desk import Targets
from bot.staff.desk import levels, rows
from bot.staff.desk.board import Board
from bot.staff.desk.home import unless_known
from bot.staff.desk.levels import Level
from bot.staff.desk.moments import LONDON, clock, waiting
from bot.staff.desk.presence_pages import away
from bot.staff.pages import page
from bot.staff.permissions import may_open
from bot.staff.state import account_of, state_of
from bot.store import desk
from bot.store.desk import Asked, Open
from bot.store.presence import Present


@dataclass(frozen=True)
class TeamFigures:
    """One team, or all of them. ``longest`` is empty where nobody waits."""

    title: str
    is_open: bool
    waiting: int
    longest: str
    with_staff: int
    available: int
    here: int
    answered: Level
    replied: Level


@dataclass(frozen=True)
class Person:
    """Somebody whose desk is open. ``talks`` are their conversations: (id, what it is about)."""

    name: str
    status: str
    is_available: bool
    since: str
    has: int
    capacity: int
    teams: tuple[str, ...]
    talks: tuple[tuple[str, str], ...]


def wall_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("wall")
    blueprint.add_route(_wall, "/wall", name="wall")
    blueprint.add_route(_board, "/wall/board", name="board")
    return blueprint


async def _wall(request: Request) -> HTTPResponse:
    return page(request, "desk/wall.html", **await _contents(request, await state_of(request).boards.now()))


async def _board(request: Request) -> HTTPResponse:
    board = await state_of(request).boards.latest()
    return unless_known(request, page(request, "desk/board.html", **await _contents(request, board)))


async def _contents(request: Request, board: Board) -> dict[str, Any]:
    served = council()
    midnight = board.at.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = await asyncio.to_thread(desk.asked_since, state_of(request).db, midnight)
    can_reassign = may_open(account_of(request).roles, "/desk")
    return {
        "can_reassign": can_reassign,
        "everything": _figures(board, served, asked, None),
        "people": _people(board, served, can_reassign),
        "targets": served.desk.targets,
        "within": _words(served.desk.targets),
        "teams": [_figures(board, served, asked, team.id) for team in served.desk.teams],
        "waits": _waits(board, served) if can_reassign else [],
    }


def _words(targets: Targets) -> tuple[str, str]:
    return _seconds(targets.answer_within), _seconds(targets.first_reply_within)


def _seconds(number: int) -> str:
    if number % 60:
        return f"{number} seconds"
    return "1 minute" if number == 60 else f"{number // 60} minutes"


def _figures(board: Board, served: Council, asked: Sequence[Asked], team_id: str | None) -> TeamFigures:
    """The figures of one team, or of all teams together (None). Only those count who asked while their team answers."""
    rules = served.desk
    team = rules.team(team_id) if team_id else None
    open_ = [each for each in board.open if team is None or rows.team_of(each, rules)[0] == team.id]
    waits = [each.queued_at or each.created_at for each in open_ if each.owner == QUEUED]
    here = [each for each in _here(board, served) if team is None or not each.teams or team.id in each.teams]
    counted = [each for each in asked if _counts(each, served, team_id)]
    within = timedelta(seconds=rules.targets.answer_within), timedelta(seconds=rules.targets.first_reply_within)
    return TeamFigures(
        title=team.title if team else "All teams",
        is_open=_is_open(served, team_id, board.at),
        waiting=len(waits),
        longest=waiting(min(waits), board.at) if waits else "",
        with_staff=sum(each.owner == STAFF for each in open_),
        available=sum(each.is_available for each in here),
        here=len(here),
        answered=levels.answered(counted, within[0], board.at),
        replied=levels.replied(counted, within[1], board.at),
    )


def _counts(each: Asked, served: Council, team_id: str | None) -> bool:
    team = served.desk.team(each.team) or served.desk.default_team
    return team_id in (None, team.id) and team.is_open(each.asked_at, served.bank_holiday)


def _is_open(served: Council, team_id: str | None, at: datetime) -> bool:
    return any(
        team.is_open(at, served.bank_holiday) for team in served.desk.teams if team_id is None or team.id == team_id
    )


def _here(board: Board, served: Council) -> list[Present]:
    gone = timedelta(seconds=served.desk.times.staff_gone)
    return [each for each in board.people.values() if each.is_here(board.at, gone)]


def _people(board: Board, served: Council, with_talks: bool) -> list[Person]:
    """Those who are here or have conversations; first who takes conversations."""
    holders = {each.staff for each in board.open if each.owner == STAFF}
    here = _here(board, served)
    shown = [each for each in board.people.values() if each in here or each.username in holders]
    return [
        Person(
            each.name,
            _status(each, served, each in here),
            each.is_available and each in here,
            clock(each.since) if each.since else "",
            each.has,
            each.capacity,
            tuple(team.title for team in served.desk.teams if team.id in each.teams),
            tuple(_talk(talk) for talk in board.open if talk.staff == each.username) if with_talks else (),
        )
        for each in sorted(shown, key=lambda each: (not (each.is_available and each in here), each.name.lower()))
    ]


def _status(each: Present, served: Council, is_here: bool) -> str:
    if not is_here:
        return "Their desk is closed"
    return "Takes conversations" if each.is_available else f"Is {away(each, served.desk)}"


def _waits(board: Board, served: Council) -> list[tuple[str, str, str, str]]:
    """Who waits, for those who may give them to somebody: id, what about, team, how long."""
    return [
        (*_talk(each), rows.team_of(each, served.desk)[1], waiting(each.queued_at or each.created_at, board.at))
        for each in board.open
        if each.owner == QUEUED
    ]


def _talk(each: Open) -> tuple[str, str]:
    return each.conversation_id, rows.title_of(each.summary, query_titles())
