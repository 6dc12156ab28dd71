"""How people misspell: how many letters may be wrong, which slips are likely, what sounds alike. English, British.

A letter left out, put in, doubled or swapped with the next is anybody's slip, in any word. One letter for another is a
slip only where they sound alike or lie side by side on the keyboard: "Broomfield" is no way to write "Brookfield".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, combinations, pairwise

from rapidfuzz.distance import OSA, Editop, Levenshtein

SHORTEST = 4  # letters that a name must have to be misspelt at all
LETTERS_PER_ERROR = 3
LETTERS_PER_ERROR_ALONE = 5  # where nothing but the letters tells that the name is meant
LEAST_HEARD = 3  # consonants
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = "aeiouy"
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ALIKE = "ck cg cs gk gj sz fv fp bp dt mn kq uw vw sx"
_LIKELY = frozenset(map(frozenset, chain(combinations(_VOWELS, 2), *map(pairwise, _ROWS), _ALIKE.split())))
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
        (r"(?<=.)(?:[aeiou]*re|[aeiou]+r)$", ""),  # not heard at the end of a word: "sofer" is "sofa"
        (r"(?<=.)[aeiouyhw]", ""),
        (r"(.)\1+", r"\1"),
    )
)


def sound(word: str) -> str:
    """How a word sounds, roughly: its consonants in order, what sounds alike written alike."""
    for letters, heard in _SOUNDS:
        word = letters.sub(heard, word)
    return word


def count_errors(said: str, meant: str, is_confirmed: bool) -> int | None:
    """How many letters of ``meant`` are wrong in ``said``; None for more than a misspelling may have.

    One in three may be where the words about it are right, or where it sounds the same; else one in five.
    """
    size = len(meant)
    if size < SHORTEST:
        return 0 if said == meant else None
    errors = OSA.distance(said, meant, score_cutoff=size // LETTERS_PER_ERROR)
    if errors > size // LETTERS_PER_ERROR:
        return None
    is_sure = is_confirmed or errors <= size // LETTERS_PER_ERROR_ALONE or _sounds_same(said, meant)
    return errors if is_sure else None


def is_slip(said: str, meant: str) -> bool:
    """Whether ``said`` differs from ``meant`` as slips do: it begins alike, and no letter stands for an unlike one."""
    if said == meant:
        return True
    if not _begins_alike(said, meant):
        return False
    edits = list(Levenshtein.editops(said, meant))
    # A letter that only moved, as the w of "adwsod", is no other letter; nor is the wrong one doubled, "vaccum".
    typed = Counter(said[edit.src_pos] for edit in edits if edit.tag != "insert")
    right = Counter(meant[edit.dest_pos] for edit in edits if edit.tag != "delete")
    return all(
        frozenset((one, other)) in _LIKELY or right[one] or typed[other] or is_double
        for one, other, is_double in _replaced(said, meant, edits)
    )


def is_left_out_or_swapped(said: str, meant: str) -> bool:
    """Whether one letter is missing, too many or swapped with the next, and none is another."""
    if OSA.distance(said, meant, score_cutoff=1) > 1:
        return False
    return len(said) != len(meant) or sorted(said) == sorted(meant)


def is_plural(one: str, other: str) -> bool:
    """Whether two words differ by the s of a plural or a possessive alone, which nobody is sure of in a name."""
    longer, shorter = sorted((one, other), key=len, reverse=True)
    return longer == f"{shorter}s" and not shorter.endswith("s")


def _sounds_same(said: str, meant: str) -> bool:
    """Whether the words differ by doubled letters alone, or sound the same and enough is heard to tell."""
    if _DOUBLED.sub(r"\1", said) == _DOUBLED.sub(r"\1", meant):
        return True
    heard = sound(meant)
    return len(heard) >= LEAST_HEARD and heard == sound(said)


def _begins_alike(said: str, meant: str) -> bool:
    if not said or not meant:
        return False
    first = frozenset((said[0], meant[0]))
    return len(first) == 1 or said[:2] == meant[1::-1] or sound(said)[:1] == sound(meant)[:1]


def _replaced(said: str, meant: str, edits: list[Editop]) -> Iterator[tuple[str, str, bool]]:
    """Each letter that stands for another, that other, and whether each is beside another one like it."""
    replaced = [edit for edit in edits if edit.tag == "replace"]
    kept = [" " if place in {edit.src_pos for edit in replaced} else letter for place, letter in enumerate(said)]
    for edit in replaced:
        letter, other = said[edit.src_pos], meant[edit.dest_pos]
        yield letter, other, letter in _beside(kept, edit.src_pos) and other in _beside(meant, edit.dest_pos)


def _beside(letters: Sequence[str], place: int) -> Sequence[str]:
    """The letters next to the one at ``place``."""
    return (*letters[max(place - 1, 0) : place], *letters[place + 1 : place + 2])
