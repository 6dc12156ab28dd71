"""Councillors and meetings in the shape of Modern.Gov's web service: XML, whose texts are HTML encoded once more."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw, text

from actions.sandbox.civic import CIVIC

_DAY = timedelta(days=1)
_RECESS = 8  # August
_FORM = "%d/%m/%Y"

blueprint = Blueprint("democracy", url_prefix="/democracy/mgWebService.asmx")


@blueprint.get("/GetCouncillorsByWard")
async def councillors_by_ward(request: Request) -> HTTPResponse:
    """Every ward with its councillors."""
    root = Element("councillorsbyward")
    wards = SubElement(root, "wards")
    for ward in CIVIC.wards.values():
        title = ward.get("modern_gov", ward["name"])
        if not title:
            continue
        entry = SubElement(wards, "ward")
        _put(entry, wardtitle=title)
        seats = SubElement(entry, "councillors")
        _put(seats, councillorcount=str(len(ward["councillors"])))
        for place, person in enumerate(ward["councillors"], start=1):
            _councillor(SubElement(seats, "councillor"), ward, place, person)
    return _xml(root)


@blueprint.get("/GetAllMeetingsByDate")
async def all_meetings_by_date(request: Request) -> HTTPResponse:
    """The meetings of all committees from one day to another; as the service, it fails without its parameters."""
    try:
        start, end = (datetime.strptime(request.args[name][0], _FORM).date() for name in ("sFromDate", "sToDate"))
        wanted = int(request.args["lCommitteeId"][0])
    except (KeyError, ValueError):
        return text("Missing parameter or a parameter of the wrong type", 500)
    held = [
        (day, committee)
        for committee in CIVIC.committees
        for day in _meets(committee, start, end)
        if wanted in (-1, committee["id"])
    ]
    root = Element("getmeetingsbydate")
    _put(root, meetingscount=str(len(held)))
    meetings = SubElement(root, "meetings")
    for day, committee in held:
        _put(
            SubElement(meetings, "meeting"),
            meetingid=f"{committee['id']}{day:%m%d}",
            meetingdate=f"{day:{_FORM}}",
            meetingtime=committee["time"],
            meetinglocation=committee["place"],
            meetingstatus=committee.get("status", "Confirmed"),
            committeeid=str(committee["id"]),
            committeetitle=committee["title"],
        )
    return _xml(root)


def _councillor(entry: Element, ward: Mapping[str, Any], place: int, person: Mapping[str, str]) -> None:
    number = ward["number"] * 10 + place
    _put(
        entry,
        councillorid=str(number),
        fullusername=person["name"] if "party" not in person else f"Councillor {person['name']}",
        politicalpartytitle=person.get("party", ""),
        districttitle=ward["name"],
        representing=ward["name"],
        keyposts="",
        additionalcontactinfo=f"<p>{person['surgeries']}</p>" if "surgeries" in person else "",
    )
    if "party" not in person:
        return
    first = person["name"].lower().replace(" ", ".")
    _put(
        SubElement(entry, "workaddress"),
        line1="Town Hall",
        phone=person.get("phone", f"0161 496 0{number + 200:03d}"),
        email=person.get("email", f"cllr.{first}@democracy.example"),
    )
    # Nobody should be told this.
    _put(SubElement(entry, "homeaddress"), line1="1 Home Street", phone="0161 496 0999", email="home@democracy.example")


def _meets(committee: Mapping[str, Any], start: date, end: date) -> Iterator[date]:
    """The days on which a committee meets: the nth weekday of a month, but not in the summer recess."""
    for ahead in range((end - start).days + 1):
        day = start + ahead * _DAY
        if day.weekday() == committee["day"] and (day.day - 1) // 7 + 1 == committee["nth"] and day.month != _RECESS:
            yield day


def _put(element: Element, **texts: str) -> None:
    for name, value in texts.items():
        SubElement(element, name).text = html.escape(value, quote=False)


def _xml(root: Element) -> HTTPResponse:
    return raw(tostring(root, encoding="utf-8", xml_declaration=True), content_type="text/xml; charset=utf-8")
