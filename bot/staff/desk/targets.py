"""To whom a conversation may be given: colleagues who are there and have room, and teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.council import council
from bot.handover import QUEUED
from bot.staff.desk.access import SENIORS
from bot.staff.desk.reading import Talk
from bot.staff.permissions import AGENT
from bot.store.presence import Present


@dataclass(frozen=True)
class Target:
    """A team, as it stands in a list. ``is_open``: it answers now."""

    id: str
    title: str
    is_open: bool


def people_for(talk: Talk, now: datetime) -> list[Present]:
    """Who may be given the conversation by ``me``; a senior may always take it themselves, if they have room."""
    if not talk.may_assign:
        return []
    gone = timedelta(seconds=council().desk.times.staff_gone)
    return [
        each
        for each in talk.people
        if each.username != talk.standing.staff
        and each.has < each.capacity
        and {AGENT, *SENIORS} & set(each.roles)
        and (each.takes(now, gone) or each.username == talk.me.username)
        and not (each.username == talk.me.username and talk.standing.owner == QUEUED)  # they take it
    ]


def teams_for(talk: Talk, now: datetime) -> list[Target]:
    """The teams whose queue the conversation may be put into; for one that waits, all but its own."""
    if not talk.may_move:
        return []
    own = talk.record.team if talk.record and talk.standing.owner == QUEUED else None
    here = council()
    return [
        Target(team.id, team.title, team.is_open(now, here.bank_holiday)) for team in here.desk.teams if team.id != own
    ]
