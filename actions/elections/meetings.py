"""The next meetings that people may watch."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import ClassVar

from actions.backends.democracy import Meeting
from actions.base import Ending, Facts, JourneyAction
from actions.elections.voting import Row
from bot.text import say
from bot.text.say import inert

AHEAD = timedelta(days=28)
SHOWN = 6


class Meetings(JourneyAction):
    """The next meetings, those called off marked. It asks nothing."""

    journey: ClassVar[str] = "meetings"

    async def finish(self, facts: Facts) -> Ending:
        today = facts.now.date()
        found = await facts.backends.democracy.meetings(today, today + AHEAD)
        ahead = [meeting for meeting in found if not _has_begun(meeting, facts.now)][:SHOWN]
        return Ending("list", {"meetings": [_row(facts, meeting) for meeting in ahead]}) if ahead else Ending("none")


def _has_begun(meeting: Meeting, now: datetime) -> bool:
    return datetime.combine(meeting.date, meeting.start or time.max, now.tzinfo) <= now


def _row(facts: Facts, meeting: Meeting) -> Row:
    row = {
        "committee": inert(meeting.committee),
        "day": say.day(meeting.date, facts.now.date()),
        "time": say.clock(meeting.start) if meeting.start else "",
        "place": inert(meeting.place),
    }
    if meeting.is_off:
        return {**row, "row": "utter_meetings_off"}
    if not meeting.start:
        return {**row, "row": "utter_meetings_no_time"}
    return {**row, "row": "utter_meetings_row" if meeting.place else "utter_meetings_no_place"}
