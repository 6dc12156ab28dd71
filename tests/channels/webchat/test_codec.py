"""The codec: what a body and a query may be, and which problem each other thing is."""

from __future__ import annotations

import json

import pytest

from channels.messages import Location, Problem
from channels.webchat.codec import MAX_BODY, Posted, parse_message, parse_rating, parse_read


def test_a_text_and_a_choice() -> None:
    assert parse_message(b'{"id": "abcdefgh", "text": "caf\xc3\xa9"}') == Posted("abcdefgh", "café", None, None)
    assert parse_message(b'{"id": "abcdefgh", "choice": "x", "new": 1}') == Posted("abcdefgh", None, "x", None)
    located = parse_message(b'{"id": "abcdefgh", "location": {"latitude": 53.4, "longitude": -2, "accuracy": 9}}')
    assert located == Posted("abcdefgh", None, None, Location(53.4, -2.0))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "bad_request"),
        (b"{", "bad_request"),
        (b"[]", "bad_request"),
        (b'"text"', "bad_request"),
        (b'{"text": "hello"}', "bad_request"),
        (b'{"id": 7, "text": "hello"}', "bad_request"),
        (b'{"id": "abcdefgh", "text": ["hello"]}', "bad_request"),
        (b'{"id": "abcdefgh", "choice": 7}', "bad_request"),
        (b"[" * 16_000, "bad_request"),
        (b'{"id": "abcdefgh"}', "bad_request"),
        (b'{"id": "abcdefgh", "text": "a", "choice": "b"}', "bad_request"),
        (b'{"id": "abcdefgh", "text": "a", "location": {"latitude": 1, "longitude": 1}}', "bad_request"),
        (b'{"id": "abcdefgh", "location": [1, 2]}', "bad_request"),
        (b'{"id": "abcdefgh", "location": {"latitude": 91, "longitude": 0}}', "bad_request"),
        (b'{"id": "abcdefgh", "location": {"latitude": NaN, "longitude": 0}}', "bad_request"),
        (b'{"id": "abcdefgh", "location": {"latitude": 1e999, "longitude": 0}}', "bad_request"),
        (b'{"id": "abcdefgh", "location": {"latitude": true, "longitude": 0}}', "bad_request"),
        (b'{"id": "abcdefgh", "location": {"latitude": "1", "longitude": 0}}', "bad_request"),
        (b'{"id": "abcdefgh", "text": "\xff\xfe"}', "not_text"),
        (b"\x89PNG\r\n", "not_text"),
        (json.dumps({"id": "abcdefgh", "text": "a" * MAX_BODY}).encode(), "too_large"),
    ],
)
def test_anything_else_is_a_problem(body: bytes, kind: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_message(body)
    assert caught.value.kind == kind


def test_the_longest_message_fits_however_it_is_escaped() -> None:
    body = json.dumps({"id": "a" * 64, "text": "\U0001f600" * 1000}).encode()
    assert len(parse_message(body).text or "") == 1000


@pytest.mark.parametrize(
    ("after", "wait", "values"),
    [("", "", (0, 0.0)), ("7", "", (7, 0.0)), ("0", "25", (0, 25.0)), ("12", "0.5", (12, 0.5))],
)
def test_a_read(after: str, wait: str, values: tuple[int, float]) -> None:
    assert parse_read(after, wait) == values


@pytest.mark.parametrize(
    ("after", "wait"),
    [
        ("-1", ""),
        ("x", ""),
        ("1.5", ""),
        ("9" * 30, ""),
        ("١", ""),
        ("", "nan"),
        ("", "inf"),
        ("", "-1"),
        ("", "1e9"),
    ],
)
def test_a_read_that_makes_no_sense(after: str, wait: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_read(after, wait)
    assert caught.value.kind == "bad_request"


def test_a_rating() -> None:
    assert parse_rating(b'{"score": 4, "comment": "fine"}') == ("4", "fine")
    assert parse_rating(b'{"score": 4}') == ("4", "")


@pytest.mark.parametrize("body", [b"{}", b'{"score": "4"}', b'{"score": true}', b'{"score": 4, "comment": 4}'])
def test_a_rating_that_makes_no_sense(body: bytes) -> None:
    with pytest.raises(Problem, match="bad_rating"):
        parse_rating(body)
