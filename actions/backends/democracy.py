"""Councillors and meetings, by the web service of Modern.Gov (``mgWebService.asmx``), which answers in XML.

The service has no published contract. What is relied on: GetCouncillorsByWard gives every ward with its councillors;
GetAllMeetingsByDate takes days as dd/mm/yyyy and -1 for all committees (another form of day makes it give
everything, so that the days are looked at again here); texts are HTML that was encoded once more. Home addresses are
in the answers too, and are not read.
"""

from __future__ import annotations

import datetime as dt  # not "from": Meeting has a field named date
import html
import json
import re
from dataclasses import dataclass
from typing import Any, Protocol
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree

from actions.backends.http import Http
from actions.backends.reading import Record

_LISTS = {"wards": "ward", "councillors": "councillor", "meetings": "meeting"}
_OBJECTS = ("councillorsbyward", "ward", "councillor", "workaddress", "getmeetingsbydate", "meeting")
_BEFORE = b"\xef\xbb\xbf \t\r\n"  # a byte order mark, which servers on Windows like to send
_ALL_COMMITTEES = "-1"
_DAY = "%d/%m/%Y"
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)\s*(?:([ap])\.?m\.?)?", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)+")
_PHONE = re.compile(r"\+?[\d ]{6,20}")
_TAG = re.compile(r"<[^<>]*>")
_VACANT = re.compile(r"\bvaca(nt|ncy)\b", re.IGNORECASE)
_CALLED_OFF = re.compile(r"cancel|postpone|abandon", re.IGNORECASE)
_TITLE = re.compile(r"^(councillor|cllr\.?)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Councillor:
    """Somebody who was elected for a ward; what is not known is "". ``surgeries`` is where and when to meet them."""

    name: str
    party: str
    email: str
    phone: str
    surgeries: str


@dataclass(frozen=True)
class Ward:
    """A ward with its councillors, and how many seats are empty."""

    name: str
    councillors: tuple[Councillor, ...]
    vacancies: int


@dataclass(frozen=True)
class Meeting:
    """A meeting of a committee that people may watch; ``start`` is None when no hour is known."""

    committee: str
    date: dt.date
    start: dt.time | None
    place: str
    is_off: bool


class Democracy(Protocol):
    """Who was elected, and when they meet."""

    async def ward(self, name: str) -> Ward | None:
        """The ward of this name, however it is written; None when there is none."""

    async def meetings(self, start: dt.date, end: dt.date) -> list[Meeting]:
        """The meetings from start to end, both included, in order."""


class ModernGov:
    """Councillors and meetings from Modern.Gov."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def ward(self, name: str) -> Ward | None:
        """The ward of this name, however it is written; None when there is none."""
        async with self._http.call():
            raw = await self._http.get("/mgWebService.asmx/GetCouncillorsByWard", read=read_xml)
        wards = _parts(Record(self._http.name, raw).part("councillorsbyward"), "wards")
        found = [entry for entry in wards if _plain(entry.text("wardtitle", "")) == _plain(name)]
        return _ward(found[0]) if found else None

    async def meetings(self, start: dt.date, end: dt.date) -> list[Meeting]:
        """The meetings from start to end, both included, in order."""
        params = {"lCommitteeId": _ALL_COMMITTEES, "sFromDate": f"{start:{_DAY}}", "sToDate": f"{end:{_DAY}}"}
        async with self._http.call():
            raw = await self._http.get("/mgWebService.asmx/GetAllMeetingsByDate", params, read=read_xml)
        entries = _parts(Record(self._http.name, raw).part("getmeetingsbydate"), "meetings")
        found = [meeting for meeting in map(_meeting, entries) if start <= meeting.date <= end]
        return sorted(found, key=lambda meeting: (meeting.date, meeting.start or dt.time.min, meeting.committee))


def read_xml(body: bytes) -> Any:
    """XML as JSON would have it; any other element is the text in it, HTML or not. ValueError if it is neither."""
    if not body.lstrip(_BEFORE).startswith(b"<"):
        return json.loads(body)
    try:
        root = ElementTree.fromstring(body.lstrip(_BEFORE), forbid_dtd=True)
    except (ParseError, LookupError):
        raise ValueError("not XML") from None
    return {_name(root): _value(root)}


def _value(element: Element) -> Any:
    if _name(element) in _LISTS:
        return [_value(child) for child in element if _name(child) == _LISTS[_name(element)]]
    if _name(element) in _OBJECTS:
        return {_name(child): _value(child) for child in element}
    return " ".join(element.itertext()).strip() or None


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower()


def _parts(entry: Record, field: str) -> list[Record]:
    """A list that must be there, though it may be empty."""
    if not entry.has(field):
        raise entry.nonsense(field)
    return entry.parts(field)


def _text(entry: Record, field: str) -> str:
    """A text without its HTML, on one line."""
    return " ".join(_TAG.sub(" ", html.unescape(entry.text(field, ""))).split())


def _plain(name: str) -> str:
    """ "Bredbury Green & Romiley Ward" and "Bredbury Green and Romiley" are one ward."""
    words = re.findall(r"[a-z0-9]+", html.unescape(name).lower().replace("&", " and ").replace("'", ""))
    return " ".join(word for word in words if word not in ("ward", "the"))


def _ward(entry: Record) -> Ward:
    seats = [(_text(seat, "fullusername"), seat) for seat in entry.parts("councillors")]
    if not all(name for name, _ in seats):
        raise entry.nonsense("fullusername")
    filled = [(name, seat) for name, seat in seats if not _VACANT.search(name)]
    people = tuple(_councillor(name, seat) for name, seat in filled)
    return Ward(_text(entry, "wardtitle"), people, len(seats) - len(filled))


def _councillor(name: str, entry: Record) -> Councillor:
    work = entry.part("workaddress") if entry.has("workaddress") else Record("", {})
    phones = [_text(work, field) for field in ("phone", "mobile")]
    return Councillor(
        name=_TITLE.sub("", name),
        party=_text(entry, "politicalpartytitle"),
        email=next(filter(_EMAIL.fullmatch, (_text(work, "email"),)), ""),
        phone=next(filter(_PHONE.fullmatch, phones), ""),
        surgeries=_text(entry, "additionalcontactinfo"),
    )


def _meeting(entry: Record) -> Meeting:
    committee = _text(entry, "committeetitle")
    if not committee:
        raise entry.nonsense("committeetitle")
    try:
        day = dt.datetime.strptime(entry.text("meetingdate"), _DAY).date()
    except ValueError:
        raise entry.nonsense("meetingdate") from None
    return Meeting(
        committee=committee,
        date=day,
        start=_clock(_text(entry, "meetingtime")),
        place=_text(entry, "meetinglocation"),
        is_off=bool(_CALLED_OFF.search(_text(entry, "meetingstatus"))),
    )


def _clock(text: str) -> dt.time | None:
    """ "18:00" or "6.00 pm"; None for no hour."""
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hour, half = int(found[1]), (found[3] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return dt.time(hour, int(found[2]))
