"""How much each member of staff had: for seniors, who share the work out. It ranks nobody."""

from __future__ import annotations

from collections.abc import Sequence

from bot.handover import STAFF
from bot.staff.insights.question import Question
from bot.staff.insights.tables import SECONDS, TEXT, Column, Row, Table, hide_small_rows
from bot.staff.insights.waiting import length
from bot.store.insights import Figures
from bot.store.insights_staff import Stretch


def load(question: Question, figures: Figures) -> list[Table]:
    """How much each member of staff had, by name."""
    mine = [each for each in figures.stretches if each.owner == STAFF and question.is_about(each.team)]
    names = sorted({each.staff for each in mine if each.staff})
    return [
        Table(
            "load",
            "Load",
            "Conversations that each member of staff had in the period, by name. It says how much there was to do; "
            "it says nothing about how well it was done.",
            (Column("Who", TEXT), Column("Conversations"), Column("Time with them in all", SECONDS)),
            hide_small_rows(_load_row(name, [each for each in mine if each.staff == name]) for name in names),
        )
    ]


def _load_row(name: str, stretches: Sequence[Stretch]) -> Row:
    return name, len({each.handover for each in stretches}), sum(length(each) for each in stretches)
