"""Severe weather and the like: what the council itself warns of now, the worst first."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from actions.backends.errors import BackendError
from actions.backends.notices import SEVERITIES, Alert
from actions.base import Ending, Facts, JourneyAction
from actions.content import word
from bot.text import say

AT_ONCE = ("extreme", "severe")  # told as a danger
DANGER, NOTICE = "utter_severe_weather_row_danger", "utter_severe_weather_row_notice"


class SevereWeather(JourneyAction):
    """See the module's docstring."""

    journey: ClassVar[str] = "severe_weather"

    async def finish(self, facts: Facts) -> Ending:
        try:
            listing = await facts.backends.notices.alerts()
        except BackendError:  # silence is no all clear, and a look-up cannot be gone on with
            return Ending("unreached")
        current = [alert for alert in listing.items if alert.end is None or alert.end > facts.now]
        values = {"updated": say.moment(listing.updated, facts.now.date())}
        if not current:
            return Ending("none", values)
        return Ending("alerts", {**values, "alerts": [_row(facts, alert) for alert in sorted(current, key=_urgency)]})


def _urgency(alert: Alert) -> tuple[int, datetime]:
    return SEVERITIES.index(alert.severity), alert.start


def _row(facts: Facts, alert: Alert) -> dict[str, str]:
    today = facts.now.date()
    return {
        "title": say.inert(alert.title),
        "text": say.inert(alert.text),
        "areas": say.inert(say.listed(alert.areas)) or facts.council.identity.short,
        "begins": say.moment(alert.start, today),
        "ends": say.moment(alert.end, today) if alert.end else word("unknown_date"),
        "row": DANGER if alert.severity in AT_ONCE else NOTICE,
    }
