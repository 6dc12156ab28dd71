"""How long it took: until somebody came, until their first words, with staff, and wrapping up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.handover import QUEUED, STAFF, TAKE
from bot.staff.insights.measures import median, ninetieth, share
from bot.staff.insights.question import Question
from bot.staff.insights.tables import SECONDS, SHARE, TEXT, Column, Row, Table
from bot.store.insights import Figures
from bot.store.insights_staff import Given, Stretch


@dataclass(frozen=True)
class Lasted:
    """A time of a team's, in seconds: by the clock, and how much of it was in the team's opening hours.

    ``served``: somebody of the staff ended it.
    """

    team: str
    whole: float
    open: float
    served: bool = True


def waiting(question: Question, figures: Figures) -> list[Table]:
    """Waits, first replies, and time with staff, each by team."""
    return [_waits(question, figures), _first_replies(question, figures), _handling(question, figures)]


def _waits(question: Question, figures: Figures) -> Table:
    targets = question.desk.targets
    waits = [
        _lasted(question, each.team, each.start, each.end, each.event == TAKE)
        for each in figures.stretches
        if each.owner == QUEUED and each.end and question.is_about(each.team)
    ]
    return _timed(
        "waits",
        "Waiting for staff",
        "Each wait in the queue until somebody took the conversation; one that was put back waits again. The target "
        f"is {targets.answer_share}% within {_seconds(targets.answer_within)} of opening hours. Its share is of the "
        "waits in which somebody came, and of those in which nobody had come by then.",
        _by_team(question, waits),
        targets.answer_within,
    )


def _first_replies(question: Question, figures: Figures) -> Table:
    within = question.desk.targets.first_reply_within
    replies = [
        _lasted(question, each.team, each.taken_at, each.first_reply_at)
        for each in figures.given
        if each.taken_at and each.first_reply_at
    ]
    return _timed(
        "first_replies",
        "First reply",
        "From when a conversation was first taken to the first words of staff. The target is within "
        f"{_seconds(within)} of opening hours.",
        _by_team(question, replies),
        within,
    )


def _timed(name: str, title: str, about: str, teams: Iterable[tuple[str, list[Lasted]]], within: int) -> Table:
    return Table(
        name,
        title,
        about,
        (
            Column("Team", TEXT),
            Column("How many"),
            Column("Median", SECONDS),
            Column("9 of 10", SECONDS),
            Column("Median in opening hours", SECONDS),
            Column("9 of 10 in opening hours", SECONDS),
            Column("Within target", SHARE),
        ),
        tuple(_timed_row(team, times, within) for team, times in teams),
        drawn=6,
    )


def _timed_row(team: str, times: Sequence[Lasted], within: int) -> Row:
    served = [each for each in times if each.served]
    whole, opened = [each.whole for each in served], [each.open for each in served]
    in_time = sum(each.open <= within for each in served)
    missed = sum(each.open > within for each in times if not each.served)
    figures = (median(whole), ninetieth(whole), median(opened), ninetieth(opened))
    return team, len(served), *figures, share(in_time, len(served) + missed)


@dataclass(frozen=True)
class Handled:
    """How long staff had a conversation, and how long wrapping it up took, in seconds; None if it is not done."""

    team: str
    held: float
    wrap_up: float | None


def _handling(question: Question, figures: Figures) -> Table:
    held: dict[str, float] = {}
    for stretch in figures.stretches:
        if stretch.owner == STAFF and stretch.end:
            held[stretch.handover] = held.get(stretch.handover, 0.0) + length(stretch)
    handled = [_handled(each, held[each.reference]) for each in figures.given if each.left_at and each.taken_at]
    return Table(
        "handling",
        "With staff",
        "Conversations that staff had and that are over: how long they had them, without what was spent in the queue "
        "again, and how long wrapping up took afterwards. By the clock, and for the team that had it last.",
        (
            Column("Team", TEXT),
            Column("How many"),
            Column("Median", SECONDS),
            Column("9 of 10", SECONDS),
            Column("Wrapped up"),
            Column("Median of wrapping up", SECONDS),
            Column("9 of 10 of wrapping up", SECONDS),
        ),
        tuple(_handled_row(team, mine) for team, mine in _by_team(question, handled)),
        drawn=2,
    )


def _handled(each: Given, held: float) -> Handled:
    if not (each.left_at and each.done_at and each.done_by):
        return Handled(each.team, held, None)
    return Handled(each.team, held, (each.done_at - each.left_at).total_seconds())


def _handled_row(team: str, handled: Sequence[Handled]) -> Row:
    held = [each.held for each in handled]
    wrapped = [each.wrap_up for each in handled if each.wrap_up is not None]
    return team, len(held), median(held), ninetieth(held), len(wrapped), median(wrapped), ninetieth(wrapped)


def length(stretch: Stretch) -> float:
    """How long it was in seconds; 0 while it lasts."""
    return (stretch.end - stretch.start).total_seconds() if stretch.end else 0.0


def _lasted(question: Question, team: str, start: datetime, end: datetime, served: bool = True) -> Lasted:
    return Lasted(team, (end - start).total_seconds(), question.seconds_open(team, start, end), served)


def _by_team(question: Question, times: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """The times of each team, by its title, and then of all teams."""
    for title, team in sorted((question.team(team), team) for team in {each.team for each in times}):
        yield title, [each for each in times if each.team == team]
    yield "All", list(times)


def _seconds(number: int) -> str:
    return "1 second" if number == 1 else f"{number:,} seconds"
