"""The parts of GeoReport v2's answers, read one by one: see ``open311.py``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from actions.backends.errors import BackendNonsense
from actions.backends.reading import Record, records
from actions.backends.reports import DATATYPES, Attribute, Filed, Report, ReportService, Update

_GEOREPORT = "georeport_v2"


def service_of(entry: Record) -> ReportService:
    """A kind of report."""
    words = entry.text("keywords", "").split(",")
    return ReportService(
        code=entry.label("service_code"),
        name=entry.text("service_name"),
        description=entry.text("description", ""),
        group=entry.text("group", ""),
        keywords=tuple(word.strip() for word in words if word.strip()),
        has_details=entry.flag("metadata"),
        type=entry.text("type", "realtime"),
    )


def attribute_of(entry: Record) -> Attribute:
    """A detail of a kind; one that is to be asked must be of a type that we can ask."""
    is_variable = entry.flag("variable")
    code, datatype = entry.label("code"), entry.text("datatype", "")
    values = tuple((each.label("key"), each.label("name")) for each in entry.parts("values"))
    if is_variable and (datatype not in DATATYPES or (datatype.endswith("list") and not values)):
        raise entry.nonsense("datatype")
    order = entry.label("order", "")
    return Attribute(
        code=code,
        datatype=datatype,
        required=entry.flag("required") if entry.has("required") else False,
        question=entry.text("description", "") or code,
        hint=entry.text("datatype_description", ""),
        order=int(order) if order.isdecimal() and len(order) < 10 else 0,
        values=values,
        variable=is_variable,
        automated=bool(entry.text("automated", "")),
    )


def report_of(entry: Record) -> Report:
    """A report."""
    return Report(
        id=entry.label("service_request_id"),
        service_code=entry.label("service_code"),
        service_name=entry.text("service_name", ""),
        status=entry.text("status").lower(),
        status_notes=entry.text("status_notes", ""),
        description=entry.text("description", ""),
        agency=entry.text("agency_responsible", ""),
        notice=entry.text("service_notice", ""),
        requested=entry.moment("requested_datetime"),
        updated=_moment(entry, "updated_datetime"),
        expected=_moment(entry, "expected_datetime"),
        address=entry.text("address", ""),
        latitude=_degrees(entry, "lat", 90),
        longitude=_degrees(entry, "long", 180),
        media_url=entry.text("media_url", ""),
    )


def update_of(entry: Record) -> Update:
    """A piece of news in mySociety's extension."""
    return Update(
        id=entry.label("update_id"),
        report=entry.label("service_request_id"),
        status=entry.text("status").lower(),
        updated=entry.moment("updated_datetime"),
        description=entry.text("description", ""),
    )


def filed_of(backend: str, raw: Any) -> Filed:
    """What was answered to a new report: one of a list, with any of the fields that the text names."""
    found = records(backend, raw)
    fields = ("service_request_id", "token", "service_notice", "account_id")
    if not found or not any(name in raw[0] for name in fields):
        raise BackendNonsense(backend, "no report in the answer")
    reference, token = (found[0].label(name, "") or None for name in fields[:2])
    return Filed(reference, None if reference else token, found[0].text("service_notice", ""))


def has_json(discovery: Record) -> bool:
    """Whether every GeoReport endpoint that a discovery names speaks JSON."""
    ours = [each for each in discovery.parts("endpoints") if _GEOREPORT in each.text("specification").lower()]
    return bool(ours) and all(any("json" in name for name in each.texts("formats")) for each in ours)


def _moment(entry: Record, field: str) -> datetime | None:
    return entry.moment(field) if entry.label(field, "") else None


def _degrees(entry: Record, field: str, most: float) -> float | None:
    """A coordinate; some servers write a missing one as an empty text."""
    if not entry.has(field):
        return None
    try:
        value = entry.number(field)
    except BackendNonsense:
        if entry.text(field, ""):
            raise
        return None
    if abs(value) > most:
        raise entry.nonsense(field)
    return value
