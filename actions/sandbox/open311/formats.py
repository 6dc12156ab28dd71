"""An answer written in JSON or XML. In JSON the outer element is dropped, as the Spark convention has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from sanic.response import HTTPResponse, json, raw

from actions.sandbox.answers import Refusal

OFFERED = ("xml", "json")  # the discovery itself is always there in both
TYPES = {"xml": "text/xml", "json": "application/json"}
_CHILDREN = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Problems(Refusal):
    """A request that is turned down, with everything that is wrong with it, in words for residents."""

    def __init__(self, status: int, *descriptions: str) -> None:
        super().__init__(status, str(status), descriptions[0])
        self.descriptions: Sequence[str] = descriptions


def written(form: str, root: str, answer: Any, status: int = 200) -> HTTPResponse:
    """The answer in a format; ``root`` is the name of its outer element in XML."""
    if form == "json":
        return json(answer, status, content_type=f"{TYPES['json']}; charset=utf-8")
    element = Element(root)
    _fill(element, answer)
    body = tostring(element, encoding="utf-8", xml_declaration=True)
    return raw(body, status, content_type=f"{TYPES['xml']}; charset=utf-8")


def errors(form: str, refusal: Refusal) -> HTTPResponse:
    """A refusal: GeoReport has 403 for keys, 404 for what is not there, and 400 for everything else."""
    status = refusal.status if refusal.status in (403, 404) else 400
    descriptions = refusal.descriptions if isinstance(refusal, Problems) else [refusal.body["description"]]
    return written(form, "errors", [{"code": status, "description": text} for text in descriptions], status)


def _fill(element: Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _fill(SubElement(element, name), inner)
    elif isinstance(value, list):
        for inner in value:
            _fill(SubElement(element, _CHILDREN[element.tag]), inner)
    elif isinstance(value, bool):
        element.text = str(value).lower()
    elif value is not None:
        element.text = _NOT_IN_XML.sub(" ", str(value))
