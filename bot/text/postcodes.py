"""UK postcodes as people type them: any case and spacing, O for 0 and I or L for 1.

The form is that of British Standard 7666 with the letters that Royal Mail uses in each place, and the area (SK, M)
must be a real one, so that few other words look like a postcode. GIR 0AA and BFPO, nobody's home, are not found.
"""

from __future__ import annotations

import re

from bot.text.match import Match

AREAS = frozenset(
    """AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC
    EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS
    LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP
    SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE""".split()  # noqa: SIM905
)
_INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_TO_DIGIT = str.maketrans("OIL", "011")
# What people type; which letters and digits are meant is decided afterwards, by position.
_TYPED = re.compile(r"(?<![A-Z0-9])([A-Z01]{1,2}[0-9OIL][A-Z0-9]?)[ .-]{0,3}([0-9OIL][A-Z1]{2})(?![A-Z0-9])")
_SPACED = re.compile(r"(?<![A-Z0-9])([A-Z] ?[A-Z]? ?[0-9] ?[A-Z0-9]?) {0,2}([0-9] ?[A-Z] ?[A-Z])(?![A-Z0-9])")
_DISTRICT = re.compile(r"0|[1-9][0-9]?|[0-9][A-HJKPSTUWXYZ]|[0-9][ABEHMNPRVWXY]")
# Areas that are words too: "so 4" is not half a postcode, "SO4" is.
_WORDS = ("SO ", "ME ", "HA ", "LA ", "OX ")
_OUTWARD = re.compile(r"(?<![A-Z0-9])([A-Z]{1,2} ?[0-9][A-Z0-9]?)(?![A-Z0-9])")


def find_postcodes(text: str) -> list[Match]:
    """Every whole postcode in the text, normal form ``SK1 3XE``, in the order in which they stand."""
    found: list[Match] = []
    taken: set[int] = set()
    upper = text.upper()
    if len(upper) != len(text):  # a letter such as ß becomes two: offsets would be wrong
        upper = "".join(c.upper() if len(c.upper()) == 1 else c for c in text)
    for pattern in (_TYPED, _SPACED):
        for typed in pattern.finditer(upper):
            value = _normal(typed[1].replace(" ", ""), typed[2].replace(" ", ""))
            places = range(*typed.span())
            if value and taken.isdisjoint(places):
                taken.update(places)
                found.append(Match(value, typed.start(), typed.end()))
    return sorted(found, key=lambda match: match.start)


def parse_postcode(text: str) -> str | None:
    """The one postcode of the text, or None if there is none or more than one."""
    values = {match.value for match in find_postcodes(text)}
    return values.pop() if len(values) == 1 else None


def parse_outward(text: str) -> str | None:
    """The one outward half (``SK4``) of a text that has no whole postcode, or None."""
    if find_postcodes(text):
        return None
    typed = {m[1].replace(" ", "") for m in _OUTWARD.finditer(text.upper()) if not m[1].startswith(_WORDS)}
    values = {value for value in map(_outward, typed) if value}
    return values.pop() if len(values) == 1 else None


def is_outward(text: str) -> bool:
    """Whether the text is the outward half of a postcode and nothing else."""
    return _outward(text.strip().upper()) is not None and bool(_OUTWARD.fullmatch(text.strip().upper()))


def _normal(outward: str, inward: str) -> str | None:
    if not any(character.isdigit() for character in outward + inward):
        return None  # letters alone are a word, whatever they could be slips for
    if outward == "GIR":
        return None
    first = _outward(outward)
    digit, letters = inward[0].translate(_TO_DIGIT), inward[1:].replace("1", "L")
    if first and all(letter in _INWARD_LETTERS for letter in letters):
        return f"{first} {digit}{letters}"
    return None


def _outward(typed: str) -> str | None:
    """The outward half that was meant: what stands in a letter's place is a letter, in a digit's place a digit."""
    for size in (2, 1):
        area, district = typed[:size], typed[size:]
        if not district:
            continue
        for letter in "IL":
            meant = area.replace("0", "O").replace("1", letter)
            number = district[0].translate(_TO_DIGIT) + _second(district[1:])
            if meant in AREAS and _DISTRICT.fullmatch(number):
                return meant + number
    return None


def _second(rest: str) -> str:
    """The district's second character may be a letter (EC1A), but O, I and L are never used there."""
    return rest.translate(_TO_DIGIT)
