"""Finds known names in a text though they are misspelt, split or run together; apart from Rasa to be tested alone.

A name of five letters or more may have one letter in five wrong (RapidFuzz's OSA distance: a letter too many,
missing, other, or two swapped); a shorter one must be exact. Comparing every stretch of a message with every name
would take too long, so each name hangs on its rarest word, found by the letters left when one or two are taken out
(SymSpell).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|&")
_SHORT_FORMS = {
    "rd": "road", "ln": "lane", "ave": "avenue", "av": "avenue", "cl": "close", "dr": "drive", "cres": "crescent",
    "gr": "grove", "pl": "place", "ct": "court", "sq": "square", "gdns": "gardens", "terr": "terrace",
    # Street or Saint: both are read as the short form.
    "street": "st", "saint": "st", "&": "and",
}  # fmt: skip
SHORTEST_FUZZY = 5
LETTERS_PER_ERROR = 5


@dataclass(frozen=True)
class Name:
    """A way to say a thing: the kind of thing (Rasa's entity), and the thing's own name."""

    entity: str
    value: str
    said: str


@dataclass(frozen=True)
class Found:
    """A name found in a text: ``text[start:end]``, and how sure that is, from 0 to 1."""

    entity: str
    value: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int


def _words(text: str) -> list[_Word]:
    found = []
    for match in _WORD.finditer(text):
        word = match[0].lower().replace("'", "")
        found.append(_Word(_SHORT_FORMS.get(word, word), match.start(), match.end()))
    return found


def _errors(length: int) -> int:
    return length // LETTERS_PER_ERROR if length >= SHORTEST_FUZZY else 0


def _thinned(word: str, most: int) -> Iterator[str]:
    """The word, and what is left of it when up to ``most`` letters are taken out."""
    forms = {word}
    yield word
    for _ in range(most):
        forms = {form[:place] + form[place + 1 :] for form in forms for place in range(len(form))}
        yield from forms


def _anchor_errors(word: str) -> int:
    """How wrong a name's anchor may be: a name's errors may all fall in it, but long words cost too many forms."""
    return 0 if len(word) < SHORTEST_FUZZY else 1 if len(word) < 8 else 2


def _singulars(word: str) -> Iterator[str]:
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            yield word[: -len(ending)] + instead


class Names:
    """An index of names, made once for a model."""

    def __init__(self, names: Iterable[Name], is_word: Callable[[str], bool] = lambda word: False) -> None:
        """Index the names. ``is_word`` knows ordinary words: one is never read as another's misspelling."""
        self._is_word = is_word
        self._names: dict[tuple[str, ...], list[Name]] = {}
        for name in names:
            key = tuple(word.text for word in _words(name.said))
            if key:
                self._names.setdefault(key, []).append(name)
        self._longest = max(map(len, self._names), default=0)
        self._anchors: dict[str, set[tuple[str, ...]]] = {}
        counts = Counter(word for key in self._names for word in set(key))
        for key in self._names:
            if sum(map(len, key)) >= SHORTEST_FUZZY:
                anchor = min(key, key=lambda word: (len(word) < SHORTEST_FUZZY, counts[word], -len(word), word))
                # Run together, "hillcrestroad" has no anchor of its own: the pair is one, with one slip at most.
                pair = "".join(key[:2])
                for form in {*_thinned(anchor, _anchor_errors(anchor)), *_thinned(pair, 1)}:
                    self._anchors.setdefault(form, set()).add(key)

    def find(self, text: str) -> list[Found]:
        """The names in the text, none over another: the longest and best fitting win."""
        words = _words(text)
        spans = [*self._exact(words), *self._fuzzy(words)]
        # More letters of the name that fit win: a long name with a slip over a short exact one inside it.
        spans.sort(key=lambda span: (-span[3], -span[2], span[0], span[4]))
        taken: set[int] = set()
        found: list[Found] = []
        for first, last, confidence, _, key in spans:
            places = set(range(first, last))
            if places & taken:
                continue
            taken |= places
            for name in {(name.entity, name.value): name for name in self._names[key]}.values():
                start, end = words[first].start, words[last - 1].end
                found.append(Found(name.entity, name.value, start, end, confidence))
        return sorted(found, key=lambda item: (item.start, item.entity, item.value))

    def _exact(self, words: list[_Word]) -> Iterator[tuple[int, int, float, float, tuple[str, ...]]]:
        for first in range(len(words)):
            for last in range(first + 1, min(first + self._longest, len(words)) + 1):
                key = tuple(word.text for word in words[first:last])
                letters = sum(map(len, key))
                if key in self._names:
                    yield first, last, 1.0, letters, key
                    continue
                for singular in _singulars(key[-1]):
                    if (*key[:-1], singular) in self._names:
                        yield first, last, 0.98, letters - 0.5, (*key[:-1], singular)
                        break

    def _fuzzy(self, words: list[_Word]) -> Iterator[tuple[int, int, float, float, tuple[str, ...]]]:
        seen: set[tuple[int, int, tuple[str, ...]]] = set()
        for place in range(len(words)):
            for width in (1, 2):  # two words may be one that was split: "bram hall"
                anchor = "".join(word.text for word in words[place : place + width])
                if place + width > len(words) or not 3 <= len(anchor) <= 24:
                    continue
                candidates: set[tuple[str, ...]] = set()
                for form in _thinned(anchor, _anchor_errors(anchor)):
                    candidates |= self._anchors.get(form, set())
                for key in candidates:
                    for first, last in self._stretches(key, place, width, len(words)):
                        if (first, last, key) not in seen:
                            seen.add((first, last, key))
                            yield from self._compare(words, first, last, key)

    def _is_other(self, said: list[str], key: tuple[str, ...]) -> bool:
        """Whether a word that differs is an ordinary one: "go back one" is no black one, "the bridge" no fridge."""
        if len(said) != len(key):
            return False
        pairs = [(word, meant) for word, meant in zip(said, key, strict=True) if word != meant]
        # A long word of several is forgiven: who writes "chest of draws" means the piece of furniture.
        return any(self._is_word(word) and (len(key) == 1 or len(meant) < 7) for word, meant in pairs)

    @staticmethod
    def _stretches(key: tuple[str, ...], place: int, width: int, count: int) -> Iterator[tuple[int, int]]:
        """The stretches of the text about the anchor that may be the name, as long as it give or take a word."""
        for length in range(max(1, len(key) - 1), len(key) + 2):
            for first in range(max(0, place + width - length), min(place, count - length) + 1):
                yield first, first + length

    def _compare(
        self, words: list[_Word], first: int, last: int, key: tuple[str, ...]
    ) -> Iterator[tuple[int, int, float, float, tuple[str, ...]]]:
        said, meant = "".join(word.text for word in words[first:last]), "".join(key)
        allowed = _errors(len(meant))
        distance = OSA.distance(said, meant, score_cutoff=allowed)
        if distance > allowed or (distance and self._is_other([word.text for word in words[first:last]], key)):
            return
        # A word no longer than the errors would ride along for free: "a hillcrest road" is not its misspelling.
        if last - first > 1 and any(len(word.text) <= distance and word.text not in key for word in words[first:last]):
            return
        yield first, last, 1.0 - distance / len(meant), len(meant) - 2.0 * distance, key
