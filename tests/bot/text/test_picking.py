"""Which of the things offered is meant, and that nothing is guessed."""

from __future__ import annotations

import pytest

from bot.text.picking import Offered, pick, pick_address, plain

BINS = [
    Offered("black_bin", "Black bin", ("rubbish bin", "general waste")),
    Offered("blue_bin", "Blue bin", ("paper bin", "cardboard bin")),
    Offered("brown_bin", "Brown bin", ("recycling bin", "glass")),
    Offered("green_bin", "Green bin", ("garden bin", "food waste")),
]
ODD_SIDE = [Offered(f"1000{number}", f"{number} Greek Street") for number in (1, 3, 5, 7, 9)]
FLATS = [Offered(str(number), f"Flat {number}, Mersey Point, Lancashire Hill") for number in range(1, 119)]
LANE = [
    Offered("a", "12 Redhouse Lane"),
    Offered("b", "12A Redhouse Lane"),
    Offered("c", "14 Redhouse Lane"),
    Offered("d", "Rose Cottage, Redhouse Lane"),
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("blue", "blue_bin"),
        ("Blue bin.", "blue_bin"),
        ("my blue bin please", "blue_bin"),
        ("blue_bin", "blue_bin"),
        ("the one for paper", "blue_bin"),
        ("I think it was the brown one", "brown_bin"),
        ("bleu bin", "blue_bin"),
        ("2", "blue_bin"),
        ("#2", "blue_bin"),
        ("option two", "blue_bin"),
        ("the second one", "blue_bin"),
        ("one", "black_bin"),
        ("the last one", "green_bin"),
    ],
)
def test_one_of_a_list_is_picked_by_name_by_place_and_misspelt(text: str, value: str) -> None:
    picked = pick(text, BINS)
    assert picked and picked.value == value


@pytest.mark.parametrize(
    "text",
    ["", "?!", "the bin", "black and blue", "first or second", "not the blue one", "5", "0", "both", "when is it due"],
)
def test_what_is_not_clear_is_not_guessed(text: str) -> None:
    assert pick(text, BINS) is None


def test_nothing_is_picked_from_nothing() -> None:
    assert pick("blue", []) is None
    assert pick_address("12", []) is None


def test_a_longer_name_hides_a_shorter_one_inside_it() -> None:
    things = [Offered("sofa", "Sofa"), Offered("corner_sofa", "Corner sofa"), Offered("sofa_bed", "Sofa bed")]
    picked = pick("an old corner sofa", things)
    assert picked and picked.value == "corner_sofa"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("5", "5 Greek Street"),
        ("number 5", "5 Greek Street"),
        ("number five", "5 Greek Street"),
        ("five", "5 Greek Street"),
        ("I live at 3 Greek Street", "3 Greek Street"),
        ("3, greek st", "3 Greek Street"),
        ("7 please", "7 Greek Street"),
        ("the second one", "3 Greek Street"),
        ("2nd", "3 Greek Street"),
        ("the last one", "9 Greek Street"),
    ],
)
def test_an_address_is_picked_by_its_number(text: str, title: str) -> None:
    picked = pick_address(text, ODD_SIDE)
    assert picked and picked.title == title


HOUSES = [
    Offered(f"u{place}", title)
    for place, title in enumerate(("14 Redhouse Lane", "14A Redhouse Lane", "Flat 2B, 16 Redhouse Lane",
                                   "22 Redhouse Lane", "105 Redhouse Lane", "Rose Cottage, Redhouse Lane",
                                   "The Old Forge, Redhouse Lane"))
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("rose cottage", "Rose Cottage, Redhouse Lane"),
        ("rose cotage", "Rose Cottage, Redhouse Lane"),
        ("roase cottage", "Rose Cottage, Redhouse Lane"),
        ("its rose cottage", "Rose Cottage, Redhouse Lane"),
        ("the old forge", "The Old Forge, Redhouse Lane"),
        ("old forge", "The Old Forge, Redhouse Lane"),
        ("the old forg", "The Old Forge, Redhouse Lane"),
        ("the forge", "The Old Forge, Redhouse Lane"),
        ("14a", "14A Redhouse Lane"),
        ("14 a", "14A Redhouse Lane"),
        ("fourteen a", "14A Redhouse Lane"),
        ("fourteen", "14 Redhouse Lane"),
        ("number fourteen", "14 Redhouse Lane"),
        ("flat 2b, 16", "Flat 2B, 16 Redhouse Lane"),
        ("flat 2b", "Flat 2B, 16 Redhouse Lane"),
        ("2b", "Flat 2B, 16 Redhouse Lane"),
        ("flat two b", "Flat 2B, 16 Redhouse Lane"),
        ("twenty two", "22 Redhouse Lane"),
        ("double two", "22 Redhouse Lane"),
        ("two two", "22 Redhouse Lane"),
        ("number twenty two redhouse lane", "22 Redhouse Lane"),
        ("one hundred and five", "105 Redhouse Lane"),
        ("one oh five", "105 Redhouse Lane"),
        ("a hundred and five", "105 Redhouse Lane"),
        ("22 please", "22 Redhouse Lane"),
    ],
)
def test_a_number_said_in_words_and_a_house_name_misspelt(text: str, title: str) -> None:
    picked = pick_address(text, HOUSES)
    assert picked and picked.title == title


@pytest.mark.parametrize("text", ["flat 2b, 14", "triple four", "number 2", "sixty", "rose villa", "the new forge"])
def test_a_home_that_is_not_offered(text: str) -> None:
    assert pick_address(text, HOUSES) is None


@pytest.mark.parametrize("text", ["2", "4", "number four", "13", "greek street", "55", "none of them"])
def test_a_house_number_never_means_a_place_in_the_list(text: str) -> None:
    assert pick_address(text, ODD_SIDE) is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("1", "Flat 1, Mersey Point, Lancashire Hill"),
        ("flat 118", "Flat 118, Mersey Point, Lancashire Hill"),
        ("apartment 100 mersey point", "Flat 100, Mersey Point, Lancashire Hill"),
        ("apt. twelve", "Flat 12, Mersey Point, Lancashire Hill"),
        ("flat one oh five", "Flat 105, Mersey Point, Lancashire Hill"),
        ("three", "Flat 3, Mersey Point, Lancashire Hill"),
    ],
)
def test_a_flat_is_picked_by_its_number(text: str, title: str) -> None:
    picked = pick_address(text, FLATS)
    assert picked and picked.title == title


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", "a"), ("12a", "b"), ("12 A", "b"), ("12A redhouse lane", "b"), ("rose cottage", "d")],
)
def test_a_letter_belongs_to_the_number_and_a_house_may_have_a_name(text: str, value: str) -> None:
    picked = pick_address(text, LANE)
    assert picked and picked.value == value


def test_plain_keeps_words_and_figures_only() -> None:
    assert plain("  It's the  BLUE-bin, No. 2!  ") == "its the blue bin no 2"
