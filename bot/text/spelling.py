"""How people misspell: how many letters may be wrong, which slips are likely, what sounds alike. English, British.

A letter left out, put in, doubled or swapped with the next is anybody's slip, in any word. One letter for another is a
slip only where they sound alike or lie side by side on the keyboard: "Broomfield" is no way to write "Brookfield".
"""

from __future__ import annotations

import re
from itertools import chain, combinations, pairwise

from rapidfuzz.distance import OSA, Levenshtein

VOWELS = "aeiouy"
LETTERS_PER_ERROR = 5  # where nothing else tells that a name is meant
CONFIRMED_LETTERS_PER_ERROR = 3  # where the words about it are right, or it sounds the same
SHORTEST = 5  # letters that a name must have to be misspelt at all
SHORTEST_CONFIRMED = 4
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ALIKE = "ck cs sz gj fv fp bp dt mn kq uw vw sx"
_LIKELY = frozenset(
    map(frozenset, chain(combinations(VOWELS, 2), *(pairwise(row) for row in _ROWS), _ALIKE.split()))  # noqa: SIM905
)
_SOUNDS = tuple(
    (re.compile(letters), sound)
    for letters, sound in (
        (r"ph", "f"),
        (r"^(?:kn|gn)", "n"),
        (r"^wr", "r"),
        (r"gh(?=t|$)", ""),
        (r"t?ch", "C"),
        (r"sh", "S"),
        (r"th", "T"),
        (r"c(?=[eiy])", "s"),
        (r"ck|c|q", "k"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"dg|j|g(?=[ei])", "J"),
        (r"(?<=.)(?:[aeiou]?re|[aeou]r)$", ""),  # not heard at the end of a word: "sofer" is "sofa"
        (r"(?<=.)[aeiouyhw]", ""),
        (r"(.)\1+", r"\1"),
    )
)


def sound(word: str) -> str:
    """How a word sounds, roughly: its consonants in order, what sounds alike written alike."""
    for letters, heard in _SOUNDS:
        word = letters.sub(heard, word)
    return word


def errors_allowed(said: str, meant: str, is_confirmed: bool) -> int:
    """How many letters of ``meant`` may be wrong in ``said``; more where the words about it are right."""
    size = len(meant)
    if is_confirmed:
        return size // CONFIRMED_LETTERS_PER_ERROR if size >= SHORTEST_CONFIRMED else 0
    if size < SHORTEST:
        return 0
    return size // (CONFIRMED_LETTERS_PER_ERROR if sound(said) == sound(meant) else LETTERS_PER_ERROR)


def is_slip(said: str, meant: str) -> bool:
    """Whether ``said`` differs from ``meant`` as slips do: it begins alike, and no letter stands for an unlike one."""
    if said == meant:
        return True
    if not _begins_alike(said, meant):
        return False
    swapped = [
        (said[edit.src_pos], meant[edit.dest_pos])
        for edit in Levenshtein.editops(said, meant)
        if edit.tag == "replace"
    ]
    return all(frozenset(pair) in _LIKELY or pair[::-1] in swapped for pair in swapped)


def is_left_out_or_swapped(said: str, meant: str) -> bool:
    """Whether one letter is missing, too many or swapped with the next, and none is another."""
    if OSA.distance(said, meant, score_cutoff=1) > 1:
        return False
    return len(said) != len(meant) or sorted(said) == sorted(meant)


def is_plural(one: str, other: str) -> bool:
    """Whether two words differ by the s of a plural or a possessive alone, which nobody is sure of in a name."""
    longer, shorter = sorted((one, other), key=len, reverse=True)
    return longer == f"{shorter}s" and not shorter.endswith("s")


def _begins_alike(said: str, meant: str) -> bool:
    if not said or not meant:
        return False
    first = frozenset((said[0], meant[0]))
    return len(first) == 1 or said[:2] == meant[1::-1] or sound(said)[:1] == sound(meant)[:1]
