"""Flood warnings near a place, by the Environment Agency: the nearest first, and danger to life before all."""

from __future__ import annotations

from textwrap import shorten
from typing import ClassVar

from actions.backends.errors import BackendError
from actions.backends.floods import ALERT, OVER, SEVERE, WARNING, FloodWarning
from actions.base import Ending, Facts, JourneyAction
from actions.nearby import in_words, miles, position_of
from bot.text import say

NEAR_MILES = 3
KILOMETRES_A_MILE = 1.609344
LONGEST = 240  # characters of a message; the agency's own page has all of it
_ROWS = {
    SEVERE: "utter_flood_warn_row_severe",
    WARNING: "utter_flood_warn_row_warning",
    ALERT: "utter_flood_warn_row_alert",
    OVER: "utter_flood_warn_row_over",
}


class FloodWarn(JourneyAction):
    """See the module's docstring."""

    journey: ClassVar[str] = "flood_warn"

    async def finish(self, facts: Facts) -> Ending:
        near = facts.value("near")
        position = await position_of(facts, near)
        try:
            found = await facts.backends.floods.near(*position, round(NEAR_MILES * KILOMETRES_A_MILE, 1))
        except BackendError:  # silence is no all clear: other words than for any failure, with the number to call
            return Ending("unreached", {"place": in_words(near)}, keep=True)

        def urgency(warning: FloodWarning) -> tuple[bool, bool, float]:
            distance = miles(position, warning.position) if warning.position else NEAR_MILES
            return warning.severity == OVER, warning.severity != SEVERE, distance

        rows = [_row(facts, warning) for warning in sorted(found, key=urgency)]
        values = {"place": in_words(near), "miles": str(NEAR_MILES), "now": say.moment(facts.now, facts.now.date())}
        if not rows:
            return Ending("none", values)
        worst = min(warning.severity for warning in found)
        name = {SEVERE: "severe", OVER: "over"}.get(worst, "current")
        return Ending(name, {**values, "warnings": rows})


def _row(facts: Facts, warning: FloodWarning) -> dict[str, str]:
    return {
        "area": say.inert(warning.place),
        "message": shorten(say.inert(warning.message), LONGEST, placeholder=" ..."),
        "row": _ROWS[warning.severity],
        "changed": say.moment(warning.changed, facts.now.date()),
    }
