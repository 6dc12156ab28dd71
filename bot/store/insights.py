"""All figures of the reports, read in one moment. Numbers and names of ours, never what anybody wrote.

What is counted, from when to when, and what is left out stands in docs/reports.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.store import insights_staff, insights_volumes, insights_words
from bot.store.engine import Database
from bot.store.insights_scope import Scope
from bot.store.insights_staff import Given, Stretch
from bot.store.insights_volumes import Hourly, Kept, Rated
from bot.store.insights_words import Ended, Journeyed, Understood


@dataclass(frozen=True)
class Figures:
    """See the functions of these names."""

    opened: int
    conversations: list[Hourly]
    messages: list[Hourly]
    kept: list[Kept]
    rated: list[Rated]
    understood: list[Understood]
    before_staff: Mapping[str, int]
    journeys: list[Journeyed]
    endings: list[Ended]
    given: list[Given]
    stretches: list[Stretch]


def read(db: Database, scope: Scope, wishes: Iterable[str] = ()) -> Figures:
    """The figures of a scope. ``wishes`` are the queries that only ask for staff (see ``before_staff``)."""
    with db.snapshot() as connection:
        return Figures(
            opened=insights_volumes.opened(connection, scope),
            conversations=insights_volumes.conversations_hourly(connection, scope),
            messages=insights_volumes.messages_hourly(connection, scope),
            kept=insights_volumes.kept(connection, scope),
            rated=insights_volumes.rated(connection, scope),
            understood=insights_words.understood(connection, scope),
            before_staff=insights_words.before_staff(connection, scope, wishes),
            journeys=insights_words.journeys(connection, scope),
            endings=insights_words.endings(connection, scope),
            given=insights_staff.given(connection, scope),
            stretches=insights_staff.stretches(connection, scope),
        )


def channels(db: Database) -> list[str]:
    """All channels that there were conversations on."""
    with db.read() as connection:
        return insights_volumes.channels(connection)
