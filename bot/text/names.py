"""Finds known names in a text though they are misspelt, split or run together; apart from Rasa to be tested alone.

bot.text.likeness says what may be a name misspelt; it is taken only when no other name comes nearly as close.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.text.candidates import Anchors, Sorts
from bot.text.likeness import Key, Likeness
from bot.text.road_words import BETWEEN, in_full, is_inside_another, split_name

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|&")
_SHORT_FORMS = {"&": "and", "center": "centre", "ctr": "centre", "lancs": "lancashire"}
_CLEARLY = 2  # times as many errors as the best name the next one must have
_PLURAL = 0.25  # of an error


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


@dataclass(frozen=True)
class _Span:
    """The words from ``first`` to before ``last`` read as a name, with so many letters wrong."""

    first: int
    last: int
    key: Key
    errors: float

    @property
    def fit(self) -> float:
        """The letters that are right less those that are wrong."""
        return sum(map(len, self.key)) - 2 * self.errors

    @property
    def confidence(self) -> float:
        return 1.0 - self.errors / sum(map(len, self.key))


class Names:
    """An index of names, made once for a model."""

    def __init__(self, names: Iterable[Name], is_word: Callable[[str], bool] = lambda word: False) -> None:
        """Index the names. ``is_word`` knows ordinary words: one is never read as another's misspelling."""
        self._names: dict[Key, list[Name]] = {}
        for name in names:
            key = tuple(word.text for word in _words(name.said))
            if key:
                self._names.setdefault(key, []).append(name)
        self._longest = max(map(len, self._names), default=0)
        self._likeness = Likeness({word for key in self._names for word in key}, is_word)
        self._sorts = Sorts(self._names)
        self._anchors = Anchors(list(self._names))
        self._endings = {key[start:] for key in self._names for start in range(1, len(key))}

    def find(self, text: str) -> list[Found]:
        """The names in the text, none over another: the longest and best fitting win."""
        places = _words(text)
        words = [word.text for word in places]
        spans = [*self._exact(words), *self._misspelt(words)]
        # More letters of the name that fit win: a long name with a slip over a short exact one inside it.
        spans.sort(key=lambda span: (-span.fit, -span.confidence, span.first, span.last, span.key))
        taken: set[int] = set()
        found: list[Found] = []
        for span in spans:
            if not taken.isdisjoint(range(span.first, span.last)) or self._is_part(words, span):
                continue
            taken.update(range(span.first, span.last))
            start, end = places[span.first].start, places[span.last - 1].end
            found += [Found(entity, value, start, end, span.confidence) for entity, value in self._meant(span.key)]
        return sorted(found, key=lambda item: (item.start, item.entity, item.value))

    def _meant(self, key: Key) -> set[tuple[str, str]]:
        return {(name.entity, name.value) for name in self._names[key]}

    def _exact(self, words: Sequence[str]) -> Iterator[_Span]:
        for first in range(len(words)):
            for last in range(first + 1, min(first + self._longest, len(words)) + 1):
                said = tuple(words[first:last])
                if said in self._names:
                    yield _Span(first, last, said, 0.0)
                elif said[-1].endswith("s"):
                    plurals = ((*said[:-1], singular) for singular in _singulars(said[-1]))
                    yield from (_Span(first, last, key, _PLURAL) for key in plurals if key in self._names)

    def _misspelt(self, words: Sequence[str]) -> Iterator[_Span]:
        """The best name for each stretch of the text that is one misspelt, where no other comes nearly as close."""
        candidates: dict[tuple[int, int], set[Key]] = {}
        for first, last, key in (*self._sorts.near(words), *self._anchors.near(words, self._likeness.is_word)):
            candidates.setdefault((first, last), set()).add(key)
        for (first, last), keys in candidates.items():
            compared = ((key, self._likeness.errors(words[first:last], key)) for key in keys)
            spans = [_Span(first, last, key, errors) for key, errors in compared if errors is not None]
            spans.sort(key=lambda span: (span.errors, span.key))
            if spans and not any(self._rivals(spans[0], other) for other in spans[1:]):
                yield spans[0]

    def _rivals(self, best: _Span, other: _Span) -> bool:
        is_close = other.errors < _CLEARLY * best.errors or other.errors == best.errors
        return is_close and self._meant(best.key).isdisjoint(self._meant(other.key))

    def _is_part(self, words: Sequence[str], span: _Span) -> bool:
        """Whether a road's name is only part of what was said: the "Park Road" of "South Park Road"."""
        if not split_name(span.key)[1]:
            return False
        before = words[span.first - 1] if span.first else ""
        after = words[span.last] if span.last < len(words) else ""
        if is_inside_another(before, after):
            return True
        # Where other names end as this one does, one that is not listed may too: "Claremont Park Road".
        return bool(before) and span.key in self._endings and before not in BETWEEN and not before[0].isdigit()


def _words(text: str) -> list[_Word]:
    matches = list(_WORD.finditer(text))
    # "t'telly" is how the North says the telly.
    plain = (match[0].lower().removeprefix("t'").replace("'", "") for match in matches)
    full = in_full([_SHORT_FORMS.get(word, word) for word in plain])
    return [_Word(word, match.start(), match.end()) for word, match in zip(full, matches, strict=True)]


def _singulars(word: str) -> Iterator[str]:
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            yield word[: -len(ending)] + instead
