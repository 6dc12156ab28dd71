"""Whether words are a name misspelt, and how wrong they are."""

from __future__ import annotations

import pytest

from bot.text.likeness import Likeness, split_sort

NAMES = ("bramhall lane", "hillcrest road", "langford road", "longford st", "alexandra park road", "mile end lane",
         "jacksons lane", "chapel st", "fridge", "tumble dryer", "chest of drawers", "black one", "garden bin",
         "armchair")  # fmt: skip
ORDINARY = frozenset("bridge back one dyer draws hill crest brown hall alexander avenue mill bran".split())
LIKENESS = Likeness({word for name in NAMES for word in name.split()}, ORDINARY.__contains__)


@pytest.mark.parametrize(
    ("said", "name", "errors"),
    [
        ("bramhall lane", "bramhall lane", 0),
        ("bramalllane", "bramhall lane", 1),
        ("hill crest road", "hillcrest road", 0),
        ("hilcrestroad", "hillcrest road", 1),
        ("hlcrst road", "hillcrest road", 3),
        ("alexander park road", "alexandra park road", 2),
        ("jackson lane", "jacksons lane", 1),
        ("frige", "fridge", 1),
        ("tumble dyer", "tumble dryer", 1),
        ("chest of draws", "chest of drawers", 2),
        ("gaarde bin", "garden bin", 2),
        ("armchare", "armchair", 2),
    ],
)
def test_a_name_misspelt(said: str, name: str, errors: int) -> None:
    assert LIKENESS.errors(said.split(), tuple(name.split())) == errors


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("bramhall avenue", "bramhall lane"),
        ("bramhall lane south", "bramhall lane"),
        ("lane", "bramhall lane"),
        ("longford road", "langford road"),
        ("mill end lane", "mile end lane"),
        ("cheapest", "chapel st"),
        ("bridge", "fridge"),
        ("back one", "black one"),
        ("a hilcrest road", "hillcrest road"),
        ("gaarde bag", "garden bin"),
        ("bran hill lane", "bramhall lane"),
        ("harm chair", "armchair"),
    ],
)
def test_something_else(said: str, name: str) -> None:
    assert LIKENESS.errors(said.split(), tuple(name.split())) is None


def test_words_of_names_and_ordinary_ones_are_words() -> None:
    assert LIKENESS.is_word("longford") and LIKENESS.is_word("bridge") and not LIKENESS.is_word("hilcrest")


@pytest.mark.parametrize(
    ("name", "own"),
    [("mile end lane", "mile end"), ("park road north", "park"), ("garden bin", "garden"), ("sofa", "")],
)
def test_what_says_what_sort_of_thing_it_is(name: str, own: str) -> None:
    assert split_sort(tuple(name.split()))[0] == tuple(own.split())
