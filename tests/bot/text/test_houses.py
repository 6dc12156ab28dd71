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
        ("forty two wellington road", ["42"]),
        ("forty-two wellington road", ["42"]),
        ("number ten", ["10"]),
        ("number ten please", ["10"]),
        ("im at number twenty three", ["23"]),
        ("flat 2b, 14", ["2B", "14"]),
        ("flat 2b 14 hall street", ["2B", "14"]),
        ("apt 3", ["3"]),
        ("apt. 3b", ["3B"]),
        ("apartment 12", ["12"]),
        ("14a", []),
        ("14a hall street", ["14A"]),
        ("14 a hall street", ["14A"]),
        ("no 7 hall street", ["7"]),
        ("no. 7", ["7"]),
        ("#7 hall street", ["7"]),
        ("num 7", ["7"]),
        ("house 7", ["7"]),
        ("unit 4", ["4"]),
        ("flt 6", ["6"]),
        ("one hundred and five buxton road", ["105"]),
        ("double two hall street", ["22"]),
        ("one two five buxton road", ["125"]),
        ("one oh five buxton road", ["105"]),
        ("number triple four", ["444"]),
        ("flat three, 12 hall street", ["3", "12"]),
        ("12 hall st", ["12"]),
        ("12, hall street", ["12"]),
        ("12 the crescent", ["12"]),
        ("12 bramhall lane", ["12"]),
        ("12 hall raod", ["12"]),
        ("12 hall streat", ["12"]),
        ("im at 42 buxton rd", ["42"]),
        ("104b buxton road", ["104B"]),
        ("16f hall street", ["16F"]),
        ("twelve a hall street", ["12A"]),
        ("two bins on bramhall lane", []),
        ("one way street", []),
        ("2 trees on hall road", []),
        ("three doors down the road", []),
        ("two old wardrobes hall street", []),
        ("one end of the road", []),
        ("number one priority", []),
        ("one of the street lights", []),
        ("four potholes on green lane", []),
        ("number two of the list", []),
        ("ten minutes from hall street", []),
        ("2 cars parked on the road", []),
        ("5 lamp posts out on buxton road", []),
        ("40 mph road", []),
        ("30 mile an hour road", []),
        ("20 zone street", []),
        ("a double bed", []),
        ("double yellow lines on hall street", []),
        ("twenty people in the street", []),
        ("a hundred cars on the road", []),
        ("flat is damp", []),
        ("unit is broken", []),
        ("the house is cold", []),
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
