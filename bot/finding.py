"""Finding things by what residents call them: misspelt, in the plural, in the middle of a sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

# A match at or above this is taken for what was meant; below it is only worth a "did you mean".
SURE = 80
# Words of a message that are searched; an item is named early or not at all.
LONGEST = 100


class Named(Protocol):
    """Anything with a name and other words for it."""

    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


N = TypeVar("N", bound=Named)


def words_of(text: str) -> list[str]:
    """Plain lower-case words without plural endings: "Pizza boxes" -> ["pizza", "box"]."""
    return [_singular(word) for word in _raw_words(text)]


def _raw_words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub("['’]", "", text.lower()))


def _singular(word: str) -> str:
    if len(word) < 4 or word.endswith("ss"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes")):
        return word[:-2]
    return word.removesuffix("s")


class Finder(Generic[N]):
    """Finds named things in a message: whole words only, the longest name first, tolerant to misspelling.

    Names are compared without spaces, so "tea bag" and "teabag" are one. About one letter in five may be wrong,
    but only in names of five letters up, and never in a word of the list itself ("grass" is never "glass").
    """

    def __init__(self, things: Sequence[N], fillers: frozenset[str]) -> None:
        self._fillers = fillers
        self._names: dict[str, N] = {}
        self._spaced: dict[str, N] = {}
        for thing in things:
            for name in (thing.name, *thing.aliases):
                words = words_of(name)
                self._names["".join(words)] = thing
                self._spaced[" ".join(words)] = thing
        self._known = {word for name in self._spaced for word in name.split()} | self._fillers
        self._long = [name for name in self._names if len(name) > 4]
        self._widest = max((len(name.split()) for name in self._spaced), default=0)

    def best(self, text: str) -> tuple[N, float] | None:
        """The thing that the text names, if that is sure."""
        ranked = self._ranked(_raw_words(text)[:LONGEST])
        return ranked[0] if ranked and ranked[0][1] >= SURE else None

    def nearest(self, text: str, limit: int) -> list[tuple[N, float]]:
        """What the text names, then what shares its words, best first; each thing once."""
        words = _raw_words(text)[:LONGEST]
        content = " ".join(_singular(word) for word in words if word not in self._fillers)
        loose = process.extract(content, list(self._spaced), scorer=fuzz.token_set_ratio, score_cutoff=85, limit=20)
        # A shared word is worth less than a name that was found.
        shared = [(self._spaced[name], score * 0.6) for name, score, _ in loose]
        found: dict[int, tuple[N, float]] = {}
        for thing, score in [*self._ranked(words), *shared]:
            found.setdefault(id(thing), (thing, score))
        return list(found.values())[:limit]

    def _ranked(self, words: list[str]) -> list[tuple[N, float]]:
        """Every name in the text with its score. A longer name outranks a shorter one that is part of it."""
        found = []
        for size in range(1, self._widest + 2):
            for start in range(len(words) - size + 1):
                name, score = self._match(words[start : start + size])
                if name:
                    # "battery cabinet" is no battery: an unknown noun behind a name makes it doubtful.
                    behind = words[start + size : start + size + 1]
                    score -= 25 * any(word not in self._fillers and not word.isdigit() for word in behind)
                    found.append((len(name) * score * score, self._names[name], score))
        return [(thing, score) for _, thing, score in sorted(found, key=lambda each: -each[0])]

    def _match(self, window: list[str]) -> tuple[str, float]:
        """The name that these words are, with a score out of 100; "" if none."""
        plain = [_singular(word) for word in window]
        joined = "".join(plain)
        # Tried on the words as written: "can" asks a question, "cans" are a thing.
        has_filler_end = window[0] in self._fillers or window[-1] in self._fillers
        if joined in self._names and not (has_filler_end and len(window) == 1):
            return joined, 100.0
        if has_filler_end or len(joined) < 5 or self._known.issuperset(plain):
            return "", 0.0
        wrong_letters = max(1, len(joined) // 5)
        found = process.extractOne(joined, self._long, scorer=OSA.distance, score_cutoff=wrong_letters)
        if not found or found[1] > max(1, len(found[0]) // 5):
            return "", 0.0
        return found[0], 100.0 * (1 - found[1] / len(found[0]))
