"""Open311 reports: both formats, what is sent, tokens, the search for reports nearby, updates, and every no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from actions.backends.errors import BackendNonsense, BackendRejected, BackendUnavailable, NotAllowed, NotFound
from actions.backends.http import Patience
from actions.backends.open311 import Open311
from actions.backends.reports import Filed, Report, Reports, Spot, metres_between, w3c
from tests.actions.backends.standin import StandIn

HOLE = {
    "service_request_id": 638344,
    "status": "open",
    "service_code": "pothole",
    "requested_datetime": "2026-11-20T09:00:00Z",
    "lat": 53.4063,
    "long": "-2.1572",
}
SERVICE = {"service_code": 1, "service_name": "Pothole", "metadata": True, "type": "realtime"}


def discovery(*formats: list[str], specification: str = "http://wiki.open311.org/GeoReport_v2") -> dict[str, Any]:
    return {"endpoints": [{"specification": specification, "formats": each} for each in formats]}


JSON = discovery(["text/xml", "application/json"])


def client(standin: StandIn, offered: Any = JSON, **by_path: Any) -> Open311:
    """A client; its server offers JSON if nothing else is said."""
    standin.by_path = {"/discovery.json": offered, **{f"/{name}": answer for name, answer in by_path.items()}}
    return Open311(standin.http(), "the-key")


async def test_it_keeps_the_protocol(standin: StandIn) -> None:
    reports: Reports = client(standin)
    standin.answer = []
    assert await reports.services() == []


@pytest.mark.parametrize(
    ("offered", "path"),
    [
        (JSON, "/services.json"),
        (discovery(["text/xml"]), "/services.xml"),
        (discovery(["application/json"], ["text/xml"]), "/services.xml"),
        (discovery(["application/json"], specification="http://wiki.open311.org/GeoReport_v1"), "/services.xml"),
        ({}, "/services.xml"),
        (b"<html>Welcome</html>", "/services.xml"),
        ([], "/services.xml"),
    ],
)
async def test_json_is_asked_for_only_where_it_is_offered(offered: Any, path: str, standin: StandIn) -> None:
    standin.answer = b"<services/>"
    assert await client(standin, offered).services() == []
    assert [request.path for request in standin.requests] == ["/discovery.json", path]


async def test_a_server_without_a_discovery_speaks_xml(standin: StandIn) -> None:
    standin.status, standin.answer = (
        404,
        b"<errors><error><code>404</code><description>No.</description></error></errors>",
    )
    reports = Open311(standin.http(), "the-key")
    for _ in range(2):
        with pytest.raises(NotFound) as caught:
            await reports.services()
        assert (caught.value.code, caught.value.description) == ("404", "No.")
    assert [request.path for request in standin.requests] == ["/discovery.json", "/services.xml", "/services.xml"]


async def test_a_discovery_that_fails_is_asked_again(standin: StandIn) -> None:
    reports = client(standin)
    standin.status = 503
    with pytest.raises(BackendUnavailable):
        await reports.services()
    standin.status, standin.answer = 200, []
    assert await reports.services() == []
    assert standin.requests[-1].path == "/services.json"


async def test_services_and_details_are_asked_for_once(standin: StandIn) -> None:
    attributes = [
        {"variable": True, "code": "b", "datatype": "string", "required": False, "order": 2, "description": "Second?"},
        {
            "variable": "true",
            "code": "a",
            "datatype": "number",
            "required": "true",
            "order": "1",
            "description": "First?",
        },
        {"variable": False, "code": "c", "description": "Please note.", "order": 3},
        {"variable": False, "code": "d", "datatype": "string", "automated": "server_set", "required": True, "order": 4},
        {
            "variable": True,
            "code": "e",
            "datatype": "string",
            "automated": "hidden_field",
            "required": True,
            "order": 5,
        },
    ]
    service = {**SERVICE, "keywords": "557, hole,,road ", "group": None}
    definition = {"service_code": 1, "attributes": attributes}
    reports = client(standin, **{"services.json": [service], "services/1.json": definition})
    for _ in range(2):
        (found,) = await reports.services()
        details = await reports.definition("1")
    assert (found.code, found.keywords, found.group, found.has_details) == ("1", ("557", "hole", "road"), "", True)
    assert [(each.code, each.is_asked, each.is_shown) for each in details] == [
        ("a", True, False),
        ("b", True, False),
        ("c", False, True),
        ("d", False, False),
        ("e", False, False),
    ]
    assert (details[0].required, details[0].question, details[2].question) == (True, "First?", "Please note.")
    assert len(standin.requests) == 3


async def test_a_kind_without_details_has_no_definition(standin: StandIn) -> None:
    standin.answer = [{**SERVICE, "metadata": "false"}]
    reports = client(standin)
    assert await reports.definition("1") == []
    with pytest.raises(NotFound):
        await reports.definition("2")
    assert len(standin.requests) == 2


async def test_what_cannot_be_read_is_not_kept(standin: StandIn) -> None:
    reports = client(standin)
    standin.answer = [{"service_code": 1}]
    with pytest.raises(BackendNonsense):
        await reports.services()
    standin.answer = [SERVICE]
    assert len(await reports.services()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"datatype": "colour"},
        {"datatype": "singlevaluelist"},
        {"datatype": "multivaluelist", "values": []},
        {"datatype": "singlevaluelist", "values": [{"key": "a"}]},
        {"datatype": None},
        {"datatype": "string", "variable": "perhaps"},
        {"datatype": "string", "code": ""},
    ],
)
async def test_details_that_nobody_can_answer_are_nonsense(wrong: dict[str, Any], standin: StandIn) -> None:
    attribute = {"variable": True, "code": "a", "required": True, "order": 1, **wrong}
    reports = client(standin, **{"services.json": [SERVICE], "services/1.json": {"attributes": [attribute]}})
    with pytest.raises(BackendNonsense):
        await reports.definition("1")


async def file(reports: Open311, **changes: Any) -> Filed:
    known: dict[str, Any] = {
        "code": "flytip_report",
        "spot": Spot(53.40631234, -2.1572, "Edward Street", "100011000001"),
        "attributes": {"what": ["bags", "tyres"], "hazard": "gas", "seen": w3c(datetime(2026, 7, 1, 9, tzinfo=UTC))},
        "description": "A sofa & caf\u00e9 chairs\nby the gate",
        "contact": {"email": "a@example.org", "name": "is not sent", "last_name": "O'Brien"},
        "key": "key-1",
        "media_url": "https://chat.example.org/photo",
    }
    return await reports.file(**{**known, **changes})


async def test_a_report_is_filed_as_a_form(standin: StandIn) -> None:
    standin.answer = [{"service_request_id": 293944, "service_notice": "Soon.", "account_id": None}]
    assert await file(client(standin)) == Filed("293944", None, "Soon.")
    sent = standin.requests[-1]
    assert (sent.method, sent.path, sent.headers["idempotency-key"]) == ("POST", "/requests.json", "key-1")
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded; charset=utf-8"
    assert dict(sent.form) == {
        "api_key": ["the-key"],
        "service_code": ["flytip_report"],
        "lat": ["53.406312"],
        "long": ["-2.157200"],
        "address_string": ["Edward Street"],
        "address_id": ["100011000001"],
        "email": ["a@example.org"],
        "last_name": ["O'Brien"],
        "description": ["A sofa & caf\u00e9 chairs\nby the gate"],
        "media_url": ["https://chat.example.org/photo"],
        "attribute[what][]": ["bags", "tyres"],
        "attribute[hazard]": ["gas"],
        "attribute[seen]": ["2026-07-01T09:00:00Z"],
    }


async def test_the_key_goes_with_reports_alone_and_the_jurisdiction_with_everything(standin: StandIn) -> None:
    standin.by_path, standin.answer = {"/discovery.json": JSON}, [{"service_request_id": "1"}]
    reports = Open311(standin.http(), "the-key", "stockport.gov.uk")
    await file(reports, spot=Spot(address="Edward Street"), description="x" * 5000)
    sent = standin.requests[-1].form
    assert sent["jurisdiction_id"] == ["stockport.gov.uk"]
    assert ("lat" in sent, "address_id" in sent, len(sent["description"][0])) == (False, False, 4000)
    await reports.by_token("t")
    assert dict(standin.requests[-1].args) == {"jurisdiction_id": ["stockport.gov.uk"]}


@pytest.mark.parametrize(
    ("answer", "filed"),
    [
        ([{"token": 12345}], Filed(None, "12345", "")),
        ([{"service_request_id": "", "token": "t", "service_notice": None}], Filed(None, "t", "")),
        ([{"service_request_id": None, "account_id": None}], Filed(None, None, "")),
        (b"<service_requests><request><token>t</token></request></service_requests>", Filed(None, "t", "")),
    ],
)
async def test_a_token_or_nothing_may_come_instead_of_a_reference(answer: Any, filed: Filed, standin: StandIn) -> None:
    standin.answer = answer
    assert await file(client(standin)) == filed


@pytest.mark.parametrize("answer", [[], [{}], [{"id": 1}], [[]], {"service_request_id": 1}, [{"token": []}], b"<x/>"])
async def test_an_answer_without_a_report_is_nonsense(answer: Any, standin: StandIn) -> None:
    standin.answer = answer
    with pytest.raises(BackendNonsense):
        await file(client(standin))


@pytest.mark.parametrize(
    ("status", "error"), [(400, BackendRejected), (403, NotAllowed), (401, NotAllowed), (404, NotFound)]
)
@pytest.mark.parametrize("form", ["json", "xml"])
async def test_each_no_has_its_error(status: int, error: type[BackendRejected], form: str, standin: StandIn) -> None:
    def refuse(request: Any) -> Any:
        standin.status = status
        problems = [(status, "Please answer:\n Where is it?"), (None, None), ("x", "y" * 400)]
        if form == "json":
            return [{"code": code, "description": text} for code, text in problems]
        rows = "".join(
            f"<error><code>{code or ''}</code><description>{text or ''}</description></error>"
            for code, text in problems
        )
        return f"<errors>{rows}</errors>".encode()

    with pytest.raises(error) as caught:
        await file(client(standin, discovery(["text/xml", form]), **{f"requests.{form}": refuse}))
    assert type(caught.value) is error
    assert caught.value.code == str(status)
    assert caught.value.description.startswith("Please answer: Where is it? yyy")
    assert len(caught.value.description) == 300


async def test_a_report_that_got_no_answer_is_not_sent_again(standin: StandIn) -> None:
    standin.delay, standin.answer = 5, []
    reports = Open311(standin.http(Patience(0.1, 0.2)), "the-key")
    reports._format = "json"
    with pytest.raises(BackendUnavailable):
        await file(reports)
    assert [request.method for request in standin.requests] == ["POST"]


async def test_a_token_waits_for_its_reference(standin: StandIn) -> None:
    reports = client(standin)
    for answer, expected in (
        ([{"token": "t"}], None),
        ([], None),
        ([{"service_request_id": None, "token": 5}], None),
        ([{"service_request_id": 638344, "token": "t"}], "638344"),
    ):
        standin.answer = answer
        assert await reports.by_token("a/b") == expected
    assert standin.requests[-1].raw_url == b"/tokens/a%2Fb.json"
    standin.status = 404
    assert await reports.by_token("t") is None


async def test_a_report_is_read(standin: StandIn) -> None:
    standin.answer = [HOLE]
    reports = client(standin)
    found = await reports.by_reference("../x")
    assert found == Report(
        id="638344",
        service_code="pothole",
        service_name="",
        status="open",
        status_notes="",
        description="",
        agency="",
        notice="",
        requested=datetime(2026, 11, 20, 9, tzinfo=UTC),
        updated=None,
        expected=None,
        address="",
        latitude=53.4063,
        longitude=-2.1572,
        media_url="",
    )
    assert standin.requests[-1].raw_url == b"/requests/..%2Fx.json"
    standin.answer = []
    assert await reports.by_reference("1") is None
    standin.status = 404
    assert await reports.by_reference("1") is None


async def test_the_example_of_the_text_is_read_in_xml(standin: StandIn) -> None:
    standin.answer = b"""<?xml version="1.0" encoding="utf-8"?>
        <service_requests><request>
            <service_request_id>638344</service_request_id><status>Closed</status>
            <status_notes>Duplicate request.</status_notes>
            <service_name>Sidewalk and Curb Issues</service_name><service_code>006</service_code>
            <description></description><agency_responsible></agency_responsible><service_notice></service_notice>
            <requested_datetime>2010-04-14T06:37:38-08:00</requested_datetime>
            <updated_datetime>2010-04-14T06:37:38-08:00</updated_datetime><expected_datetime></expected_datetime>
            <address>8TH AVE and JUDAH ST</address><address_id>545483</address_id><zipcode>94122</zipcode>
            <lat>37.762221815</lat><long></long>
            <media_url>http://city.gov.s3.amazonaws.com/requests/media/638344.jpg </media_url>
        </request></service_requests>"""
    found = await client(standin, discovery(["text/xml"])).by_reference("638344")
    assert found is not None
    assert (found.id, found.service_code, found.status, found.is_open) == ("638344", "006", "closed", False)
    assert (found.latitude, found.longitude, found.expected) == (37.762221815, None, None)
    assert found.requested == datetime(2010, 4, 14, 14, 37, 38, tzinfo=UTC)
    assert found.media_url == "http://city.gov.s3.amazonaws.com/requests/media/638344.jpg"


@pytest.mark.parametrize(
    "wrong",
    [
        {"lat": 91},
        {"long": "west"},
        {"status": ""},
        {"requested_datetime": "yesterday"},
        {"requested_datetime": None},
        {"service_request_id": None},
        {"description": ["x"]},
    ],
)
async def test_impossible_reports_are_nonsense(wrong: dict[str, Any], standin: StandIn) -> None:
    standin.answer = [{**HOLE, **wrong}]
    with pytest.raises(BackendNonsense):
        await client(standin).by_reference("1")


async def test_nearby_are_the_open_ones_within_the_distance_newest_first(standin: StandIn) -> None:
    standin.answer = [
        {**HOLE, "service_request_id": "old", "requested_datetime": "2026-10-20T09:00:00Z"},
        {**HOLE, "service_request_id": "new", "lat": 53.40658},
        {**HOLE, "service_request_id": "far", "lat": 53.40725},
        {**HOLE, "service_request_id": "placeless", "lat": None, "long": ""},
        {**HOLE, "service_request_id": "done", "status": "fixed"},
        {**HOLE, "service_request_id": "gone", "status": "closed"},
        {
            **HOLE,
            "service_request_id": "worked",
            "status": "investigating",
            "requested_datetime": "2026-11-01T09:00:00Z",
        },
        {**HOLE, "service_request_id": "other", "service_code": "pavement"},
    ]
    found = await client(standin).nearby("pothole", 53.4063, -2.1572, 50)
    assert [report.id for report in found] == ["new", "worked", "old"]


@pytest.mark.parametrize(
    ("since", "start"),
    [
        (None, "2026-08-10T09:30:15Z"),
        (timedelta(days=200), "2026-08-10T09:30:15Z"),
        (timedelta(days=1), "2026-11-07T09:30:15Z"),
    ],
)
async def test_a_search_never_spans_more_than_90_days(
    since: timedelta | None, start: str, standin: StandIn, set_settings: Callable[..., None]
) -> None:
    set_settings(assistant_now="2026-11-08T09:30:15")  # 90 days of the clock on the wall ago there was summer time
    standin.answer = []
    moment = datetime(2026, 11, 8, 9, 30, 15, tzinfo=UTC) - since if since else None
    assert await client(standin).nearby("pothole", 53.4, -2.1, 50, moment) == []
    assert dict(standin.requests[-1].args) == {
        "service_code": ["pothole"],
        "status": ["open"],
        "start_date": [start],
        "end_date": ["2026-11-08T09:30:15Z"],
    }


@pytest.mark.parametrize(
    ("other", "metres"),
    [((53.4063, -2.1572), 0), ((53.40648, -2.1572), 20), ((53.4063, -2.15652), 45), ((53.3592, -2.176), 5384)],
)
def test_distances(other: tuple[float, float], metres: int) -> None:
    assert metres_between(53.4063, -2.1572, *other) == pytest.approx(metres, abs=0.5)


async def test_updates_of_one_report_oldest_first(standin: StandIn, set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="2026-11-24T10:00")
    news = {"update_id": 2, "service_request_id": 7, "status": "FIXED", "updated_datetime": "2026-11-20T09:00:00Z"}
    standin.answer = [
        {**news, "description": "Done."},
        {**news, "update_id": 1, "status": "investigating", "updated_datetime": "2026-11-19T09:00:00Z"},
        {**news, "update_id": 3, "service_request_id": 8},
    ]
    reports = client(standin)
    found = await reports.updates("7")
    assert [(each.id, each.status, each.description) for each in found] == [
        ("1", "investigating", ""),
        ("2", "fixed", "Done."),
    ]
    sent = standin.requests[-1]
    assert sent.path == "/servicerequestupdates.json"
    assert dict(sent.args) == {"start_date": ["2026-08-26T10:00:00Z"], "end_date": ["2026-11-24T10:00:00Z"]}
    await reports.updates("7", datetime(2026, 11, 18, 8, tzinfo=UTC))
    assert standin.requests[-1].args.get("start_date") == "2026-11-18T08:00:00Z"
    standin.status = 404
    assert await reports.updates("7") == []
