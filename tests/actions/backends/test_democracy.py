"""Modern.Gov's XML: wards however they are written, people and not their homes, meetings by day and hour."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from actions.backends.democracy import Councillor, ModernGov, Ward, read_xml
from actions.backends.errors import BackendNonsense
from tests.actions.backends.standin import StandIn

PERSON = """
<councillor>
  <councillorid>7</councillorid>
  <fullusername>Councillor Zoe Zeal</fullusername>
  <politicalpartytitle>Town &amp;amp; Country Party</politicalpartytitle>
  <additionalcontactinfo>&lt;p&gt;Every Friday,&lt;br /&gt;5pm&lt;/p&gt;</additionalcontactinfo>
  <workaddress><line1>Town Hall</line1><phone></phone><mobile>07700 900123</mobile>
    <email>zoe@democracy.example</email></workaddress>
  <homeaddress><line1>1 Home Street</line1><phone>0161 496 0999</phone>
    <email>home@democracy.example</email></homeaddress>
</councillor>
"""


def wards(*people: str, title: str = "Bredbury Green &amp;amp; Romiley") -> bytes:
    return f"""<?xml version="1.0" encoding="utf-8"?>
    <councillorsbyward><wards>
      <ward><wardtitle>Manor</wardtitle><councillors><councillorcount>0</councillorcount></councillors></ward>
      <ward><wardtitle>{title}</wardtitle>
        <councillors><councillorcount>{len(people)}</councillorcount>{"".join(people)}</councillors></ward>
    </wards></councillorsbyward>""".encode()


def meetings(*fields: dict[str, str]) -> bytes:
    usual = {"meetingid": "1", "meetingdate": "25/11/2026", "committeeid": "9", "committeetitle": "Cabinet"}
    entries = [
        "<meeting>" + "".join(f"<{name}>{text}</{name}>" for name, text in {**usual, **each}.items()) + "</meeting>"
        for each in fields
    ]
    count = f"<meetingscount>{len(entries)}</meetingscount>"
    return f"<getmeetingsbydate>{count}<meetings>{''.join(entries)}</meetings></getmeetingsbydate>".encode()


async def ward(standin: StandIn, body: bytes, name: str = "Bredbury Green and Romiley") -> Ward | None:
    standin.answer = body
    return await ModernGov(standin.http()).ward(name)


async def listed(standin: StandIn, *fields: dict[str, str]) -> list[Any]:
    standin.answer = meetings(*fields)
    return await ModernGov(standin.http()).meetings(date(2026, 11, 24), date(2026, 12, 24))


async def test_a_councillor_is_read_and_their_home_is_not(standin: StandIn) -> None:
    found = await ward(standin, wards(PERSON))
    zoe = Councillor("Zoe Zeal", "Town & Country Party", "zoe@democracy.example", "07700 900123", "Every Friday, 5pm")
    assert found == Ward("Bredbury Green & Romiley", (zoe,), 0)
    assert standin.requests[0].path == "/mgWebService.asmx/GetCouncillorsByWard"


@pytest.mark.parametrize("name", ["BREDBURY GREEN & ROMILEY", "Bredbury Green and Romiley Ward"])
async def test_a_ward_is_found_however_it_is_written(standin: StandIn, name: str) -> None:
    assert await ward(standin, wards(PERSON), name)


async def test_a_ward_that_is_not_there(standin: StandIn) -> None:
    assert await ward(standin, wards(PERSON), "Bredbury") is None
    assert await ward(standin, b"<councillorsbyward><wards/></councillorsbyward>") is None


async def test_empty_seats_are_counted(standin: StandIn) -> None:
    vacancy = "<councillor><fullusername>Vacancy</fullusername></councillor>"
    found = await ward(standin, wards(PERSON, vacancy, vacancy.replace("Vacancy", "Vacant seat")))
    assert found and (len(found.councillors), found.vacancies) == (1, 2)
    assert await ward(standin, wards(PERSON), "Manor") == Ward("Manor", (), 0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("zoe@democracy.example", ""),
        ("zoe@democracy.example", "see website"),
        ("zoe@democracy.example", "a@b.example](javascript:x)"),
    ],
)
async def test_an_email_that_is_none_is_left_out(standin: StandIn, old: str, new: str) -> None:
    found = await ward(standin, wards(PERSON.replace(f"<email>{old}", f"<email>{new}")))
    assert found and found.councillors[0].email == "" and found.councillors[0].phone == "07700 900123"


async def test_a_councillor_without_any_contact(standin: StandIn) -> None:
    found = await ward(standin, wards("<councillor><fullusername>Cllr. Al Abbot</fullusername></councillor>"))
    assert found and found.councillors == (Councillor("Al Abbot", "", "", "", ""),)


async def test_a_mark_of_windows_and_html_that_is_not_encoded_do_no_harm(standin: StandIn) -> None:
    raw = PERSON.replace("&lt;p&gt;Every Friday,&lt;br /&gt;5pm&lt;/p&gt;", "<p>Every Friday,<br /> 5pm</p>")
    found = await ward(standin, b"\xef\xbb\xbf" + wards(raw))
    assert found and found.councillors[0].surgeries == "Every Friday, 5pm"


@pytest.mark.parametrize(
    ("fields", "start", "place", "is_off"),
    [
        (
            {"meetingtime": "18:00", "meetinglocation": "Room 1", "meetingstatus": "Confirmed"},
            time(18),
            "Room 1",
            False,
        ),
        ({"meetingtime": "6.30 pm", "meetingstatus": "Cancelled; no business"}, time(18, 30), "", True),
        ({"meetingtime": "12.00 p.m.", "meetingstatus": "POSTPONED"}, time(12), "", True),
        ({"meetingtime": "to be confirmed"}, None, "", False),
    ],
)
async def test_a_meeting_is_read(
    standin: StandIn, fields: dict[str, str], start: time | None, place: str, is_off: bool
) -> None:
    (found,) = await listed(standin, fields)
    assert (found.committee, found.date) == ("Cabinet", date(2026, 11, 25))
    assert (found.start, found.place, found.is_off) == (start, place, is_off)
    assert standin.requests[0].args == {
        "lCommitteeId": ["-1"],
        "sFromDate": ["24/11/2026"],
        "sToDate": ["24/12/2026"],
    }


async def test_meetings_come_in_order_and_only_those_asked_for(standin: StandIn) -> None:
    days = ("03/12/2026", "25/11/2026", "23/11/2026", "25/12/2026")
    found = await listed(standin, *({"meetingdate": day} for day in days))
    assert [meeting.date.day for meeting in found] == [25, 3]


async def test_no_meetings(standin: StandIn) -> None:
    assert await listed(standin) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"<soap/>",
        b"<councillorsbyward>",
        b"<councillorsbyward/>",
        b'<?xml version="1.0" encoding="klingon"?><councillorsbyward/>',
        b'<!DOCTYPE x [<!ENTITY e "boom">]><councillorsbyward><wards/></councillorsbyward>',
        wards("<councillor><fullusername></fullusername></councillor>"),
    ],
)
async def test_impossible_wards_are_nonsense(standin: StandIn, body: bytes) -> None:
    with pytest.raises(BackendNonsense):
        await ward(standin, body)


@pytest.mark.parametrize("fields", [{"meetingdate": "2026-11-25"}, {"meetingdate": ""}, {"committeetitle": ""}])
async def test_impossible_meetings_are_nonsense(standin: StandIn, fields: dict[str, str]) -> None:
    with pytest.raises(BackendNonsense):
        await listed(standin, fields)


def test_neither_xml_nor_json_is_refused() -> None:
    assert read_xml(b'{"code": "x"}') == {"code": "x"}
    with pytest.raises(ValueError, match="not XML"):
        read_xml(b"<a><b></a>")
