"""Finding an answer while it is typed: titles first, beginnings of words, slips, and in good time."""

from __future__ import annotations

from time import perf_counter

import pytest

from bot.staff.desk.answer_files import Answer
from bot.staff.desk.answer_index import Index

ANSWERS = (
    Answer("ct_band", "Council tax bands", "Council tax", "The **valuation** office sets it, not a taxi driver."),
    Answer(
        "food_waste", "Food waste collections", "Waste", "Put it in the caddy. Don't use [bags](https://x.example)."
    ),
    Answer("park_info", "Parks near you", "Streets", "A park has a caddy for dogs' bags and food waste."),
    Answer("taxi_licence", "Licences for drivers", "Business", "Ask us."),
)


def found(words: str, limit: int = 8) -> list[str]:
    return [answer.query for answer in Index(ANSWERS).search(words, limit)]


@pytest.mark.parametrize(
    ("words", "queries"),
    [
        ("food waste", ["food_waste", "park_info"]),  # the title before the text
        ("taxi", ["taxi_licence", "ct_band"]),  # the query's name before the text
        ("FOO", ["food_waste", "park_info"]),
        ("foo was", ["food_waste", "park_info"]),
        ("councli", ["ct_band"]),
        ("valuashun", []),
        ("valuatoin", ["ct_band"]),
        ("dont", ["food_waste"]),
        ("example", []),  # an address is nothing that staff read
        ("a question on food", ["food_waste", "park_info", "ct_band", "taxi_licence"]),
        ("", []),
        ("?!", []),
    ],
)
def test_what_words_find(words: str, queries: list[str]) -> None:
    assert found(words) == queries


def test_only_so_many_are_found() -> None:
    assert found("food waste", limit=1) == ["food_waste"]


def test_a_word_that_all_have_says_little() -> None:
    common = [Answer(f"q{number}", f"Ask about a thing {number}", "", "") for number in range(90)]
    rare = Answer("skips", "Skips", "", "")
    assert Index((*common, rare)).search("ask about a skip", 1) == [rare]


def test_250_answers_are_searched_in_20_milliseconds() -> None:
    text = " ".join(f"word{number}" for number in range(150))
    index = Index([Answer(f"query_{n}", f"Title{n} of {n}", "", f"{text} own{n} {n}{n}") for n in range(250)])
    assert len(index.search("titel17 wrod12 own1 w", 8)) == 8
    assert min(_taken(index) for _ in range(5)) < 0.02


def _taken(index: Index) -> float:
    begun = perf_counter()
    index.search("titel17 wrod12 own1", 8)
    return perf_counter() - begun
