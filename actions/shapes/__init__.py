"""What journeys of a shape do (data/shared/shapes.yml): one class a shape, and from it one a journey.

A journey that is like a shape needs no code of its own: its class is made here when this package is loaded, which is
how the SDK finds actions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.base import JourneyAction
from actions.shapes.by_hour import ByHour
from actions.shapes.case import CaseForStaff
from actions.shapes.nearest import NearestPlaces
from actions.shapes.report import ReportToCouncil
from bot.dialogue.journey_reader import journeys

SHAPES: Mapping[str, type[Any]] = {
    "report": ReportToCouncil,
    "case": CaseForStaff,
    "nearby": NearestPlaces,
    "hours": ByHour,
}


def _make_actions() -> None:
    for journey in journeys().values():
        if journey.shape:
            title = journey.id.title().replace("_", "")
            made = {"journey": journey.id, "name": JourneyAction.name, "__module__": __name__}
            globals()[title] = type(title, (SHAPES[journey.shape],), made)


_make_actions()
