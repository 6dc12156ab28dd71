"""Telephone numbers in British use."""

from __future__ import annotations

import pytest

from bot.text.phones import find_phones, is_mobile, parse_phone


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("07700900123", "07700 900123"),
        ("ring me on +44 7700 900 123 pls", "07700 900123"),
        ("0044 7700 900123", "07700 900123"),
        ("(0161) 496 0123", "0161 496 0123"),
        ("oh one six one, four nine six, oh one double two", "0161 496 0122"),
        ("+33 1 42 68 53 00", "+33 1 42 68 53 00"),
    ],
)
def test_written_as_people_read_it(text: str, value: str) -> None:
    assert parse_phone(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "12345", "uprn 100011543210", "ref 1234567890", "12/03/2026 10:30", "0123", "07700 900123 or 0161 496 0123",
     "0" * 40, "call me"],
)  # fmt: skip
def test_no_number_or_several(text: str) -> None:
    assert parse_phone(text) is None


def test_found_where_it_stands() -> None:
    text = "call 07700 900123 today"
    (match,) = find_phones(text)
    assert text[match.start : match.end] == "07700 900123"


def test_only_a_mobile_gets_text_messages() -> None:
    assert is_mobile("07700 900123")
    assert not is_mobile("0161 496 0123")
    assert not is_mobile("bin")
