"""Finding an answer while somebody types: by whole words, by their beginnings, and past a slip. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.staff.desk.answer_files import Answer

# A word of the title says more than one of the query's name, and both say more than one somewhere in the text.
TITLE, NAME, TEXT = 10.0, 6.0, 1.0
WHOLE, BEGINNING, SLIP = 1.0, 0.8, 0.5
ALIKE = 0.75  # of the letters, for a word with a slip in it
LONG_ENOUGH = 4  # letters of a word in which a slip can be told
MOST_WORDS = 12

_LINK = re.compile(r"\]\([^)]*\)")


class Index:
    """The answers by the words in them."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self._answers = answers
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        for number, answer in enumerate(answers):
            self._add(number, _words(answer.title), TITLE)
            self._add(number, _words(answer.query), NAME)
            self._add(number, _words(_LINK.sub("]", answer.text)), TEXT)
        self._vocabulary = list(self._weights)

    def _add(self, number: int, words: Iterable[str], weight: float) -> None:
        for word in words:
            known = self._weights[word]
            known[number] = max(weight, known.get(number, 0.0))

    def search(self, words: str, limit: int) -> list[Answer]:
        """The answers with any of the words, best first. A word that most answers have says little about one."""
        found: dict[int, float] = defaultdict(float)
        for word in list(dict.fromkeys(_words(words)))[:MOST_WORDS]:
            scores = self._score(word)
            rarity = log(1 + len(self._answers) / max(1, len(scores)))
            for number, score in scores.items():
                found[number] += score * rarity
        best = sorted(found, key=lambda number: (-found[number], number))
        return [self._answers[number] for number in best[:limit]]

    def _score(self, typed: str) -> dict[int, float]:
        """How well each answer fits one word, by the best of its own words."""
        scores: dict[int, float] = {}
        for word, likeness in self._like(typed):
            for number, weight in self._weights[word].items():
                scores[number] = max(scores.get(number, 0.0), weight * likeness)
        return scores

    def _like(self, typed: str) -> Iterable[tuple[str, float]]:
        """The words that this one may be, each with how sure that is. A slip is looked for only if nothing fits."""
        begun = [word for word in self._vocabulary if word.startswith(typed)]
        if begun or len(typed) < LONG_ENOUGH:
            return [(word, WHOLE if word == typed else BEGINNING) for word in begun]
        near = process.extract(
            typed, self._vocabulary, scorer=OSA.normalized_similarity, score_cutoff=ALIKE, limit=None
        )
        return [(word, SLIP * likeness) for word, likeness, _ in near]


def _words(text: str) -> list[str]:
    """Words in small letters, without apostrophes; a name like bin_new has two."""
    return re.findall(r"[^\W_]+", re.sub("['’]", "", text.casefold()))
