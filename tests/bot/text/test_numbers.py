"""Numbers in words and digits read out."""

from __future__ import annotations

import pytest

from bot.text.numbers import parse_digits, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [("2", 2), ("Two", 2), ("a couple", 2), ("just one", 1), ("none", 0), ("half a dozen", 6), ("twenty-one", 21),
     ("nineteen", 19), ("a hundred and five", 105), ("two thousand and six", 2006), ("1,200", 1200), ("three.", 3)],
)  # fmt: skip
def test_a_number(text: str, value: int) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "a few", "two bins", "twenty ten", "five five", "hundred", "-", "1,20", "9" * 50])
def test_no_number(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "digits"),
    [("oh one six one", "0161"), ("double two, triple 7", "22777"), ("07700 900 one two three", "07700900123")],
)
def test_digits_read_out(text: str, digits: str) -> None:
    assert parse_digits(text) == digits


@pytest.mark.parametrize("text", ["", "double", "one bin", "double 12", "double double two", "1 + 1"])
def test_not_digits(text: str) -> None:
    assert parse_digits(text) is None
