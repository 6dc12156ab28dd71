"""All reports in the order of the page: each section with the files that its tables make, and who may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.staff.insights.handovers import handovers, unserved
from bot.staff.insights.load import load
from bot.staff.insights.question import Question
from bot.staff.insights.ratings import ratings
from bot.staff.insights.tables import Cell, Table
from bot.staff.insights.understanding import journeys, understanding
from bot.staff.insights.volumes import containment, volumes
from bot.staff.insights.waiting import waiting
from bot.staff.permissions import SENIOR
from bot.store.insights import Figures


@dataclass(frozen=True)
class Section:
    """A part of the page. ``names`` are those of its tables; ``role`` is who alone may see it, "" for everybody."""

    id: str
    title: str
    tables: Callable[[Question, Figures], list[Table]]
    names: tuple[str, ...]
    role: str = ""


SECTIONS = (
    Section("volumes", "Conversations and messages", volumes, ("volume", "by_day", "by_hour")),
    Section("containment", "What the assistant kept", containment, ("containment",)),
    Section("journeys", "Journeys", journeys, ("journeys", "journey_endings")),
    Section(
        "understanding",
        "Understanding",
        understanding,
        ("understood", "queries", "refused_queries", "queries_before_staff"),
    ),
    Section(
        "handovers",
        "What went to staff",
        handovers,
        ("handovers_by_reason", "handovers_by_team", "handovers_by_outcome", "handovers_by_tag"),
    ),
    Section("unserved", "Nobody came, and messages left", unserved, ("abandoned", "messages_left")),
    Section("waiting", "How long it took", waiting, ("waits", "first_replies", "handling")),
    Section("ratings", "What residents thought", ratings, ("ratings", "scores")),
    Section("load", "Load of staff", load, ("load",), role=SENIOR),
)


def sections_for(roles: Iterable[str]) -> list[Section]:
    """The sections that somebody with these roles may see."""
    mine = frozenset(roles)
    return [section for section in SECTIONS if section.role in ("", *mine)]


def section_of(name: str) -> Section | None:
    """The section that a file belongs to; None when there is no such file."""
    return next((section for section in SECTIONS if name in section.names), None)


# The figures at the top of the page: a name, and the table, row and column that each stands in.
_GLANCE = (
    ("Conversations", "volume", 0, 1),
    ("Kept by the assistant", "containment", -1, 3),
    ("Messages refused", "understood", -1, 3),
    ("Median wait for staff", "waits", -1, 2),
    ("Waits within target", "waits", -1, 6),
    ("Mean rating", "ratings", 0, 4),
)


def glance(parts: Sequence[tuple[Section, Sequence[Table]]]) -> list[tuple[str, Cell, str]]:
    """The figures at the top: name, cell and kind of each that there is."""
    known = {table.name: table for _, tables in parts for table in tables}
    return [
        (name, known[table].rows[row][column], known[table].columns[column].kind)
        for name, table, row, column in _GLANCE
        if table in known
    ]
