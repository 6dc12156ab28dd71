"""Vehicle registrations: current (AB12 CDE), prefix (A123 BCD), suffix (ABC 123D), Northern Ireland (ABZ 1234).

The forms are DVLA's (INF104); dateless plates are left out, as almost any word and number would be one.
"""

from __future__ import annotations

import re

from bot.text.match import Match

_EDGE, _END = r"(?<![A-Z0-9])", r"(?![A-Z0-9])"
_FORMS = (
    # Current: I and Q never, Z only at the end; the age is 01 to 79 without 50.
    re.compile(rf"{_EDGE}([A-HJ-PR-Y]{{2}}(?:0[1-9]|[1-4][0-9]|5[1-9]|[67][0-9])) ?([A-HJ-PR-Z]{{3}}){_END}"),
    re.compile(rf"{_EDGE}([A-HJ-NPR-TV-Y][1-9][0-9]{{0,2}}) ?([A-HJ-PR-Y]{{3}}){_END}"),
    re.compile(rf"{_EDGE}([A-HJ-PR-Y]{{3}}) ?([1-9][0-9]{{0,2}}[A-HJ-NPR-TV-Y]){_END}"),
    re.compile(rf"{_EDGE}([A-Z]?[A-HJ-PR-Y]?(?:[IZ][A-Z]|[A-Z][IZ])) ?([1-9][0-9]{{2,3}}){_END}"),
)
# Words that with a number after them look like a plate of Northern Ireland.
_WORDS = frozenset("I IN IS IT IF HI ZIP DIM FIX SIX MIX AI ID BIN".split())  # noqa: SIM905
# Words that make of a plate's two halves a piece of a sentence: "m60 and" is a motorway.
_SENTENCE = frozenset("AND THE FOR BUT NOT WAS ARE HAS DAY YOU GET CAN OUR END BUS BIN".split())  # noqa: SIM905


def find_registrations(text: str) -> list[Match]:
    """Every registration in the text, normal form with one space."""
    found: list[Match] = []
    taken: set[int] = set()
    upper = text.upper()
    if len(upper) != len(text):
        return found
    for form in _FORMS:
        for typed in form.finditer(upper):
            places = range(*typed.span())
            is_free = typed[1] not in _WORDS and taken.isdisjoint(places)
            if is_free and not _is_sentence(text[typed.start() : typed.end()]):
                taken.update(places)
                found.append(Match(f"{typed[1]} {typed[2]}", typed.start(), typed.end()))
    return sorted(found, key=lambda match: match.start)


def parse_registration(text: str) -> str | None:
    """The one registration of the text, or None."""
    values = {match.value for match in find_registrations(text)}
    return values.pop() if len(values) == 1 else None


def _is_sentence(typed: str) -> bool:
    """Whether a part is a word: "m60 and" is a motorway in a sentence."""
    return not _SENTENCE.isdisjoint(typed.upper().split())
