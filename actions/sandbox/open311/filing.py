"""A new report: what is wrong with it, or what is kept of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any
from urllib.parse import urlsplit

from actions.sandbox.open311.catalogue import Detail, Kind, catalogue
from actions.sandbox.open311.formats import Problems
from actions.sandbox.rounds import working_days_from
from bot.clock import LONDON, now
from bot.settings import Settings

Form = Mapping[str, list[str]]

_KEY = Settings().reports_key  # not settings(): to another key this service answers as a real one would
_LONGEST = 4000
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]+)\](\[\])?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PRIVATE = ("email", "phone", "first_name", "last_name", "device_id", "account_id", "description", "media_url")
_END_OF_DAY = time(17)


def report_of(form: Form) -> dict[str, Any]:
    """The report that a form files. Raises Problems."""
    if _one(form, "api_key") != _KEY:
        raise Problems(403, "The api_key is missing or wrong.")
    code = _one(form, "service_code")
    if not code:
        raise Problems(400, "The service_code is missing.")
    kind = catalogue().kinds.get(code)
    if kind is None:
        raise Problems(404, "There is no such service_code.")
    attributes = _attributes(form)
    problems = [*_place_problems(form), *_text_problems(form), *_detail_problems(kind, attributes)]
    if problems:
        raise Problems(400, *problems)
    days, notice = kind.promise(attributes)
    moment = now()
    due = datetime.combine(working_days_from(moment.date(), days), _END_OF_DAY, LONDON)
    return {
        "service_code": kind.code,
        "requested": moment.isoformat(timespec="seconds"),
        "expected": max(moment, due).isoformat(timespec="seconds"),
        "notice": notice,
        "latitude": float(_one(form, "lat")) if _one(form, "lat") else None,
        "longitude": float(_one(form, "long")) if _one(form, "long") else None,
        "address": _one(form, "address_string"),
        "address_id": _one(form, "address_id"),
        "attributes": attributes,
        "private": {name: _one(form, name) for name in _PRIVATE},
    }


def _one(form: Form, name: str) -> str:
    """A field's value; one that is empty counts as one that is missing."""
    return form.get(name, [""])[0].strip()


def _attributes(form: Form) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, values in form.items():
        match = _ATTRIBUTE.fullmatch(name)
        given = [value.strip() for value in values if value.strip()]
        if match and given:
            found.setdefault(match[1], []).extend(given)
    return found


def _place_problems(form: Form) -> Iterator[str]:
    latitude, longitude = _one(form, "lat"), _one(form, "long")
    if not any((latitude, longitude, _one(form, "address_string"), _one(form, "address_id"))):
        yield "Please tell us where it is."
    elif (latitude or longitude) and not (_is_degrees(latitude, 90) and _is_degrees(longitude, 180)):
        yield "The place on the map is not clear: lat and long must both be given, in degrees."


def _text_problems(form: Form) -> Iterator[str]:
    if len(_one(form, "description")) > _LONGEST:
        yield f"The description is longer than {_LONGEST} characters."
    email, media = _one(form, "email"), _one(form, "media_url")
    if email and not _EMAIL.fullmatch(email):
        yield "The email address is not complete."
    if media and urlsplit(media).scheme not in ("http", "https"):
        yield "The media_url is not a link."


def _detail_problems(kind: Kind, attributes: Mapping[str, list[str]]) -> Iterator[str]:
    known = {detail.code: detail for detail in kind.details if detail.variable or detail.automated}
    for code in attributes:
        if code not in known:
            yield f"There is no question {code}."
    for code, detail in known.items():
        given = attributes.get(code, [])
        if detail.required and not given:
            yield f"Please answer: {detail.description}"
        elif len(given) > 1 and detail.datatype != "multivaluelist":
            yield f"Please give one answer: {detail.description}"
        elif not all(_is_answer(detail, value) for value in given):
            yield f"This is not an answer that we can use: {detail.description}"


def _is_answer(detail: Detail, value: str) -> bool:
    if detail.datatype in ("singlevaluelist", "multivaluelist"):
        return value in detail.values
    if detail.datatype == "number":
        return re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", value) is not None
    if detail.datatype == "datetime":
        return moment_of(value) is not None
    return detail.datatype == "text" or not re.search(r"[\r\n]", value)


def moment_of(text: str) -> datetime | None:
    """A moment as GeoReport writes it, with its zone; None if it is not one."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo and 1900 <= moment.year <= 2999 else None


def _is_degrees(text: str, most: int) -> bool:
    return re.fullmatch(r"-?\d{1,3}(\.\d{1,20})?", text) is not None and abs(float(text)) <= most
