"""Numbers in words and digits read out."""

from __future__ import annotations

import pytest

from bot.text.numbers import find_read_out, parse_digits, parse_number, parse_spoken


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
    [("oh one six one", "0161"), ("double two, triple 7", "22777"), ("07700 900 one two three", "07700900123"),
     ("seven hundred nine double oh", "700900"), ("twenty three", "23"), ("twelve three", "123"),
     ("twenty ten", "2010")],
)  # fmt: skip
def test_digits_read_out(text: str, digits: str) -> None:
    assert parse_digits(text) == digits


@pytest.mark.parametrize("text", ["", "double", "one bin", "double 12", "double double two", "1 + 1"])
def test_not_digits(text: str) -> None:
    assert parse_digits(text) is None


@pytest.mark.parametrize(
    ("text", "figures"),
    [("forty two", "42"), ("double two", "22"), ("triple four", "444"), ("one oh five", "105"), ("two two", "22"),
     ("a hundred and five", "105"), ("one two five", "125"), ("ten", "10"), ("double", None), ("two bins", None)],
)  # fmt: skip
def test_a_house_number_in_words(text: str, figures: str | None) -> None:
    assert parse_spoken(text) == figures


def test_a_long_number_read_out() -> None:
    text = "it is oh one two three four, 12345 and I have two bins"
    (match,) = find_read_out(text, 9)
    assert (match.value, text[match.start : match.end]) == ("0123412345", "oh one two three four, 12345")
    assert find_read_out("07700 900123", 9) == []
    assert find_read_out("one two three", 9) == []
