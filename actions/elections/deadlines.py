"""Until when people can register, or ask for a postal vote: the rule for everybody, the day for one postcode.

The rule is worth having without a day, so that a back end that fails does not fail these.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, ClassVar

from actions.backends.elections import Elections, Poll, Timetable
from actions.backends.errors import BackendError
from actions.base import Ending, Facts, JourneyAction
from actions.elections.voting import at_home, coming
from bot.text import say

Deadline = Callable[[Timetable], date | None]


class VoteRegister(JourneyAction):
    """Registering, by GOV.UK; until the last minute of the day."""

    journey: ClassVar[str] = "vote_register"

    async def finish(self, facts: Facts) -> Ending:
        return await _deadline(facts, lambda timetable: timetable.register, time.max)


class PostalVote(JourneyAction):
    """Voting by post, by GOV.UK; until 5pm of the last day."""

    journey: ClassVar[str] = "postal_vote"

    async def finish(self, facts: Facts) -> Ending:
        return await _deadline(facts, lambda timetable: timetable.postal, time(17))


async def _deadline(facts: Facts, deadline: Deadline, until: time) -> Ending:
    postcode = facts.value("area")
    if not postcode:
        return Ending("rule")
    values, remember = {"postcode": postcode}, _kept(facts, postcode)
    try:
        elections = await _elections(facts, postcode)
    except BackendError:
        return Ending("no_dates", values, remember)
    if elections is None:
        return Ending("no_dates", values)
    if elections.addresses:
        return Ending("split", values, remember)
    polls = [poll for poll in coming(elections, facts.now) if poll.votes]
    name, told = _next_deadline(facts, polls, deadline, until) if polls else ("none", {})
    return Ending(name, {**values, **told}, remember)


async def _elections(facts: Facts, postcode: str) -> Elections | None:
    """What is coming at the postcode; at the home that the conversation is about, where homes differ."""
    elections = await facts.backends.elections.at_postcode(postcode)
    is_home = "address" in facts.slots and facts.home.postcode == postcode
    return await at_home(facts) if elections and elections.addresses and is_home else elections


def _next_deadline(facts: Facts, polls: list[Poll], deadline: Deadline, until: time) -> tuple[str, dict[str, str]]:
    """The ending: the first vote that can still be made, else the first one, for which it is too late."""
    today = facts.now.date()
    last_days = [(poll, _last_day(poll, deadline)) for poll in polls]
    for poll, last in last_days:
        if last and facts.now < datetime.combine(last, until, facts.now.tzinfo):
            return "last_day" if last == today else "dated", _days(today, poll, last)
    poll, last = last_days[0]
    return ("past", _days(today, poll, last)) if last else ("no_dates", {})


def _last_day(poll: Poll, deadline: Deadline) -> date | None:
    return min(filter(None, (deadline(ballot.timetable) for ballot in poll.votes)), default=None)


def _days(today: date, poll: Poll, last: date) -> dict[str, str]:
    return {"day": say.day(poll.date, today), "last": say.day(last, today)}


def _kept(facts: Facts, postcode: str) -> dict[str, Any]:
    """The postcode is the conversation's from now on; an address elsewhere no longer is."""
    known = (facts.slots.get("postcode") or {}).get("value")
    return {} if known == postcode else {"postcode": {"value": postcode, "said": postcode}, "address": None}
