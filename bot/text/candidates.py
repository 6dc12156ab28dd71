"""Which names the stretches of a text may be misspellings of, so that not every one is compared with every name.

What stands before "road" or "bin" is looked up among the names that end so. A name hangs on its rarest word too, its
anchor, found by the letters left when one or two are taken out (SymSpell), or by how it sounds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.text.likeness import Key, split_sort
from bot.text.road_words import BETWEEN, split_name
from bot.text.spelling import SHORTEST, sound

Candidate = tuple[int, int, Key]  # the words from the first number to before the second, and the name
_LONGEST_WORD = 24  # letters; a longer one is no name, and would cost too many forms
_SOUNDS_LIKE = "~"  # before a sound, which is no spelling


class Sorts:
    """Names by the words that say what sort of thing it is ("bin", "lane", "road north"); the others run together."""

    def __init__(self, keys: Iterable[Key]) -> None:
        """Index the names of several words."""
        self._names: dict[Key, dict[str, Key]] = {}
        self._longest = 0
        for key in keys:
            own, sort = split_sort(key)
            if own:
                self._names.setdefault(sort, {})["".join(own)] = key
                self._longest = max(self._longest, len(own) + 1)  # one more where a word was split

    def near(self, words: Sequence[str]) -> Iterator[Candidate]:
        """Names of the sort that a word says, a little like what stands before it."""
        for place in range(1, len(words)):
            for last in range(place + 1, min(place + 2, len(words)) + 1):
                names = self._names.get(tuple(words[place:last]))
                if names:
                    yield from self._before(words, place, last, names)

    def _before(self, words: Sequence[str], place: int, last: int, names: dict[str, Key]) -> Iterator[Candidate]:
        for first in range(place - 1, max(place - self._longest, 0) - 1, -1):
            said = "".join(words[first:place])
            if words[first] in BETWEEN or len(said) > _LONGEST_WORD:
                break
            most = len(said) // 2
            for own, _, _ in process.extract(said, names.keys(), scorer=OSA.distance, score_cutoff=most, limit=None):
                yield first, last, names[own]


class Anchors:
    """Names by what is left of their rarest word, or of their first two run together, when letters are taken out."""

    def __init__(self, keys: Sequence[Key]) -> None:
        """Index the names."""
        self._names: dict[str, set[Key]] = {}
        counts = Counter(word for key in keys for word in set(key))
        for key in keys:
            if sum(map(len, key)) < SHORTEST:
                continue
            # Run together, "hillcrestroad" has no anchor of its own: the pair is one, with one slip at most.
            forms = set(_thinned("".join(key[:2]), 1))
            if not split_name(key)[1]:
                anchor = min(key, key=lambda word: (len(word) <= SHORTEST, counts[word], -len(word), word))
                forms |= {*_thinned(anchor, _most_errors(anchor)), f"{_SOUNDS_LIKE}{sound(anchor)}"}
            for form in forms:
                self._names.setdefault(form, set()).add(key)

    def near(self, words: Sequence[str], is_word: Callable[[str], bool]) -> Iterator[Candidate]:
        """Names that share a word with the text, or two words run together, but for a letter or two."""
        known = [is_word(word) for word in words]
        for place, word in enumerate(words):
            # Two words may be one that was split: "bram hall". What is a word is hardly another one misspelt.
            for width, said in ((1, word), (2, "".join(words[place : place + 2]))):
                if place + width > len(words) or not 3 <= len(said) <= _LONGEST_WORD:
                    continue
                for form in _forms(said, width, all(known[place : place + width])):
                    for key in self._names.get(form, ()):
                        yield from _stretches(key, place, width, len(words))


def _forms(said: str, width: int, are_words: bool) -> Iterator[str]:
    """By which a name is found that so many words, run together, may be."""
    yield from _thinned(said, width - 1 if are_words else _most_errors(said))
    if width == 1 and not are_words:
        yield f"{_SOUNDS_LIKE}{sound(said)}"


def _thinned(word: str, most: int) -> Iterator[str]:
    """The word, and what is left of it when up to ``most`` letters are taken out."""
    forms = {word}
    yield word
    for _ in range(most):
        forms = {form[:place] + form[place + 1 :] for form in forms for place in range(len(form))}
        yield from forms


def _most_errors(word: str) -> int:
    """How wrong an anchor may be: a name's errors may all fall in it, but long words cost too many forms."""
    return 0 if len(word) <= SHORTEST else 1 if len(word) < 8 else 2


def _stretches(key: Key, place: int, width: int, count: int) -> Iterator[Candidate]:
    """The stretches of the text about the anchor that may be the name, as long as it give or take a word."""
    for length in range(max(1, len(key) - 1), len(key) + 2):
        for first in range(max(0, place + width - length), min(place, count - length) + 1):
            yield first, first + length, key
