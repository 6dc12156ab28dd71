"""Open311's formats: XML becomes what its JSON would be, and nothing in a document can be made to do more."""

from __future__ import annotations

from typing import Any

import pytest

from actions.backends.spark import read_answer

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("<services/>", []),
        ("<services><service><service_code>001</service_code></service></services>", [{"service_code": "001"}]),
        (
            "<service_requests><request><token> 12345 </token><account_id/></request></service_requests>",
            [{"token": "12345", "account_id": None}],
        ),
        (
            "<x><attributes><attribute><values><value><key>1</key></value></values></attribute></attributes></x>",
            {"attributes": [{"values": [{"key": "1"}]}]},
        ),
        (
            '<errors xmlns="http://wiki.open311.org/GeoReport_v2"><error><code>403</code></error></errors>',
            [{"code": "403"}],
        ),
        ("<endpoint><formats><format>text/xml</format></formats></endpoint>", {"formats": ["text/xml"]}),
        ("<request><description>Caf\u00e9 &amp; \u00a3</description></request>", {"description": "Caf\u00e9 & \u00a3"}),
        ("<services><!-- none today --></services>", []),
    ],
)
def test_xml_has_the_shape_of_its_json(text: str, shape: Any) -> None:
    assert read_answer((HEAD + text).encode()) == shape
    assert read_answer(b"\xef\xbb\xbf\r\n" + text.encode()) == shape


def test_json_is_as_it_is() -> None:
    assert read_answer(b' [{"service_code": 1, "group": null}]') == [{"service_code": 1, "group": None}]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<",
        b"<html><br></html>",
        b"{",
        b"\xff\xfe",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<?xml version='1.0' encoding='no-such'?><a/>",
    ],
)
def test_anything_else_cannot_be_read(body: bytes) -> None:
    with pytest.raises(ValueError):
        read_answer(body)
