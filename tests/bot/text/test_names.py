"""Names as people misspell them, and words that are no names."""

from __future__ import annotations

import random
import time

import pytest

from bot.text.names import Name, Names

STREETS = ("Bramhall Lane", "Hillcrest Road", "St Mary's Way", "Wellington Road South", "Wellington Road North",
           "High Street", "Hall Street", "Lancashire Hill", "Park Road", "North Park Road")  # fmt: skip
ITEMS = ("mattress", "sofa", "fridge", "fridge freezer", "washing machine", "chest of drawers", "bath", "chair", "bed")
ORDINARY = {"hill", "bridge", "hair", "batch", "wrench", "draws", "back", "one"}
NAMES = Names(
    [Name("street", name, name) for name in STREETS]
    + [Name("item", name.replace(" ", "_"), name) for name in ITEMS]
    + [
        Name("bulky", "fridge", "fridge"),
        Name("item", "sofa", "settee"),
        Name("item", "b_and_q", "B & Q"),
        Name("bin", "black", "black one"),
    ],
    ORDINARY.__contains__,
)


def values(text: str) -> list[str]:
    return [found.value for found in NAMES.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I live on Bramhall Lane", ["Bramhall Lane"]),
        ("bramhal lane", ["Bramhall Lane"]),
        ("brahmall lane", ["Bramhall Lane"]),
        ("bram hall lane", ["Bramhall Lane"]),
        ("bramhalllane", ["Bramhall Lane"]),
        ("BRAMHALL LN.", ["Bramhall Lane"]),
        ("12 hilcrst rd", ["Hillcrest Road"]),
        ("saint marys way", ["St Mary's Way"]),
        ("wellington road north", ["Wellington Road North"]),
        ("wellingtn rode nth", ["Wellington Road North"]),
        ("wellington rd n", ["Wellington Road North"]),
        ("hlcrst road", ["Hillcrest Road"]),
        ("near hilcrest raod and hal st", ["Hillcrest Road", "Hall Street"]),
        ("hill crest rd", ["Hillcrest Road"]),
        ("lancs hill", ["Lancashire Hill"]),
        ("on park road", ["Park Road"]),
        ("12a park rd", ["Park Road"]),
        ("north park road", ["North Park Road"]),
        ("a matress and two sofas", ["mattress", "sofa"]),
        ("mattresses", ["mattress"]),
        ("washin machine", ["washing_machine"]),
        ("chest of draws", ["chest_of_drawers"]),
        ("frigde freezer", ["fridge_freezer"]),
        ("an old setee", ["sofa"]),
        ("soffa", ["sofa"]),
        ("t'sofa", ["sofa"]),
        ("b and q", ["b_and_q"]),
    ],
)
def test_found_however_it_is_written(text: str, found: list[str]) -> None:
    assert values(text) == found


@pytest.mark.parametrize(
    "text", ["", "the bridge", "my hair", "bet", "sof", "a lane", "road", "?!", "bad", "go back one"]
)
def test_not_every_word_is_a_name(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    "text",
    ["bramhall avenue", "bramhall road", "wellington road", "south park road", "park road south", "claremont park road",
     "old hall street", "hill street", "the high road"],
)  # fmt: skip
def test_another_street_is_not_ours(text: str) -> None:
    assert values(text) == []


def test_of_two_names_that_come_as_close_none_is_taken() -> None:
    alike = Names([Name("street", name, name) for name in ("Harcourt Road", "Harcert Road")])
    assert alike.find("harcort road") == []
    same = Names([Name("street", "Harcourt Road", name) for name in ("Harcourt Road", "Harcert Road")])
    assert [found.value for found in same.find("harcort road")] == ["Harcourt Road"]


def test_the_longest_name_wins_and_none_lies_over_another() -> None:
    (found,) = NAMES.find("one fridge freezer please")
    assert (found.value, found.confidence) == ("fridge_freezer", 1.0)


def test_a_name_of_two_kinds_is_both() -> None:
    assert [(found.entity, found.value) for found in NAMES.find("fridge")] == [("bulky", "fridge"), ("item", "fridge")]


def test_where_it_stands_and_how_sure() -> None:
    text = "near Hilcrest Road, ok"
    (found,) = NAMES.find(text)
    assert text[found.start : found.end] == "Hilcrest Road"
    assert 0.9 < found.confidence < 1


def test_no_names() -> None:
    assert Names([]).find("anything") == []
    assert Names([Name("a", "b", "!!")]).find("!!") == []


def test_two_thousand_names_take_little_time() -> None:
    chance = random.Random(1)
    parts = "ash bram dun elm fox gar hal ink kel lor mar nor oak pen quin ros sal tor ult ven wes yar zel".split()  # noqa: SIM905
    many = {f"{chance.choice(parts)}{chance.choice(parts)}{chance.choice(parts)} {end}" for _ in range(700)
            for end in ("road", "lane", "close")}  # fmt: skip
    names = Names([Name("street", name, name) for name in sorted(many)])
    text = "my black bin at ashbramdun road was not collected on tuesday please can somebody come and get it"
    times = []
    for _ in range(21):
        start = time.perf_counter()
        names.find(text)
        times.append(time.perf_counter() - start)
    assert sorted(times)[10] < 0.02
    start = time.perf_counter()
    names.find("abcdefghijklmnopqrstuvwx " * 40)
    assert time.perf_counter() - start < 1
