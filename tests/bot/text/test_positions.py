"""Positions in what people paste."""

from __future__ import annotations

import pytest

from bot.text.positions import find_position


@pytest.mark.parametrize(
    "text",
    [
        "53.40995, -2.15761",
        "it is at 53.40995,-2.15761 by the bridge",
        "https://www.google.com/maps/@53.40995,-2.15761,17z",
        "https://www.google.com/maps/place/X/@53.5,-2.2,17z/data=!3m1!4b1!4m6!3d53.40995!4d-2.15761",
        "https://maps.google.com/?q=53.40995,-2.15761",
        "https://maps.apple.com/?ll=53.40995%2C-2.15761&q=here",
        "https://www.openstreetmap.org/?mlat=53.40995&mlon=-2.15761#map=17/53.1/-2.1",
        "https://www.openstreetmap.org/#map=17/53.40995/-2.15761",
        "geo:53.40995,-2.15761",
        "53°24'35.82\"N 2°09'27.4\"W",
    ],
)
def test_a_position_is_found(text: str) -> None:
    assert find_position(text) == (53.40995, -2.15761)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12.50, 13.50",
        "from 9.30 to 10.15",
        "153.40995, -2.15761",
        "https://maps.app.goo.gl/abc",
        "call 0161 496 0100",
    ],
)
def test_what_is_no_position(text: str) -> None:
    assert find_position(text) is None
