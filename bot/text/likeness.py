"""Whether words are a known name misspelt. A wrong name sends a crew to the wrong street, so it is one only when

- what differs is a slip (bot.text.spelling), and no word that people know, nor a word of another name;
- the sort of road and the point of the compass are there: "Bramhall Avenue" is not Bramhall Lane.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from rapidfuzz.distance import OSA

from bot.text.road_words import split_name
from bot.text.spelling import errors_allowed, is_left_out_or_swapped, is_plural, is_slip

Key = tuple[str, ...]
TELLING = 4  # letters from which a word that is right tells which name is meant
LONG = 7  # letters from which a word among others is known though a word was said for it: "chest of draws"


class Likeness:
    """Compares words with names; ``known`` are the words of all names, ``is_word`` knows ordinary words."""

    def __init__(self, known: Container[str], is_word: Callable[[str], bool]) -> None:
        """Keep what counts as a word."""
        self._known = known
        self._is_word = is_word

    def is_word(self, word: str) -> bool:
        """Whether a word means something as it stands."""
        return word in self._known or self._is_word(word)

    def errors(self, said: Sequence[str], key: Key) -> int | None:
        """How many letters of the name are wrong in the words; None when they are not the name."""
        own, sort = split_name(key)
        words = _without(said, sort) if sort else said
        if not words:
            return None
        one, other = "".join(words), "".join(own)
        if one == other:
            return 0
        allowed = errors_allowed(one, other, is_confirmed=bool(sort))
        errors = OSA.distance(one, other, score_cutoff=allowed)
        if errors > allowed or not is_slip(one, other) or self._are_others(words, own, errors):
            return None
        # A word no longer than the errors would ride along for free: "a hillcrest road" is not its misspelling.
        if len(words) > 1 and any(len(word) <= errors and word not in own for word in words):
            return None
        return errors

    def _are_others(self, words: Sequence[str], own: Key, errors: int) -> bool:
        """Whether the words mean something else: "go back one" is no black one, "the bridge" no fridge."""
        if len(words) != len(own):  # split or run together
            return errors > 1 and all(map(self.is_word, words))
        is_told = any(word == meant and len(meant) >= TELLING for word, meant in zip(words, own, strict=True))
        return any(
            word != meant and self.is_word(word) and not _is_forgiven(word, meant, is_told, len(own))
            for word, meant in zip(words, own, strict=True)
        )


def _is_forgiven(word: str, meant: str, is_told: bool, count: int) -> bool:
    """Whether a word that means something else may be a slip all the same, as the rest of the name stands by it."""
    if is_plural(word, meant):
        return True
    if count > 1 and len(meant) >= LONG:
        return True
    return is_told and len(meant) >= TELLING and is_left_out_or_swapped(word, meant)


def _without(said: Sequence[str], sort: Key) -> Sequence[str]:
    """A road's own words; none when it is another sort of road."""
    if tuple(said[-len(sort) :]) == sort:
        return said[: -len(sort)]
    together = "".join(sort)  # "hillcrestroad"
    if said[-1].endswith(together) and len(said[-1]) > len(together):
        return [*said[:-1], said[-1].removesuffix(together)]
    return ()
