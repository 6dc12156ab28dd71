"""Where to vote, and who stands."""

from __future__ import annotations

from typing import ClassVar

from actions.backends.elections import Ballot, Elections, Poll
from actions.base import Ending, Facts, JourneyAction
from actions.elections.voting import (
    Row,
    called_off,
    coming,
    next_vote,
    photo_id,
    told_by_home,
    told_by_postcode,
)
from bot.text import say
from bot.text.say import inert


class PollingStation(JourneyAction):
    """The station of the next vote, its hours, and what to bring."""

    journey: ClassVar[str] = "polling_station"

    async def check(self, name: str, facts: Facts) -> Ending | None:
        return await told_by_postcode(facts, _station)

    async def finish(self, facts: Facts) -> Ending:
        return await told_by_home(facts, _station)


def _station(facts: Facts, elections: Elections, where: str) -> Ending:
    today = facts.now.date()
    polls = coming(elections, facts.now)
    poll = next_vote(polls)
    if poll is None:
        is_over = any(day.date == today and day.votes for day in elections.polls)
        return _no_vote(polls, where, "closed" if is_over else "none")
    values = {
        "where": where,
        "day": say.day(poll.date, today),
        "ballots": [{"row": "utter_polling_station_ballot", "title": inert(ballot.title)} for ballot in poll.votes],
        "notes": photo_id(poll.votes, today) + called_off(polls, poll),
    }
    if poll.station is None:
        return Ending("not_known", values)
    station = inert(", ".join(filter(None, (poll.station.address, poll.station.postcode))))
    return Ending("today" if poll.date == today else "station", {**values, "station": station})


def _no_vote(polls: list[Poll], where: str, otherwise: str) -> Ending:
    notes = called_off(polls, None)
    return Ending("cancelled", {"where": where, "notes": notes}) if notes else Ending(otherwise, {"where": where})


class Candidates(JourneyAction):
    """Who stands at the next vote, in the order given and without a word about them."""

    journey: ClassVar[str] = "candidates"

    async def check(self, name: str, facts: Facts) -> Ending | None:
        return await told_by_postcode(facts, _candidates)

    async def finish(self, facts: Facts) -> Ending:
        return await told_by_home(facts, _candidates)


def _candidates(facts: Facts, elections: Elections, where: str) -> Ending:
    polls = coming(elections, facts.now)
    poll = next_vote(polls)
    if poll is None:
        return _no_vote(polls, where, "none")
    rows = [row for ballot in poll.votes for row in _paper(facts, ballot)]
    day = say.day(poll.date, facts.now.date())
    return Ending("list", {"where": where, "day": day, "ballots": rows + called_off(polls, poll)})


def _paper(facts: Facts, ballot: Ballot) -> list[Row]:
    """The rows of one ballot: its title, who stands or when that is known, where to read more."""
    rows: list[Row] = [{"row": "utter_candidates_ballot", "title": inert(ballot.title), "seats": str(ballot.seats)}]
    published = ballot.timetable.names_published
    if not ballot.candidates:
        comes = published and published >= facts.now.date()
        told = {"day": say.day(published, facts.now.date())} if published and comes else {}
        return [*rows, {"row": "utter_candidates_names_by" if told else "utter_candidates_no_names", **told}]
    rows += [
        {"row": "utter_candidates_person", "name": inert(person.name), "party": inert(person.party)}
        for person in ballot.candidates
    ]
    if not ballot.is_final:
        rows.append({"row": "utter_candidates_not_final"})
    if ballot.page:
        rows.append({"row": "utter_candidates_more", "link": ballot.page})
    return rows
