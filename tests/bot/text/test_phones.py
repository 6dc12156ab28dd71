"""Telephone numbers in British use."""

from __future__ import annotations

import time

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
        ("oh seven seven hundred nine double oh one two three", "07700 900123"),
        ("zero seven seven zero zero nine zero zero one two three", "07700 900123"),
        ("oh double seven double oh nine double oh one two three", "07700 900123"),
        ("my number is oh seven seven double oh nine hundred one two three", "07700 900123"),
        ("oh one six one four nine six oh one two three", "0161 496 0123"),
        ("o161 496 o123", "0161 496 0123"),
        ("O77OO 9OO123", "07700 900123"),
        ("ring me on oh one six one, four nine six, oh one double two please", "0161 496 0122"),
        ("07700 nine hundred 123", "07700 900123"),
        ("0161-496-0123", "0161 496 0123"),
        ("07700.900.123", "07700 900123"),
        ("07 700 900 123", "07700 900123"),
        ("(07700) 900123", "07700 900123"),
        ("077oo 9oo123", "07700 900123"),
        ("oh seven seven double oh nine double oh twelve three", "07700 900123"),
    ],
)
def test_written_as_people_read_it(text: str, value: str) -> None:
    assert parse_phone(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "12345", "uprn 100011543210", "ref 1234567890", "12/03/2026 10:30", "0123", "07700 900123 or 0161 496 0123",
     "0" * 40, "call me",
     "one two three four five six seven eight nine ten", "i have two bins and one caddy", "double oh seven",
     "seven of nine", "one to one", "oh no not again", "oh one more thing",
     "oh seven double seven hundred nine double oh one two three",
     "zero one six one four nine six zero one triple two"],
)  # fmt: skip
def test_no_number_or_several(text: str) -> None:
    assert parse_phone(text) is None


def test_found_where_it_stands() -> None:
    text = "call 07700 900123 today"
    (match,) = find_phones(text)
    assert text[match.start : match.end] == "07700 900123"


def test_read_out_it_is_found_where_it_stands() -> None:
    text = "ring oh one six one, four nine six, oh one double two please"
    (match,) = find_phones(text)
    assert text[match.start : match.end] == "oh one six one, four nine six, oh one double two"


@pytest.mark.parametrize("text", ["o" * 5000, "one " * 1000, "0 " * 2000, "double " * 1000, "oh-" * 1500])
def test_no_text_takes_long(text: str) -> None:
    start = time.perf_counter()
    find_phones(text)
    assert time.perf_counter() - start < 1


def test_only_a_mobile_gets_text_messages() -> None:
    assert is_mobile("07700 900123")
    assert not is_mobile("0161 496 0123")
    assert not is_mobile("bin")
