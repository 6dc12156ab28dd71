"""Keeps the promises about time while people talk to people: who waits too long, who has gone, who is next.

It runs in the assistant's process and not in the staff's, so that residents are told when the staff's is down. Every
second it looks at the conversations that the assistant does not own, and does what bot/handover.py finds due. All of
it is compare-and-set: with several assistants the quickest does it, once. Those who wait are told as they come forward.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import handover
from bot.council import council
from bot.handover import Colleague
from bot.live.bells import Bells
from bot.notices import notice
from bot.profile_desk import PUSH
from bot.store import desk, handovers, ownership, presence
from bot.store.desk import Open
from bot.store.engine import Database
from bot.store.ownership import KEEPER, Change, Full, Overtaken
from bot.store.presence import Present

logger = logging.getLogger(__name__)

EVERY = 1.0  # seconds


@dataclass(frozen=True)
class Act:
    """What is done when something is due: a step with a notice, or only a notice. ``payload``: for Rasa."""

    notice: str
    event: str = ""
    payload: str = ""
    note: str = ""


ACTS = {
    handover.NOBODY_CAME: Act("nobody_came", handover.EXPIRE, f"/{handover.IN_VAIN}"),
    handover.STAFF_GONE_REQUEUE: Act("waiting_again", handover.REQUEUE, note="The desk was not heard of any more."),
    handover.STAFF_SILENT_REQUEUE: Act("waiting_again", handover.REQUEUE, note="The resident waited too long."),
    handover.RESIDENT_SILENT_CLOSE: Act("resident_silent_close", handover.END, note="The resident said nothing more."),
    handover.STAFF_GONE: Act("staff_gone"),
    handover.RESIDENT_SILENT_ASK: Act("resident_silent_ask"),
}


class Keeper:
    """Runs beside the inbox. ``teams``: the teams of which somebody takes conversations now, in their hours."""

    def __init__(self, db: Database, bells: Bells, now: Callable[[], datetime]) -> None:
        self._db = db
        self._bells = bells
        self._now = now
        self._task: asyncio.Task[None] | None = None
        self._has_failed = False
        self.teams: tuple[str, ...] = ()
        self._places: dict[str, int] = {}

    async def start(self) -> None:
        await self.look()
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self.look()

    async def look(self) -> None:
        """One look. With the ledger out of reach nobody can be promised a person."""
        try:
            changed, places = await asyncio.to_thread(self._look)
        except Exception:
            if not self._has_failed:  # said once, not every second
                logger.exception("The desk could not be looked after")
            self._has_failed, self.teams = True, ()
            return
        self._has_failed = False
        for conversation_id in changed:
            self._bells.wake(conversation_id)
        for conversation_id, place in places.items():
            if self._places.get(conversation_id) != place:
                self._bells.move(conversation_id, place)
        self._places = places

    def _look(self) -> tuple[list[str], dict[str, int]]:
        """Do what is due: the conversations in which anything was, and the places in the queues before that."""
        at, rules = self._now(), council().desk
        staff = presence.everybody(self._db)
        here = [each for each in staff if each.takes(at, _gone())]
        self.teams = tuple(
            team.id
            for team in rules.teams
            if team.is_open(at, council().bank_holiday) and any(_answers_for(each, team.id) for each in here)
        )
        handovers.close_overdue(self._db, at - timedelta(seconds=rules.times.wrap_up), at)
        talks = desk.open_conversations(self._db)
        names = {each.username: each for each in staff}
        changed = [talk.conversation_id for talk in talks if self._see_to(talk, names, at)]
        if rules.assignment == PUSH:
            changed += self._assign(talks, here, at)
        return changed, _places(talks)

    def _see_to(self, talk: Open, staff: dict[str, Present], at: datetime) -> bool:
        """Do what is due in one conversation; whether anything was."""
        owner = staff.get(talk.staff or "")
        due = handover.due(talk.watched(owner.seen_at if owner else None), council().desk.times, at)
        if due is None:
            return False
        act = ACTS[due]
        told = notice(act.notice, name=owner.name if owner else "")
        try:
            if not act.event:
                return ownership.remind(self._db, talk.conversation_id, talk.version, due, told, at)
            wanted = Change(
                act.event,
                KEEPER,
                version=talk.version,
                notice=told,
                payload=act.payload,
                note=act.note,
                reason=due,
            )
            ownership.change(self._db, talk.conversation_id, wanted, at)
        except Overtaken:  # by a second assistant, or by the very person who was waited for
            return False
        if due in (handover.STAFF_GONE_REQUEUE, handover.STAFF_SILENT_REQUEUE) and talk.staff:
            presence.withdraw(self._db, talk.staff, at)  # or they would be given the next one
        logger.info("Conversation %s: %s", talk.conversation_id, due)
        return True

    def _assign(self, talks: list[Open], here: list[Present], at: datetime) -> list[str]:
        """Give those who wait to whoever of their team has most room; the ids of those that were given."""
        given = []
        has = {each.username: each.has for each in here}
        names = {each.username: each.name for each in here}
        for talk in talks:
            if talk.owner != handover.QUEUED:
                continue
            team = talk.team or council().desk.default_team.id
            free = [_colleague(each, has[each.username], at) for each in here]
            chosen = handover.fairest(free, team)
            if chosen is None:
                continue
            wanted = Change(
                handover.TAKE,
                KEEPER,
                version=talk.version,
                staff=chosen.username,
                capacity=chosen.capacity,
                notice=notice("joined", name=names[chosen.username]),
            )
            try:
                ownership.change(self._db, talk.conversation_id, wanted, at)
            except (Overtaken, Full):
                continue
            has[chosen.username] += 1
            given.append(talk.conversation_id)
        return given


def _places(talks: list[Open]) -> dict[str, int]:
    """How many of its team's queue are served no later than each conversation that waits, itself included."""
    found: dict[str, int] = {}
    waiting: Counter[str] = Counter()
    for talk in talks:  # in the order in which they are served
        if talk.owner == handover.QUEUED:
            waiting[talk.team] += 1
            found[talk.conversation_id] = waiting[talk.team]
    return found


def _gone() -> timedelta:
    return timedelta(seconds=council().desk.times.staff_gone)


def _answers_for(each: Present, team: str) -> bool:
    """Who belongs to no team answers for all of them."""
    return not each.teams or team in each.teams


def _colleague(each: Present, has: int, at: datetime) -> Colleague:
    teams = each.teams or tuple(team.id for team in council().desk.teams)
    return Colleague(each.username, frozenset(teams), has, each.capacity, each.since or at)
