"""The desk of a council: its teams, its hours and its rules, as frozen dataclasses. Pure.

All times are in seconds. What a council's folder leaves out has the values here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.hours import Holidays, Week, is_open

ASSIGNMENTS = PULL, PUSH = ("pull", "push")


@dataclass(frozen=True)
class Team:
    """Who answers for some services, by the names of their folders. The default team answers for all others."""

    id: str
    title: str
    hours: Week
    services: tuple[str, ...] = ()
    default: bool = False

    def is_open(self, moment: datetime, holidays: Holidays) -> bool:
        """Whether the team answers at that moment."""
        return is_open(self.hours, moment, holidays)


@dataclass(frozen=True)
class Topic:
    """A query that goes to a person at once while the desk is open; to ``team``, else to its service's team."""

    query: str
    team: str = ""


@dataclass(frozen=True)
class Choice:
    """One of the words that staff choose from: how a conversation ended, a tag, why they are away."""

    id: str
    title: str


@dataclass(frozen=True)
class Times:
    """How long until something is done.

    ``nobody_came``: somebody who waits is offered to leave a message. ``staff_silent``: a resident waits for an
    answer; staff are warned, then somebody else may take over. ``staff_gone``: the desk was not heard of; the
    conversation is marked, then somebody else may take over. ``resident_silent``: they are asked whether they are
    still there, then the conversation is closed. ``wrap_up``: what staff have for the record afterwards.
    """

    nobody_came: int = 600
    staff_silent_warn: int = 120
    staff_silent_requeue: int = 300
    staff_gone: int = 60
    staff_gone_requeue: int = 120
    resident_silent_ask: int = 300
    resident_silent_close: int = 900
    wrap_up: int = 600


# Pairs of times of which the first comes before the second.
IN_ORDER = (
    ("staff_silent_warn", "staff_silent_requeue"),
    ("staff_gone", "staff_gone_requeue"),
    ("resident_silent_ask", "resident_silent_close"),
)


@dataclass(frozen=True)
class Targets:
    """Service levels in opening hours: ``answer_share`` percent are answered within ``answer_within``."""

    answer_within: int = 120
    answer_share: int = 80
    first_reply_within: int = 60


OUTCOMES = (
    Choice("answered", "Answered"),
    Choice("passed_on", "Passed on to another service"),
    Choice("report_made", "Report or request made"),
    Choice("call_back", "Call-back arranged"),
    Choice("not_for_us", "Not for the council"),
    Choice("abusive", "Ended because of abuse"),
    Choice("no_reply", "No reply from the resident"),
)
AWAY = (
    Choice("break", "Break"),
    Choice("training", "Training"),
    Choice("meeting", "Meeting"),
    Choice("paperwork", "Paperwork"),
)


@dataclass(frozen=True)
class Desk:
    """The desk, whole. Exactly one team is the default one; ``review_by`` is never for rules that nobody wrote."""

    teams: tuple[Team, ...]
    hours: Week
    owner: str = ""
    review_by: date = date.max
    topics: tuple[Topic, ...] = ()
    assignment: str = PULL
    times: Times = Times()
    targets: Targets = Targets()
    outcomes: tuple[Choice, ...] = OUTCOMES
    tags: tuple[Choice, ...] = ()
    away: tuple[Choice, ...] = AWAY

    @property
    def name(self) -> str:
        """What it is called among the facts that are due for review."""
        return "desk"

    @property
    def default_team(self) -> Team:
        """The team for whatever belongs to no other."""
        return next(team for team in self.teams if team.default)

    def team(self, name: str) -> Team | None:
        """The team with that id; None for one that is no more."""
        return next((team for team in self.teams if team.id == name), None)

    def team_for(self, service: str | None) -> Team:
        """The team that answers for a service's folder; the default one where no team or no service is named."""
        return next((team for team in self.teams if service in team.services), self.default_team)

    def topic(self, query: str) -> Topic | None:
        """What is said about a query that goes to a person at once; None for every other query."""
        return next((topic for topic in self.topics if topic.query == query), None)


def plain_desk(hours: Week) -> Desk:
    """The desk of a council that has written no rules: one team, and the values above."""
    return Desk(teams=(Team("general", "General enquiries", hours, default=True),), hours=hours)
