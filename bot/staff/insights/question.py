"""What a report is asked for, with what the council's data say about teams, hours and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.hours import Holidays, seconds_open
from bot.profile_desk import Choice, Desk
from bot.queries import Query
from bot.staff.insights.periods import Period
from bot.store.insights_scope import Scope

UNKNOWN_QUERY = "Nothing was understood"
# Wishes that say nothing of what they are about: what stood before them does.
WISHES = ("speak_to_person", "faq/speak_to_person")


@dataclass(frozen=True)
class Question:
    """``queries`` are those of the content, by every name that they are understood by."""

    period: Period
    scope: Scope
    desk: Desk
    holidays: Holidays
    queries: Mapping[str, Query]

    def team(self, name: str) -> str:
        """A team's title; its id when it is no more."""
        known = self.desk.team(name)
        return known.title if known else name or "No team"

    def is_about(self, team: str) -> bool:
        """Whether a team's figures were asked for."""
        return self.scope.team in ("", team)

    def query(self, name: str) -> str:
        """A query's title; its name when it is none of the content's."""
        if not name:
            return UNKNOWN_QUERY
        known = self.queries.get(name)
        return known.title if known else name.replace("_", " ").capitalize()

    def seconds_open(self, team: str, start: datetime, end: datetime) -> float:
        """How much of a time was in a team's opening hours; the desk's for a team that is no more."""
        known = self.desk.team(team)
        return seconds_open(known.hours if known else self.desk.hours, start, end, self.holidays)


def title_of(choices: Sequence[Choice], name: str) -> str:
    """What a choice of the desk is called; its id when it is no more."""
    return next((choice.title for choice in choices if choice.id == name), name)
