"""The calendar file, read back as a phone would read it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from channels.calendar.codec import CalendarEntry, calendar

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=ZoneInfo("Europe/London"))
ENTRY = CalendarEntry(
    day=date(2027, 3, 28),  # the clocks go forward
    key="20270328-black_bin-1a2b@chat.example.gov.uk",
    summary="Black bin collection",
    description="Put it out before 7am; not the night after, or it will not be emptied; caddy too.\nMoved, sorry",
    reminder="Put out tomorrow: Black bin",
)


def test_a_collection_is_an_all_day_event_that_blocks_no_time() -> None:
    feed = Calendar.from_ical(calendar("Bin collections", [ENTRY], NOW))
    assert (feed["VERSION"], feed["X-WR-CALNAME"]) == ("2.0", "Bin collections")
    assert feed["PRODID"].startswith("-//")
    (event,) = feed.walk("VEVENT")
    assert event.decoded("DTSTART") == date(2027, 3, 28)
    assert event.decoded("DTEND") == date(2027, 3, 29)
    assert event.decoded("DTSTAMP") == NOW
    assert (event["UID"], event["SUMMARY"], event["TRANSP"]) == (ENTRY.key, ENTRY.summary, "TRANSPARENT")
    assert event["DESCRIPTION"] == ENTRY.description


def test_the_alarm_is_at_six_the_evening_before() -> None:
    (alarm,) = Calendar.from_ical(calendar("Bin collections", [ENTRY], NOW)).walk("VALARM")
    assert (alarm["ACTION"], alarm["DESCRIPTION"]) == ("DISPLAY", ENTRY.reminder)
    midnight = datetime(2027, 3, 28)
    assert midnight + alarm.decoded("TRIGGER") == datetime(2027, 3, 27, 18)
    assert alarm.decoded("TRIGGER") == timedelta(hours=-6)


def test_the_bytes_are_as_phones_expect_them() -> None:
    data = calendar("Bin collections", [ENTRY], NOW)
    assert data.startswith(b"BEGIN:VCALENDAR\r\n") and data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert not any(b"\n" in line for line in lines), "every line ends with CRLF"
    assert all(len(line) <= 75 for line in lines), "long lines are folded"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:P1D" in lines
    assert b"DTSTART;VALUE=DATE:20270328" in lines


def test_a_home_without_collections_has_an_empty_calendar() -> None:
    assert not Calendar.from_ical(calendar("Bin collections", [], NOW)).walk("VEVENT")
