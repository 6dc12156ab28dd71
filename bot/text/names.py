"""Finds known names in a text though they are misspelt, split or run together; apart from Rasa to be tested alone.

bot.text.likeness says what may be a name misspelt; it is taken only when no other name comes nearly as close.
Comparing every stretch of a message with every name would take too long. What stands before "road" is compared with
the names of roads; any other name hangs on its rarest word, found by the letters left when one or two are taken out
(SymSpell).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.text.likeness import Key, Likeness
from bot.text.road_words import in_full, is_inside_another, split_name
from bot.text.spelling import SHORTEST, sound

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|&")
_SHORT_FORMS = {"&": "and", "center": "centre", "ctr": "centre", "lancs": "lancashire"}
# What stands before these is no part of a road's name.
_BETWEEN = frozenset("the a an on in at of off to from near by my our your and is it its up down along for".split())
_LONGEST_WORD = 24  # letters; a longer one is no name, and would cost too many forms
_SOUNDS_LIKE = "~"  # before a sound, which is no spelling
_CLEARLY = 2  # times as many errors as the best name the next one must have


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
        self._roads = self._by_sort()
        self._anchors = self._by_anchor()
        self._endings = {key[start:] for key in self._names for start in range(1, len(key))}

    def _by_sort(self) -> dict[Key, dict[str, Key]]:
        """Roads by the words that end them ("lane", "road north"); what stands before these, run together."""
        roads: dict[Key, dict[str, Key]] = {}
        for key in self._names:
            own, sort = split_name(key)
            if sort:
                roads.setdefault(sort, {})["".join(own)] = key
        return roads

    def _by_anchor(self) -> dict[str, set[Key]]:
        """Names by what is left of their rarest word when letters are taken out."""
        anchors: dict[str, set[Key]] = {}
        counts = Counter(word for key in self._names for word in set(key))
        for key in self._names:
            if sum(map(len, key)) < SHORTEST:
                continue
            # Run together, "hillcrestroad" has no anchor of its own: the pair is one, with one slip at most.
            forms = set(_thinned("".join(key[:2]), 1))
            if not split_name(key)[1]:
                anchor = min(key, key=lambda word: (len(word) <= SHORTEST, counts[word], -len(word), word))
                forms.update(_forms(anchor, _anchor_errors(anchor)))
            for form in forms:
                anchors.setdefault(form, set()).add(key)
        return anchors

    def find(self, text: str) -> list[Found]:
        """The names in the text, none over another: the longest and best fitting win."""
        words = _words(text)
        spans = [*self._exact(words), *self._misspelt(words)]
        # More letters of the name that fit win: a long name with a slip over a short exact one inside it.
        spans.sort(key=lambda span: (-span.fit, -span.confidence, span.first, span.key))
        taken: set[int] = set()
        found: list[Found] = []
        for span in spans:
            places = set(range(span.first, span.last))
            if places & taken or self._is_part(words, span):
                continue
            taken |= places
            start, end = words[span.first].start, words[span.last - 1].end
            found += [Found(entity, value, start, end, span.confidence) for entity, value in self._meant(span.key)]
        return sorted(found, key=lambda item: (item.start, item.entity, item.value))

    def _meant(self, key: Key) -> set[tuple[str, str]]:
        return {(name.entity, name.value) for name in self._names[key]}

    def _exact(self, words: Sequence[_Word]) -> Iterator[_Span]:
        for first in range(len(words)):
            for last in range(first + 1, min(first + self._longest, len(words)) + 1):
                said = tuple([word.text for word in words[first:last]])
                if said in self._names:
                    yield _Span(first, last, said, 0.0)
                    continue
                plurals = ((*said[:-1], singular) for singular in _singulars(said[-1]))
                key = next((key for key in plurals if key in self._names), None)
                if key:
                    yield _Span(first, last, key, 0.25)

    def _misspelt(self, words: Sequence[_Word]) -> Iterator[_Span]:
        """The best name for each stretch of the text that is one misspelt, where no other comes nearly as close."""
        candidates: dict[tuple[int, int], set[Key]] = {}
        for stretch, key in (*self._before_sorts(words), *self._at_anchors(words)):
            candidates.setdefault(stretch, set()).add(key)
        for (first, last), keys in candidates.items():
            said = [word.text for word in words[first:last]]
            compared = ((key, self._likeness.errors(said, key)) for key in keys)
            spans = [_Span(first, last, key, errors) for key, errors in compared if errors is not None]
            spans.sort(key=lambda span: (span.errors, span.key))
            if spans and not any(self._rivals(spans[0], other) for other in spans[1:]):
                yield spans[0]

    def _rivals(self, best: _Span, other: _Span) -> bool:
        is_close = other.errors < _CLEARLY * best.errors or other.errors == best.errors
        return is_close and self._meant(best.key).isdisjoint(self._meant(other.key))

    def _before_sorts(self, words: Sequence[_Word]) -> Iterator[tuple[tuple[int, int], Key]]:
        """Roads that are a little like what stands before the words that say what sort of road it is."""
        for place in range(1, len(words)):
            for last in range(place + 1, min(place + 2, len(words)) + 1):
                roads = self._roads.get(tuple([word.text for word in words[place:last]]), {})
                for first in range(place - 1, max(place - self._longest, 0) - 1, -1):
                    if not roads or words[first].text in _BETWEEN:
                        break
                    said = _joined(words[first:place])
                    most = len(said) // 2 if len(said) <= _LONGEST_WORD else 0
                    near = process.extract(said, roads.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
                    yield from (((first, last), roads[own]) for own, _, _ in near)

    def _at_anchors(self, words: Sequence[_Word]) -> Iterator[tuple[tuple[int, int], Key]]:
        """Names that share a word with the text, or two words run together, but for a letter or two."""
        for place in range(len(words)):
            for width in (1, 2):  # two words may be one that was split: "bram hall"
                said = words[place : place + width]
                anchor = _joined(said)
                if len(said) < width or not 3 <= len(anchor) <= _LONGEST_WORD:
                    continue
                are_words = all(self._likeness.is_word(word.text) for word in said)
                most = width - 1 if are_words else _anchor_errors(anchor)
                for form in _forms(anchor, most):
                    for key in self._anchors.get(form, ()):
                        for stretch in _stretches(key, place, width, len(words)):
                            yield stretch, key

    def _is_part(self, words: Sequence[_Word], span: _Span) -> bool:
        """Whether a road's name is only part of what was said: the "Park Road" of "South Park Road"."""
        before = words[span.first - 1].text if span.first else ""
        after = words[span.last].text if span.last < len(words) else ""
        if not split_name(span.key)[1]:
            return False
        # Where other names end as this one does, one that is not listed may too: "Claremont Park Road".
        is_begun = span.key in self._endings and before not in _BETWEEN and not before[:1].isdigit()
        return is_begun and bool(before) or is_inside_another(before, after)


def _words(text: str) -> list[_Word]:
    matches = list(_WORD.finditer(text))
    # "t'telly" is how the North says the telly.
    plain = (match[0].lower().removeprefix("t'").replace("'", "") for match in matches)
    full = in_full([_SHORT_FORMS.get(word, word) for word in plain])
    return [_Word(word, match.start(), match.end()) for word, match in zip(full, matches, strict=True)]


def _joined(words: Iterable[_Word]) -> str:
    return "".join([word.text for word in words])


def _thinned(word: str, most: int) -> Iterator[str]:
    """The word, and what is left of it when up to ``most`` letters are taken out."""
    forms = {word}
    yield word
    for _ in range(most):
        forms = {form[:place] + form[place + 1 :] for form in forms for place in range(len(form))}
        yield from forms


def _forms(word: str, most: int) -> Iterator[str]:
    """By which a misspelt word is found: what is left of it, and how it sounds."""
    yield from _thinned(word, most)
    if most or len(word) == SHORTEST:
        yield f"{_SOUNDS_LIKE}{sound(word)}"


def _anchor_errors(word: str) -> int:
    """How wrong a name's anchor may be: a name's errors may all fall in it, but long words cost too many forms."""
    return 0 if len(word) <= SHORTEST else 1 if len(word) < 8 else 2


def _singulars(word: str) -> Iterator[str]:
    for ending, instead in (("ies", "y"), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            yield word[: -len(ending)] + instead


def _stretches(key: Key, place: int, width: int, count: int) -> Iterator[tuple[int, int]]:
    """The stretches of the text about the anchor that may be the name, as long as it give or take a word."""
    for length in range(max(1, len(key) - 1), len(key) + 2):
        for first in range(max(0, place + width - length), min(place, count - length) + 1):
            yield first, first + length
