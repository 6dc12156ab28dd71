"""What journeys about elections share: what is coming at a postcode or a home, what was called off, photo ID."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from actions.backends.elections import Ballot, Elections, Organiser, Poll
from actions.base import Ended, Ending, Facts
from actions.nearby import FORGET_IT
from bot.text import say
from bot.text.picking import Offered, pick_address
from bot.text.say import inert

POLLS_CLOSE = time(22)
# Why a vote is called off, as the elections data names it, and the words for it.
_CALLED_OFF = {
    "EQUAL_CANDIDATES": "utter_elections_off_equal",
    "UNDER_CONTESTED": "utter_elections_off_few",
    "NO_CANDIDATES": "utter_elections_off_nobody",
    "CANDIDATE_DEATH": "utter_elections_off_death",
}
Tell = Callable[[Facts, Elections, str], Ending]
Row = dict[str, str]


async def told_by_postcode(facts: Facts, tell: Tell) -> Ending | None:
    """The answer for a postcode; None where its homes vote in different places, so that one must be picked."""
    postcode = facts.slots["postcode"]["value"]
    elections = await _at_postcode(facts, postcode)
    return None if elections.addresses else tell(facts, elections, postcode)


async def told_by_home(facts: Facts, tell: Tell) -> Ending:
    """The answer for the home picked."""
    where = facts.slots["address"]["said"]
    elections = await at_home(facts)
    if elections is None:
        raise Ended(_not_listed(facts, where))
    return tell(facts, elections, where)


async def at_home(facts: Facts) -> Elections | None:
    """What is coming at the home picked; None when the elections data does not have it."""
    home = facts.home
    elections = await _at_postcode(facts, home.postcode)
    if not elections.addresses:
        return elections
    same = [entry.slug for entry in elections.addresses if entry.slug.lstrip("0") == home.uprn.lstrip("0")]
    if not same:
        picked = pick_address(home.line, [Offered(entry.slug, entry.line) for entry in elections.addresses])
        same = [picked.value] if picked else []
    return await facts.backends.elections.at_address(same[0]) if same else None


async def _at_postcode(facts: Facts, postcode: str) -> Elections:
    """Raises Ended for a postcode that the data does not have, or of another council."""
    elections = await facts.backends.elections.at_postcode(postcode)
    if elections is None:
        raise Ended(_not_listed(facts, postcode))
    whose = elections.organiser
    if whose and whose.gss and facts.council.identity.gss_code not in whose.gss:
        raise Ended(_outside(facts, postcode, whose))
    return elections


def _not_listed(facts: Facts, where: str) -> Ending:
    remember = {} if facts.slots.get("address") else FORGET_IT  # it may have been a slip: it is asked for anew
    return Ending("not_listed", {"where": where}, remember)


def _outside(facts: Facts, postcode: str, whose: Organiser) -> Ending:
    known = next(filter(None, map(facts.council.neighbour_by_gss, whose.gss)), None)
    website = known.website if known else whose.website
    if not website:
        return Ending("outside_unknown", {"postcode": postcode}, FORGET_IT)
    name = known.name if known else inert(whose.name)
    return Ending("outside", {"postcode": postcode, "neighbour": name, "website": website}, FORGET_IT)


def coming(elections: Elections, now: datetime) -> list[Poll]:
    """The days of votes that are not over."""
    return [poll for poll in elections.polls if poll.date > now.date() or _is_open_today(poll, now)]


def _is_open_today(poll: Poll, now: datetime) -> bool:
    return poll.date == now.date() and now.time() < POLLS_CLOSE


def next_vote(polls: Sequence[Poll]) -> Poll | None:
    """The first day on which there is something to vote on."""
    return next((poll for poll in polls if poll.votes), None)


def called_off(polls: Sequence[Poll], until: Poll | None) -> list[Row]:
    """A row for each vote up to a day that does not take place, with the reason."""
    heard = [poll for poll in polls if until is None or poll.date <= until.date]
    off = [ballot for poll in heard for ballot in poll.ballots if ballot.cancelled]
    return [
        {"title": inert(ballot.title), "row": _CALLED_OFF.get(ballot.reason, "utter_elections_off")} for ballot in off
    ]


def photo_id(votes: Sequence[Ballot], today: date) -> list[Row]:
    """What to bring: rows about photo ID, and until when a free card can be asked for."""
    if not any(ballot.needs_photo_id for ballot in votes):
        return [{"row": "utter_elections_no_photo_id"}]
    last = min((ballot.timetable.voter_card for ballot in votes if ballot.timetable.voter_card), default=None)
    rows = [{"row": "utter_elections_photo_id"}]
    if last and last >= today:
        rows.append({"row": "utter_elections_voter_card", "by": say.day(last, today)})
    return rows
