"""How people say where something is."""

from __future__ import annotations

import pytest

from bot.text.whereabouts import bare_place, junction, says_where


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("outside number 12 Edward Street", "12 Edward Street"),
        ("it's just round the corner of Hall Street", "Hall Street"),
        ("opposite the library", "library"),
        ("Castle Street", "Castle Street"),
    ],
)
def test_the_words_before_a_place_are_left_out(text: str, place: str) -> None:
    assert bare_place(text) == place


@pytest.mark.parametrize(
    "text", ["outside the co-op", "its by the bridge", "at the top of the brew", "corner of Hall St"]
)
def test_a_message_that_says_where(text: str) -> None:
    assert says_where(text)


@pytest.mark.parametrize("text", ["when is my bin day", "how much is a permit", "I want to complain"])
def test_a_message_that_does_not(text: str) -> None:
    assert not says_where(text)


@pytest.mark.parametrize(
    "text",
    [
        "corner of Hall Street and Turncroft Lane",
        "the junction of Hall Street with Turncroft Lane",
        "where Hall Street meets Turncroft Lane",
        "Hall Street / Turncroft Lane",
    ],
)
def test_a_junction(text: str) -> None:
    assert junction(text) == ("Hall Street", "Turncroft Lane")
