"""The words for a sort of road, and what they keep apart."""

from __future__ import annotations

import pytest

from bot.text.road_words import BETWEEN, KIND_FORMS, SPELT_OUT, in_full, is_inside_another, split_name


@pytest.mark.parametrize(
    ("said", "full"),
    [
        ("hillcrest rd", "hillcrest road"),
        ("hillcrest rode", "hillcrest road"),
        ("edward streat", "edward st"),
        ("saint anns raod nth", "st anns road north"),
        ("ack ln e", "ack lane east"),
        ("e road", "e road"),
        ("gt egerton street", "great egerton st"),
        ("an old chair", "an old chair"),
        ("", ""),
    ],
)
def test_written_out(said: str, full: str) -> None:
    assert in_full(said.split()) == full.split()


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("bramhall lane", 1),
        ("wellington road south", 1),
        ("bean leach road", 2),
        ("st petersgate", 2),
        ("lane", 1),
        ("road north", 2),
        ("blue bin", 2),
    ],
)
def test_a_roads_own_words(name: str, own: int) -> None:
    words = tuple(name.split())
    assert split_name(words) == (words[:own], words[own:])


@pytest.mark.parametrize(
    ("before", "after", "is_one"),
    [("south", "", True), ("", "north", True), ("upper", "", True), ("on", "please", False), ("", "", False)],
)
def test_part_of_another_name(before: str, after: str, is_one: bool) -> None:
    assert is_inside_another(before, after) is is_one


def test_no_spelling_stands_for_two_words() -> None:
    assert not SPELT_OUT.keys() & set(SPELT_OUT.values())
    assert not BETWEEN & KIND_FORMS
