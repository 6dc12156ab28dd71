"""References of planning applications. Each council writes them in its own way: DC/098765, 22/01234/FUL, 22/1234M.

A council's way is learnt from one example of it, so that "dc098765" and "DC 98765" are read too. Other councils'
are known by their slashes; dates and years written with slashes are none.
"""

from __future__ import annotations

import re

from bot.text.match import Match

_SLASHED = re.compile(r"(?<![A-Z0-9/\\.-])[A-Z0-9]{1,7}(?: ?[/\\] ?[A-Z0-9]{1,8}){1,4}(?![A-Z0-9/\\])")
_DASHED = re.compile(r"(?<![A-Z0-9/\\.-])(?:\d\d|20\d\d)-\d{3,6}-[A-Z]{2,5}(?![A-Z0-9-])")
_OWN = re.compile(r"([A-Z]+)([^A-Z0-9]?)(\d{4,})")
_PARTS = re.compile(r" ?[/\\-] ?")
_NUMBER = re.compile(r"\d{3,7}[A-Z]?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TO_DIGIT = str.maketrans("OIL", "011")
_FEWER = 2  # so many digits may be left out: people drop the noughts at the front


def find_planning_references(text: str, example: str) -> list[Match]:
    """Every reference in the text in its normal form; ``example`` is one of the council's own."""
    upper = text.upper()
    if len(upper) != len(text):  # a letter such as ß becomes two: places would be wrong
        return []
    found = _own(upper, example)
    for pattern in (_SLASHED, _DASHED):
        for typed in pattern.finditer(upper):
            parts = _PARTS.split(typed[0])
            is_new = not any(typed.start() < other.end and other.start < typed.end() for other in found)
            if is_new and _is_reference(parts):
                found.append(Match("/".join(parts), typed.start(), typed.end()))
    return sorted(found, key=lambda match: match.start)


def parse_planning_reference(text: str, example: str) -> str | None:
    """The one reference of an answer, where its number alone is enough for the council's own; else None."""
    values = {match.value for match in find_planning_references(text, example)}
    shape = _OWN.fullmatch(example.upper())
    if not values and shape:
        letters, mark, digits = shape.groups()
        most = len(digits)
        numbers = re.findall(rf"(?<![\w/.-])\d{{{most - 1},{most}}}(?![\w/-])", text)
        values = {f"{letters}{mark}{number.zfill(most)}" for number in numbers}
    return values.pop() if len(values) == 1 else None


def is_own(reference: str, example: str) -> bool:
    """Whether a reference in its normal form is written as the council of the example writes its own."""
    return _shape(reference) == _shape(example.upper())


def _own(upper: str, example: str) -> list[Match]:
    """Those in the council's own way, where that is letters and a number: with any mark, a space or nothing between."""
    shape = _OWN.fullmatch(example.upper())
    if shape is None:
        return []
    letters, mark, digits = shape.groups()
    most = len(digits)
    pattern = re.compile(
        rf"(?<![A-Z0-9/\\-]){letters}[ ./\\:#-]{{0,3}}([0-9OIL]{{{most - _FEWER},{most}}})(?![A-Z0-9/\\])"
    )
    return [
        Match(f"{letters}{mark}{typed[1].translate(_TO_DIGIT).zfill(most)}", typed.start(), typed.end())
        for typed in pattern.finditer(upper)
        if sum(sign.isdigit() for sign in typed[1]) > _FEWER
    ]


def _is_reference(parts: list[str]) -> bool:
    if not any(_NUMBER.fullmatch(part) for part in parts):
        return False
    if not all(part.isdigit() for part in parts):
        return True
    is_date = all(len(part) <= 2 for part in parts[:2])
    is_month = len(parts) == 2 and len(parts[0]) <= 2 and int(parts[0]) <= 12 and bool(_YEAR.fullmatch(parts[1]))
    is_years = bool(_YEAR.fullmatch(parts[0])) and (len(parts[1]) == 2 or bool(_YEAR.fullmatch(parts[1])))
    return not (is_date or is_month or is_years)


def _shape(reference: str) -> str:
    """What stands in each place: the letters of a front part as they are, a digit as 9, other letters as A."""
    front = re.match(r"[A-Z]*", reference)
    letters = front[0] if front else ""
    rest = re.sub(r"[A-Z]", "A", re.sub(r"\d", "9", reference[len(letters) :]))
    return letters + rest
