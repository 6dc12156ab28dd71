"""Which names a stretch of words is compared with at all."""

from __future__ import annotations

import pytest

from bot.text.candidates import Anchors, Sorts

NAMES = [tuple(name.split()) for name in ("bramhall lane", "mile end lane", "hillcrest road", "hillgate", "blue bin",
                                          "sofa", "bicycle", "ox")]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on bramal lane", {(1, 3, "bramhall lane")}),
        ("bram hall lane", {(0, 3, "bramhall lane")}),
        ("mil end lane", {(0, 3, "mile end lane")}),
        ("bramal road", set()),
        ("my bleu bin", {(1, 3, "blue bin")}),
        ("down the lane", set()),
        ("lane", set()),
        ("x" * 40 + " lane", set()),
    ],
)
def test_names_by_their_sort(text: str, found: set[tuple[int, int, str]]) -> None:
    assert {(first, last, " ".join(key)) for first, last, key in Sorts(NAMES).near(text.split())} == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hilgate", "hillgate"),
        ("hill gate", "hillgate"),
        ("bramhalllane", "bramhall lane"),
        ("bluebin", "blue bin"),
        ("bycicle", "bicycle"),
        ("soffa", "sofa"),
    ],
)
def test_names_by_their_anchor(text: str, name: str) -> None:
    assert name in {" ".join(key) for _, _, key in Anchors(NAMES).near(text.split(), lambda word: False)}


def test_an_ordinary_word_is_no_anchor_misspelt() -> None:
    assert list(Anchors(NAMES).near(["hillgatt"], lambda word: True)) == []
    assert (0, 1, ("hillgate",)) in Anchors(NAMES).near(["hillgatt"], lambda word: False)
