"""Collections as an iCalendar file (RFC 5545, and RFC 7986 for REFRESH-INTERVAL). Pure: no I/O, no clock.

A collection is an all-day event that blocks no time, with an alarm at 6pm the evening before. Its key is made of
the home, the container and the day on which it is ordinarily due, so that a collection that moves stays one event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vDuration

_REFRESH = timedelta(days=1)
_EVENING_BEFORE = -timedelta(hours=6)  # counted from midnight, where an all-day event begins


@dataclass(frozen=True)
class CalendarEntry:
    """One container's collection. ``key`` names it for ever; the other texts are for people."""

    day: date
    key: str
    summary: str
    description: str
    reminder: str


def calendar(name: str, entries: Sequence[CalendarEntry], now: datetime) -> bytes:
    """The file: folded, with CRLF line ends, in UTF-8."""
    feed = Calendar()
    feed.add("prodid", "-//Council Assistant//Bin collections//EN")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", name)
    feed.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    feed.add("x-published-ttl", vDuration(_REFRESH))  # what Outlook reads instead
    for entry in entries:
        feed.add_component(_event(entry, now))
    return bytes(feed.to_ical())


def _event(entry: CalendarEntry, now: datetime) -> Event:
    event = Event()
    event.add("uid", entry.key)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.reminder)
    alarm.add("trigger", _EVENING_BEFORE)
    event.add_component(alarm)
    return event
