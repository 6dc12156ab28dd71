"""Whether words are a known name misspelt. A wrong name sends a crew to the wrong street, so it is one only when

- what differs is a slip (bot.text.spelling), and no word that people know, nor a word of another name;
- the sort of road and the point of the compass are there: "Bramhall Avenue" is not Bramhall Lane.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from bot.text.road_words import split_name
from bot.text.spelling import count_errors, is_left_out_or_swapped, is_plural, is_slip

Key = tuple[str, ...]
TELLING = 4  # letters from which a word that is right tells which name is meant
LONG = 7  # letters from which a word among others is known though a word was said for it: "chest of draws"


def split_sort(key: Key) -> tuple[Key, Key]:
    """A name's own words and those that say what sort of thing it is: "bin" does that as "road" does."""
    own, sort = split_name(key)
    return (own, sort) if sort else (key[:-1], key[-1:])


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
        if "".join(said) == "".join(key):
            return 0
        own, sort = split_name(key)
        if sort:
            return self._compared(self._own_words(said, sort), own, is_confirmed=True)
        errors = self._compared(said, key, is_confirmed=False)
        if errors is None and said[-1] == key[-1]:
            return self._compared(said[:-1], key[:-1], is_confirmed=True)
        return errors

    def _compared(self, words: Sequence[str], own: Key, is_confirmed: bool) -> int | None:
        if not words:
            return None
        one, other = "".join(words), "".join(own)
        errors = count_errors(one, other, is_confirmed)
        if errors is None or not is_slip(one, other):
            return None
        if len(words) == len(own):
            are_others = self._are_others(words, own)
        else:
            are_others = self._is_too_odd(words, own, errors, is_confirmed)
        # A word no longer than the errors would ride along for free: "a hillcrest road" is not its misspelling.
        rides_along = len(words) > 1 and any(len(word) <= errors and word not in own for word in words)
        return None if are_others or rides_along else errors

    def _own_words(self, said: Sequence[str], sort: Key) -> Sequence[str]:
        """A road's own words, without those for the sort that it is; none when they are not there."""
        if tuple(said[-len(sort) :]) == sort:
            return said[: -len(sort)]
        together = "".join(sort)  # "hilcrestroad"; "cheapest" is no Chapel St
        if len(together) > len("st") and said[-1].endswith(together) and not self.is_word(said[-1]):
            return [*said[:-1], said[-1].removesuffix(together)]
        return ()

    def _are_others(self, words: Sequence[str], own: Key) -> bool:
        """Whether a word that differs means something else: "go back one" is no black one, "the bridge" no fridge."""
        is_told = any(word == meant and len(meant) >= TELLING for word, meant in zip(words, own, strict=True))
        return any(
            word != meant and self.is_word(word) and not _is_forgiven(word, meant, is_told, len(own))
            for word, meant in zip(words, own, strict=True)
        )

    def _is_too_odd(self, words: Sequence[str], own: Key, errors: int, is_confirmed: bool) -> bool:
        """Whether words are too far from a name to be that name split, as "to let" is no toilet, or run together."""
        if errors > 1 and not (is_confirmed and len(words) > len(own)):
            return True
        return errors > is_confirmed and all(map(self.is_word, words))


def _is_forgiven(word: str, meant: str, is_told: bool, count: int) -> bool:
    """Whether a word that means something else may be a slip all the same, as the rest of the name stands by it."""
    if is_plural(word, meant):
        return True
    if count > 1 and len(meant) >= LONG:
        return True
    return is_told and len(meant) >= TELLING and is_left_out_or_swapped(word, meant)
