"""Which of the things offered a resident means: "2", "the second one", "blue", "number 12", a misspelt title.

Pure: words in, the offered thing out, or None when it is not clear which one; a guess is never made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, utils
from rapidfuzz.distance import OSA

from bot.text.numbers import SPOKEN, parse_spoken

ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5,
    "5th": 5, "sixth": 6, "6th": 6, "seventh": 7, "7th": 7, "eighth": 8, "8th": 8, "ninth": 9, "9th": 9,
    "tenth": 10, "10th": 10,
}  # fmt: skip
CARDINALS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
# Words around a choice that say nothing about which one it is.
FILLERS = frozenset(
    "the a an my our please pls option number no choice answer its it's it is one ones that i think want would like"
    " for me to be im i'm just erm um er probably mine collected with on at by we live was were".split()
)
CLOSE = 86  # RapidFuzz's ratio, from 0 to 100, at which a misspelt title is taken
CLEARLY_CLOSER = 6  # how far the next best must lie behind
_NUMBER = re.compile(r"\b(?:flat|apartment|apt|unit|number|no)?\.?\s*(\d+[a-z]?)\b")
_SPOKEN = re.compile(rf"\b{SPOKEN}\b")
_LETTER_APART = re.compile(r"\b(\d+) ([a-h])\b")  # "12 a" is 12A


@dataclass(frozen=True)
class Offered:
    """Something that can be picked: ``also`` are other words for it."""

    value: str
    title: str
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.title, self.value, *self.also)


def plain(text: str) -> str:
    """Lower-case words without punctuation."""
    return re.sub(r"\s+", " ", utils.default_process(text.replace("'", ""))).strip()


def pick(text: str, offered: Sequence[Offered], by_place: bool = True) -> Offered | None:
    """The one thing that ``text`` means, or None. ``by_place``: "the second one" counts, as the things were shown."""
    said = plain(text)
    if not said or not offered:
        return None
    return (
        _exact(said, offered)
        or (_by_place(said, offered) if by_place else None)
        or _only(_named_inside(said, offered))
        or _only(_with_the_words(said, offered))
        or _misspelt(said, offered)
    )


def pick_address(text: str, offered: Sequence[Offered]) -> Offered | None:
    """The address that ``text`` means: house and flat numbers count first, "12" never means the twelfth."""
    said = _LETTER_APART.sub(r"\1\2", _in_figures(plain(text)))
    found = _exact(said, offered)
    if found:
        return found
    numbers = set(_NUMBER.findall(said))
    if numbers:
        fitting = [item for item in offered if numbers <= set(_NUMBER.findall(plain(item.title)))]
        starting = [item for item in fitting if plain(item.title).split()[0] in numbers]
        for few in (starting, fitting):
            if len(few) == 1:
                return few[0]
        ordinal = next((place for word, place in ORDINALS.items() if said == f"the {word} one" or said == word), 0)
        if not fitting and 0 < ordinal <= len(offered):
            return offered[ordinal - 1]
        return _misspelt(said, fitting) if fitting else None
    picked = _by_place(said, offered) or _only(_with_the_words(said, offered))
    if picked:
        return picked
    # A house may have a name, "Rose Cottage, Redhouse Lane", which is said alone.
    named = [replace(item, also=(*item.also, item.title.split(",")[0])) for item in offered]
    meant = _misspelt(said, named)
    return offered[named.index(meant)] if meant else None


def _in_figures(said: str) -> str:
    """ "number forty two" -> "number 42"; the "one" of "the second one" is no number."""
    words = said.split()
    if "last" in words or any(word in ORDINALS for word in words):
        return said
    return _SPOKEN.sub(lambda spoken: parse_spoken(spoken[0]) or spoken[0], said)


def _exact(said: str, offered: Sequence[Offered]) -> Offered | None:
    return _only([item for item in offered if said in {plain(name) for name in item.names}])


def _by_place(said: str, offered: Sequence[Offered]) -> Offered | None:
    words = said.split()
    if "last" in words and not set(words) - FILLERS - {"last"}:
        return offered[-1]
    places = [ORDINALS.get(word) or CARDINALS.get(word) or (int(word) if word.isdigit() else 0) for word in words]
    named = [place for place in places if place]
    # "the second one": an ordinal counts before "one"
    ordinal = [ORDINALS[word] for word in words if word in ORDINALS]
    left = {word for word, place in zip(words, places, strict=True) if not place} - FILLERS
    if left or not named:
        return None
    place = ordinal[0] if ordinal else named[0]
    return offered[place - 1] if 0 < place <= len(offered) else None


def _named_inside(said: str, offered: Sequence[Offered]) -> list[Offered]:
    """The things whose name stands whole in what was said; a longer name hides a shorter one inside it."""
    hits = [
        (len(plain(name)), item)
        for item in offered
        for name in item.names
        if plain(name) and re.search(rf"\b{re.escape(plain(name))}\b", said)
    ]
    longest = max((length for length, _ in hits), default=0)
    return list(dict.fromkeys(item for length, item in hits if length == longest))


def _with_the_words(said: str, offered: Sequence[Offered]) -> list[Offered]:
    """The things that hold every telling word of what was said."""
    words = set(said.split()) - FILLERS
    if not words:
        return []
    return [item for item in offered if any(words <= set(plain(name).split()) for name in item.names)]


def _misspelt(said: str, offered: Sequence[Offered]) -> Offered | None:
    words = _telling(said)
    if len(words) < 4:
        return None
    scores = sorted(
        (
            (max(fuzz.ratio(words, _telling(plain(name))) for name in item.names), place)
            for place, item in enumerate(offered)
        ),
        reverse=True,
    )
    if scores and scores[0][0] >= CLOSE and (len(scores) == 1 or scores[0][0] - scores[1][0] >= CLEARLY_CLOSER):
        return offered[scores[0][1]]
    return _only([item for item in offered if _holds_nearly(words.split(), item)])


def _telling(said: str) -> str:
    """The words that say which thing is meant."""
    return " ".join(word for word in said.split() if word not in FILLERS)


def _holds_nearly(words: Sequence[str], item: Offered) -> bool:
    """Whether a telling word of the thing stands in what was said with one letter wrong: "brwon"."""
    telling = [word for name in item.names for word in plain(name).split() if len(word) >= 5]
    return any(OSA.distance(word, other) == 1 for word in words if len(word) >= 5 for other in telling)


def _only(found: Sequence[Offered]) -> Offered | None:
    return found[0] if len(found) == 1 else None
