"""Open311, both sides: the real client against the demonstration council, in JSON and in XML; then the text's rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from actions.backends.errors import BackendNonsense, BackendRejected, BackendUnavailable, NotAllowed, NotFound
from actions.backends.factory import Backends, backends, close_backends
from actions.backends.reports import DATATYPES, Filed, Spot, w3c
from actions.sandbox import open311
from actions.sandbox.open311 import formats
from actions.sandbox.open311.catalogue import catalogue
from actions.sandbox.open311.records import reference_of
from actions.sandbox.references import is_reference
from bot.clock import now
from tests.support.sandbox import Sandbox

EDWARD_STREET = (53.4063, -2.1572)
SPOT = Spot(*EDWARD_STREET)
SEEDED = {str(report["name"]): reference_of(report) for report in catalogue().reports}
POTHOLE = {"place": "middle", "depth": "deep"}
FORM = {"api_key": "sandbox", "service_code": "pothole", "lat": "53.4", "long": "-2.15", "attribute[place]": "edge"}
QUERIES = """
    flytip_report litter_bin_full street_cleaning litter_report graffiti_report flyposting_report dog_fouling
    dead_animal needles abandoned_vehicle abandoned_trolley tree_council grass_cutting pothole pavement street_light
    drain_blocked traffic_light road_sign obstruction road_spillage gritting rights_of_way street_furniture
""".split()


@pytest.fixture(params=["json", "xml"])
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The format that the client finds: the council offers both, or XML alone."""
    if request.param == "xml":
        monkeypatch.setattr(formats, "OFFERED", ("xml",))
    return str(request.param)


async def file(council: Backends, key: str, code: str = "pothole", **changes: Any) -> Filed:
    known: dict[str, Any] = {"spot": SPOT, "attributes": POTHOLE, "description": "", "contact": {}}
    return await council.reports.file(code, key=key, **{**known, **changes})


# Both sides


async def test_services(form: str, council: Backends) -> None:
    services = {service.code: service for service in await council.reports.services()}
    assert list(services) == [*QUERIES, "street_other"]
    assert all(service.name and service.description and service.group for service in services.values())
    assert services["pothole"].keywords[0] == "557"
    assert all(service.keywords[0].isdecimal() for service in services.values())
    assert {code for code, service in services.items() if service.type == "batch"} == {"tree_council", "rights_of_way"}
    assert [code for code, service in services.items() if not service.has_details] == ["street_other"]


async def test_definitions(form: str, council: Backends) -> None:
    datatypes = set()
    for code in QUERIES:
        details = await council.reports.definition(code)
        asked = [detail for detail in details if detail.is_asked]
        assert [detail.required for detail in asked] == [True] + [False] * (len(asked) - 1)
        assert [detail.order for detail in details] == list(range(1, len(details) + 1))
        assert all(detail.values for detail in asked if detail.datatype.endswith("list"))
        assert all(detail.question.endswith("?") for detail in asked)
        datatypes |= {detail.datatype for detail in asked}
    assert datatypes == set(DATATYPES)
    rule, offensive, *_ = await council.reports.definition("graffiti_report")
    assert rule.is_shown and not offensive.is_shown
    assert offensive.values == (("yes", "Yes"), ("no", "No"))
    hidden = (await council.reports.definition("pothole"))[-1]
    assert (hidden.code, hidden.is_asked, hidden.is_shown) == ("usrn", False, False)
    assert await council.reports.definition("street_other") == []
    with pytest.raises(NotFound):
        await council.reports.definition("nothing")


async def test_a_report_is_filed_once_and_found(form: str, council: Backends, sandbox: Sandbox) -> None:
    filed = await file(
        council, f"once-{form}", description="A deep one \u00a3\u0007 <b>", contact={"phone": "0161 496 0000"}
    )
    assert filed.reference is not None and is_reference(filed.reference)
    assert (filed.token, filed.notice) == (None, "An inspector looks at the pothole within 2 working days.")
    again = await file(
        council, f"once-{form}", description="A deep one \u00a3\u0007 <b>", contact={"phone": "0161 496 0000"}
    )
    assert again == filed
    path = f"/reports/requests.{form}"
    assert [(entry["path"], entry["status"]) for entry in sandbox.log()[-2:]] == [(path, 200)] * 2
    found = await council.reports.by_reference(filed.reference.lower())
    assert found is not None
    assert (found.id, found.status, found.requested) == (filed.reference, "open", now())
    assert (found.latitude, found.longitude) == EDWARD_STREET
    assert found.expected == datetime(2026, 11, 26, 17, tzinfo=now().tzinfo)
    assert found.description == ""  # what residents write is not for everybody
    nearby = await council.reports.nearby("pothole", *EDWARD_STREET, 1)
    assert filed.reference in {report.id for report in nearby}


@pytest.mark.parametrize(
    "spot", [Spot(address="By the bus stop, Edward Street"), Spot(address_id="100011000001"), SPOT], ids=repr
)
async def test_one_way_of_saying_where_is_enough(spot: Spot, council: Backends) -> None:
    filed = await file(council, f"where-{spot}", spot=spot)
    found = await council.reports.by_reference(str(filed.reference))
    assert found is not None and (found.latitude, found.address) == (spot.latitude, spot.address)


async def test_details_of_every_type_are_taken(form: str, council: Backends) -> None:
    for code, attributes in {
        "flytip_report": {"what": ["bags", "tyres"], "size": "van"},
        "street_cleaning": {"what": ["glass"], "seen": w3c(now())},
        "abandoned_vehicle": {"registration": "AB12 CDE", "days": "12"},
        "dog_fouling": {"place": "park", "times": "Mornings\nand evenings"},
        "street_light": {"problem": "out", "asset_id": "from-a-computer"},
    }.items():
        assert (await file(council, f"types-{form}-{code}", code, attributes=attributes)).reference


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"attributes": {}}, "Please answer: Where in the road is it?"),
        ({"attributes": {"place": "sky"}}, "This is not an answer that we can use: Where in the road is it?"),
        ({"attributes": {"place": ["edge", "middle"]}}, "Please give one answer: Where in the road is it?"),
        ({"attributes": {"place": "edge", "colour": "red"}}, "There is no question colour."),
        ({"spot": Spot()}, "Please tell us where it is."),
        ({"spot": Spot(91, 0)}, "The place on the map is not clear: lat and long must both be given, in degrees."),
        ({"contact": {"email": "me"}}, "The email address is not complete."),
        ({"media_url": "javascript:alert(1)"}, "The media_url is not a link."),
        (
            {"spot": Spot(), "attributes": {}},
            "Please tell us where it is. Please answer: Where in the road is it?",
        ),
    ],
    ids=str,
)
async def test_a_wrong_report_is_turned_down_in_words(
    changes: dict[str, Any], told: str, form: str, council: Backends
) -> None:
    with pytest.raises(BackendRejected) as caught:
        await file(council, "wrong", **changes)
    assert (type(caught.value), caught.value.code, caught.value.description) == (BackendRejected, "400", told)


@pytest.mark.parametrize(
    ("code", "attributes"),
    [
        ("needles", {"number": "a few"}),
        ("needles", {"number": "1e9"}),
        ("street_cleaning", {"what": ["glass", "gold"]}),
        ("street_cleaning", {"what": ["glass"], "seen": "yesterday"}),
        ("street_cleaning", {"what": ["glass"], "seen": "2026-11-24T10:00:00"}),
        ("abandoned_vehicle", {"registration": "AB12\nCDE"}),
        ("needles", {"number": "2", "safety": "I read it"}),
    ],
)
async def test_an_answer_of_the_wrong_type_is_turned_down(
    code: str, attributes: dict[str, Any], council: Backends
) -> None:
    with pytest.raises(BackendRejected):
        await file(council, "types", code, attributes=attributes)


async def test_unknown_kinds_keys_and_jurisdictions(
    form: str, council: Backends, sandbox: Sandbox, set_settings: Callable[..., None]
) -> None:
    with pytest.raises(NotFound):
        await file(council, "unknown", "volcano")
    for changes, error in (
        ({"reports_key": "wrong"}, NotAllowed),
        ({"reports_jurisdiction": "elsewhere.gov.uk"}, NotFound),
        ({"reports_jurisdiction": "stockport.gov.uk"}, None),
    ):
        set_settings(reports_key="sandbox", reports_jurisdiction="")
        set_settings(**changes)
        await close_backends()
        if error is None:
            assert (await file(backends(), f"jurisdiction-{form}")).reference
        else:
            with pytest.raises(error):
                await file(backends(), "unknown")


async def test_another_report_with_the_same_key_is_turned_down(council: Backends) -> None:
    await file(council, "twice")
    with pytest.raises(BackendRejected) as caught:
        await file(council, "twice", spot=Spot(53.4, -2.1))
    assert caught.value.code == "400"


async def test_a_token_becomes_a_reference(form: str, council: Backends, set_settings: Callable[..., None]) -> None:
    place = (53.31, -2.31 if form == "json" else -2.32)
    changes = {"attributes": {"problem": "branch"}, "spot": Spot(*place)}
    filed = await file(council, f"token-{form}", "tree_council", **changes)
    assert filed.reference is None and filed.token
    assert await council.reports.by_token(filed.token) is None
    assert await council.reports.nearby("tree_council", *place, 1) == []
    set_settings(assistant_now="2026-11-24T10:00:20")
    reference = await council.reports.by_token(filed.token)
    assert reference and is_reference(reference)
    assert [report.id for report in await council.reports.nearby("tree_council", *place, 1)] == [reference]
    assert await file(council, f"token-{form}", "tree_council", **changes) == filed
    assert await council.reports.by_token("unknown") is None


async def test_a_black_box_gives_nothing_back(form: str, council: Backends) -> None:
    filed = await file(council, f"box-{form}", "street_other", attributes={})
    assert (filed.reference, filed.token) == (None, None)
    assert filed.notice


async def test_the_seeded_potholes_are_20_and_45_metres_away(form: str, council: Backends) -> None:
    mine = {SEEDED["pothole-20-metres"], SEEDED["pothole-45-metres"]}
    for metres, names in ((10, []), (25, ["pothole-20-metres"]), (50, ["pothole-20-metres", "pothole-45-metres"])):
        found = await council.reports.nearby("pothole", *EDWARD_STREET, metres)
        assert [report.id for report in found if report.id in mine] == [SEEDED[name] for name in names]
    assert SEEDED["pothole-mended"] not in {report.id for report in found}
    assert SEEDED["pothole-old"] not in {report.id for report in found}
    lately = await council.reports.nearby("pothole", *EDWARD_STREET, 50, now() - timedelta(days=5))
    assert SEEDED["pothole-45-metres"] not in {report.id for report in lately}


async def test_what_became_of_each_seeded_report(form: str, council: Backends) -> None:
    told = {}
    for name, reference in SEEDED.items():
        report = await council.reports.by_reference(reference)
        assert report is not None and report.address and report.description
        updates = await council.reports.updates(reference, report.requested)
        told[name] = (report.status, [update.status for update in updates])
        assert report.status_notes == (updates[-1].description if updates else "")
        assert report.updated == (updates[-1].updated if updates else report.requested)
    assert told == {
        "pothole-20-metres": ("open", ["investigating", "action_scheduled"]),
        "pothole-45-metres": ("open", ["investigating"]),
        "pothole-mended": ("closed", ["investigating", "fixed"]),
        "light-bramhall": ("open", ["action_scheduled"]),
        "flytip-brinnington": ("open", []),
        "cleaning-heaton-moor": ("open", ["in_progress"]),
        "pavement-marple": ("closed", ["investigating", "no_further_action"]),
        "bin-cheadle": ("closed", ["duplicate"]),
        "drain-romiley": ("closed", ["investigating", "not_councils_responsibility"]),
        "tree-reddish": ("open", ["planned"]),
        "sign-hazel-grove": ("closed", ["internal_referral", "closed"]),
        "pothole-old": ("open", ["for_triage"]),
    }
    assert await council.reports.by_reference("SBX-222222") is None


async def test_a_lost_answer_makes_no_second_report(form: str, council: Backends, sandbox: Sandbox) -> None:
    spot = Spot(53.3, -2.3 if form == "json" else -2.4)
    sandbox.fault("reports", "lost")
    try:
        assert await council.reports.services()
        with pytest.raises(BackendUnavailable):
            await file(council, f"lost-{form}", spot=spot)
    finally:
        sandbox.fault("reports", "ok")
    assert sandbox.log()[-1]["status"] == 503
    filed = await file(council, f"lost-{form}", spot=spot)
    nearby = await council.reports.nearby("pothole", float(spot.latitude or 0), float(spot.longitude or 0), 1)
    assert [report.id for report in nearby] == [filed.reference]


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("failing", BackendUnavailable),
        ("nonsense", BackendNonsense),
        ("nonsense", BackendNonsense),
        ("slow", BackendUnavailable),
    ],
)
async def test_faults(mode: str, error: type[Exception], form: str, council: Backends, sandbox: Sandbox) -> None:
    sandbox.fault("reports", mode, seconds=2.5)
    try:
        with pytest.raises(error):
            await council.reports.services()
        with pytest.raises(error):
            await file(council, "fault")
    finally:
        sandbox.fault("reports", "ok")
    assert await council.reports.services()


# The text's rules


def get(web: httpx.Client, path: str, **params: str) -> Any:
    answer = web.get(f"/reports/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def problems(answer: httpx.Response) -> tuple[int, list[str]]:
    """The status of a refusal and its sentences, whichever format it is in."""
    if answer.headers["content-type"] == "application/json; charset=utf-8":
        found = [(str(each["code"]), each["description"]) for each in answer.json()]
    else:
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        root = ElementTree.fromstring(answer.content)
        assert (root.tag, {each.tag for each in root}) == ("errors", {"error"})
        found = [(each.findtext("code") or "", each.findtext("description") or "") for each in root]
    assert found and all(code == str(answer.status_code) and text for code, text in found)
    return answer.status_code, [text for _, text in found]


def test_the_discovery_is_there_in_both_formats(web: httpx.Client) -> None:
    found = get(web, "discovery.json")
    (endpoint,) = found["endpoints"]
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    assert endpoint["url"] == f"{str(web.base_url).rstrip('/')}/reports"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    root = ElementTree.fromstring(web.get("/reports/discovery.xml").content)
    assert [each.text for each in root.iterfind("endpoints/endpoint/formats/format")] == endpoint["formats"]


@pytest.mark.parametrize(
    ("path", "wrapper", "child"),
    [
        ("services.xml", "services", "service"),
        ("services/pothole.xml", "service_definition/attributes", "attribute"),
        ("services/pothole.xml", "service_definition/attributes/attribute/values", "value"),
        ("requests.xml", "service_requests", "request"),
        (f"requests/{SEEDED['light-bramhall']}.xml", "service_requests", "request"),
        ("servicerequestupdates.xml", "service_request_updates", "request_update"),
    ],
)
def test_xml_has_the_elements_of_the_text(path: str, wrapper: str, child: str, web: httpx.Client) -> None:
    answer = web.get(f"/reports/{path}")
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert re.match(rb"<\?xml version=.1\.0. encoding=.utf-8.\?>", answer.content)
    root = ElementTree.fromstring(answer.content)
    tag, _, rest = wrapper.partition("/")
    parent = root.find(rest) if rest else root
    assert root.tag == tag and parent is not None and {each.tag for each in parent} == {child}


def test_a_request_has_every_field_of_the_text(web: httpx.Client) -> None:
    (found,) = get(web, f"requests/{SEEDED['light-bramhall']}.json")
    assert (
        list(found)
        == (
            "service_request_id status status_notes service_name service_code description agency_responsible "
            "service_notice requested_datetime updated_datetime expected_datetime address address_id zipcode lat long "
            "media_url"
        ).split()
    )
    assert datetime.fromisoformat(found["requested_datetime"]).tzinfo


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services.txt", 404),
        ("services", 404),
        ("castles.json", 404),
        ("castles.xml", 404),
        ("services/castle.json", 404),
        ("services/street_other.xml", 404),
        ("requests/SBX-222222.json", 404),
        ("requests/..%2F..%2Flog.json", 404),
        ("tokens/none.xml", 404),
        ("castles/none.json", 404),
        ("a/b/c.json", 404),
        ("services.json?jurisdiction_id=elsewhere", 404),
        ("requests.json?service_request_id=SBX-222222", 404),
        ("requests.json?status=lost", 400),
        ("requests.xml?status=open,lost", 400),
        ("requests.json?start_date=2026-11-24", 400),
        ("requests.json?end_date=2026-11-24T10:00:00", 400),
        ("requests.json?end_date=0001-01-01T00:00:00Z", 400),
        ("requests.json?start_date=2026-08-25T09:59:59Z&end_date=2026-11-23T10:00:00Z", 400),
        ("servicerequestupdates.json?start_date=soon", 400),
    ],
)
def test_wrong_questions_are_answered_with_a_list_of_errors(path: str, status: int, web: httpx.Client) -> None:
    assert problems(web.get(f"/reports/{path}"))[0] == status


def test_null_parameters_are_none(web: httpx.Client) -> None:
    assert get(web, "requests.json", status="", service_code="", start_date="", jurisdiction_id="")


@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_a_new_report_must_have(form: str, web: httpx.Client) -> None:
    def post(**changes: str) -> httpx.Response:
        fields = {**FORM, **changes}
        return web.post(f"/reports/requests.{form}", data={name: value for name, value in fields.items() if value})

    assert post().status_code == 200
    assert problems(post(api_key=""))[0] == 403
    assert problems(post(api_key="wrong")) == (403, ["The api_key is missing or wrong."])
    assert problems(post(service_code="")) == (400, ["The service_code is missing."])
    assert problems(post(service_code="castle")) == (404, ["There is no such service_code."])
    for latitude, longitude in (("53.4", ""), ("", "-2.1"), ("north", "-2.1"), ("nan", "-2.1"), ("53.4", "181")):
        assert problems(post(lat=latitude, long=longitude))[0] == 400
        assert problems(post(lat=latitude, long=longitude, address_string="Edward Street"))[0] == 400
    assert post(lat="", long="", address_string="Edward Street").status_code == 200
    assert post(description="x" * 4000).status_code == 200
    assert problems(post(description="x" * 4001))[0] == 400
    answer = web.post(f"/reports/requests.{form}", json={**FORM})
    assert problems(answer)[0] == 403
    assert problems(web.post(f"/reports/servicerequestupdates.{form}", data=FORM))[0] == 404
    assert problems(web.post("/reports/requests.txt", data=FORM))[0] == 404


def test_what_was_filed_is_not_shown(web: httpx.Client) -> None:
    private = {
        "description": "My secret",
        "email": "me@example.org",
        "last_name": "Nobody",
        "media_url": "http://x.example/y",
    }
    (filed,) = web.post("/reports/requests.json", data={**FORM, **private}).json()
    for path in ("requests.json", f"requests/{filed['service_request_id']}.xml"):
        text = web.get(f"/reports/{path}").text
        assert filed["service_request_id"] in text
        assert not any(value in text for value in private.values())


def test_lists_and_their_filters(web: httpx.Client) -> None:
    everything = get(web, "requests.json")
    times = [datetime.fromisoformat(each["requested_datetime"]) for each in everything]
    assert times == sorted(times, reverse=True)
    ids = {each["service_request_id"] for each in everything}
    assert SEEDED["pothole-mended"] in ids and SEEDED["pothole-old"] not in ids
    closed = get(web, "requests.json", status="closed", service_code="pothole,pavement")
    assert {each["service_request_id"] for each in closed} == {SEEDED["pothole-mended"], SEEDED["pavement-marple"]}
    both = web.get(
        "/reports/requests.json?service_code=pavement&service_code=road_sign&status=open&status=closed"
    ).json()
    assert {each["service_code"] for each in both} == {"pavement", "road_sign"}
    named = f"{SEEDED['pothole-old']}, {SEEDED['bin-cheadle'].lower()},SBX-222222"
    overridden = get(web, "requests.json", service_request_id=named, status="open", service_code="needles")
    assert [each["service_request_id"] for each in overridden] == [SEEDED["bin-cheadle"], SEEDED["pothole-old"]]
    long_ago = get(web, "requests.json", start_date=w3c(now() - timedelta(days=150)))
    assert SEEDED["pothole-old"] in {each["service_request_id"] for each in long_ago}
    until = get(web, "requests.json", end_date=w3c(now() - timedelta(days=100)))
    assert [each["service_request_id"] for each in until] == [SEEDED["pothole-old"]]
    span = {"start_date": w3c(now() - timedelta(days=10)), "end_date": w3c(now() - timedelta(days=8))}
    assert [each["service_request_id"] for each in get(web, "requests.json", **span)] == [SEEDED["pothole-45-metres"]]


def test_a_list_has_a_thousand_rows_at_most(web: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.sandbox.open311.routes._MOST_ROWS", 3)
    assert len(get(web, "requests.json")) == 3


def test_updates_can_be_limited_in_time(web: httpx.Client) -> None:
    recent = get(web, "servicerequestupdates.json", start_date=w3c(now() - timedelta(days=1.5)))
    assert [each["status"] for each in recent] == ["action_scheduled", "in_progress"]
    old = get(web, "servicerequestupdates.json", end_date=w3c(now() - timedelta(days=50)))
    assert [each["service_request_id"] for each in old] == [SEEDED["pothole-old"]]


def test_the_readme_names_each_seeded_report_and_no_other() -> None:
    readme = Path(open311.__file__).parent.with_name("README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (SBX-\w+) \|", readme, re.MULTILINE) == list(SEEDED.values())


def test_questions_are_short_and_exceptions_name_what_is_there() -> None:
    for kind in catalogue().kinds.values():
        details = {detail.code: detail for detail in kind.details}
        assert all(len(detail.description.split()) <= 12 for detail in kind.details if detail.variable)
        for exception in kind.when:
            assert set(exception["is"]) <= set(details[exception["detail"]].values), kind.code
