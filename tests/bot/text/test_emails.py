"""Email addresses in a sentence and alone."""

from __future__ import annotations

import time

import pytest

from bot.text.emails import find_emails, parse_email


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Jo.Bloggs@Example.CO.UK", "Jo.Bloggs@example.co.uk"),
        ("it's jo@example.com.", "jo@example.com"),
        ("<jo+bins@example.com>, ta", "jo+bins@example.com"),
        ("jo @ example . com", "jo@example.com"),
    ],
)
def test_an_address(text: str, value: str) -> None:
    assert parse_email(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "jo", "jo@", "@example.com", "jo@example", "jo@@example.com", "a..b@example.com", "home @ 5. thanks",
     "jo@example.com or sam@example.com", "x" * 70 + "@example.com"],
)  # fmt: skip
def test_none_or_several(text: str) -> None:
    assert parse_email(text) is None


def test_found_where_it_stands() -> None:
    text = "write to jo@example.com!"
    (match,) = find_emails(text)
    assert text[match.start : match.end] == "jo@example.com"


@pytest.mark.parametrize("text", ["@" * 10000, "a@" * 5000, "a" * 10000 + "@", "a." * 5000 + "@b"])
def test_no_text_takes_long(text: str) -> None:
    start = time.perf_counter()
    parse_email(text)
    assert time.perf_counter() - start < 1
