"""House numbers and money: figures that are, and figures that are not."""

from __future__ import annotations

import pytest

from bot.text.houses import find_house_numbers, find_money


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12 Hillcrest Road", ["12"]),
        ("number 12 please", ["12"]),
        ("flat 3b, 14 Wellington Road South", ["3B", "14"]),
        ("12a high street", ["12A"]),
        ("2 bins on Bramhall Lane", []),
        ("10 minutes walk from hall street", []),
        ("the 2 black bins at the end of green lane", []),
        ("number 3 of the list", []),
        ("no 12 is blocked", []),
        ("\u00a312 high street", []),
        ("3/4 hall road", []),
        ("", []),
    ],
)
def test_house_numbers(text: str, values: list[str]) -> None:
    assert [match.value for match in find_house_numbers(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("\u00a335.50", ["35.50"]),
        ("I paid \u00a31,200 and 20 quid", ["1200.00", "20.00"]),
        ("5 pounds.", ["5.00"]),
        ("12 bins", []),
        ("compound 5", []),
    ],
)
def test_money(text: str, values: list[str]) -> None:
    assert [match.value for match in find_money(text)] == values
