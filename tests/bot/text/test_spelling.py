"""What is a slip and what is another word."""

from __future__ import annotations

import pytest

from bot.text.spelling import count_errors, is_left_out_or_swapped, is_plural, is_slip, sound


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("bramhal", "bramhall"),
        ("brammhall", "bramhall"),
        ("brahmall", "bramhall"),
        ("bramholl", "bramhall"),
        ("piccadilky", "piccadilly"),
        ("pikadily", "piccadilly"),
        ("alexander", "alexandra"),
        ("adwsod", "adswood"),
        ("vaccum", "vacuum"),
        ("altringham", "altrincham"),
        ("rbamhall", "bramhall"),
        ("same", "same"),
    ],
)
def test_a_slip(said: str, meant: str) -> None:
    assert is_slip(said, meant)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("broomfield", "brookfield"),
        ("hollies", "hollins"),
        ("denby", "derby"),
        ("norton", "gorton"),
        ("clayton", "clifton"),
        ("winnington", "wellington"),
        ("ohillcrest", "hillcrest"),
        ("", "hillcrest"),
    ],
)
def test_another_name(said: str, meant: str) -> None:
    assert not is_slip(said, meant)


@pytest.mark.parametrize(
    ("said", "meant", "is_confirmed", "errors"),
    [
        ("hilcrst", "hillcrest", True, 2),
        ("hlcrst", "hillcrest", True, 3),
        ("hlcrs", "hillcrest", True, None),
        ("matres", "mattress", False, 2),
        ("wshingmachne", "washingmachine", False, 2),
        ("wadrob", "wardrobe", False, None),
        ("soffa", "sofa", False, 1),
        ("sofia", "sofa", False, None),
        ("hyd", "hyde", True, 1),
        ("ok", "oak", True, None),
        ("oak", "oak", False, 0),
    ],
)
def test_how_much_may_be_wrong(said: str, meant: str, is_confirmed: bool, errors: int | None) -> None:
    assert count_errors(said, meant, is_confirmed) == errors


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bicycle", "bycicle"),
        ("armchair", "armchare"),
        ("freezer", "freza"),
        ("frewland", "freuland"),
        ("phone", "fone"),
        ("wright", "rite"),
    ],
)
def test_what_sounds_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("said", "meant", "is_one"),
    [("dyer", "dryer", True), ("hlal", "hall", True), ("hill", "hall", False), ("h", "hall", False)],
)
def test_left_out_or_swapped(said: str, meant: str, is_one: bool) -> None:
    assert is_left_out_or_swapped(said, meant) is is_one


@pytest.mark.parametrize(
    ("one", "other", "is_one"), [("jackson", "jacksons", True), ("princes", "princess", False), ("a", "b", False)]
)
def test_plural(one: str, other: str, is_one: bool) -> None:
    assert is_plural(one, other) is is_one
