"""Number plates and what is none."""

from __future__ import annotations

import pytest

from bot.text.registrations import find_registrations, parse_registration


@pytest.mark.parametrize(
    ("text", "value"),
    [("AB12 CDE", "AB12 CDE"), ("my van is fx19ztc", "FX19 ZTC"), ("A123 BCD", "A123 BCD"), ("abc 123d", "ABC 123D"),
     ("ABZ 1234", "ABZ 1234"), ("reg AB12CDE.", "AB12 CDE")],
)  # fmt: skip
def test_every_form(text: str, value: str) -> None:
    assert parse_registration(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "SK1 3XE", "it 1234", "m60 and", "bin 123", "in 2024", "on 12th", "AB12CDEF", "QQ12 CDE",
     "AB12 CDE or FX19 ZTC"],
)  # fmt: skip
def test_none_or_several(text: str) -> None:
    assert parse_registration(text) is None


def test_found_where_it_stands() -> None:
    text = "a white van, ab12 cde, tipped it"
    (match,) = find_registrations(text)
    assert text[match.start : match.end] == "ab12 cde"


def test_many_are_all_found_where_they_stand() -> None:
    found = find_registrations("AB12 CDE " * 2000)
    assert [(match.value, match.start) for match in found] == [("AB12 CDE", 9 * n) for n in range(2000)]
