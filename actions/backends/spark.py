"""Open311's two formats read into one shape: JSON as it is, and XML by the Spark convention as its JSON would be.

By Spark a container of equal children is a list, and the children's own name is dropped. Which elements are
containers is written down here: a container with one child cannot be told from an object with one field.
Texts of XML stay texts; an empty element is None, as in Open311's examples.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree

_LISTS = (
    *("services", "attributes", "values", "service_requests", "requests", "errors", "endpoints", "formats"),
    "service_request_updates",
)


def read_answer(body: bytes) -> Any:
    """The answer in JSON's shape. ValueError if it is neither JSON nor XML, or XML with a document type."""
    body = body.removeprefix(BOM_UTF8).lstrip()
    if not body.startswith(b"<"):
        return json.loads(body)
    try:
        return _value(ElementTree.fromstring(body, forbid_dtd=True))
    except (ParseError, LookupError):  # the second is an encoding that nobody knows
        raise ValueError("not XML") from None


def _value(element: Element) -> Any:
    name = _name(element)
    if name in _LISTS:
        return [_value(child) for child in element]
    if len(element):
        return {_name(child): _value(child) for child in element}
    return (element.text or "").strip() or None


def _name(element: Element) -> str:
    """The tag without the namespace that some servers declare."""
    return element.tag.rpartition("}")[2]
