"""Numbers that a resident must never have to give here: bank cards, National Insurance, NHS.

Unlike a mask, which may hide too much, this must leave a council's own numbers alone: phone numbers, UPRNs,
references, dates, meter readings. So a check digit is not enough: one number in ten passes by chance. The page warns
by the same rules (channels/webchat/static/sensitive.js); tests/channels/webchat/sensitive.yml holds both to them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.text.match import Match

# Digits of the scripts that residents write in (Arabic, Persian and Urdu, Devanagari, Bengali, Gurmukhi, Gujarati,
# full width), spaces and dashes as a keyboard has them. One character for one, so that places stay the same.
_PLAIN = (
    {ord(zero) + n: str(n) for zero in "٠۰०০੦૦０" for n in range(10)}
    | dict.fromkeys(map(ord, "\t\u00a0\u2007\u2009\u202f"), " ")
    | dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
)
_GROUP = re.compile("[0-9]+")
_GAP = re.compile(" ?[.-]? ?")
# Who issues cards, by their first digits, and how long these cards' numbers are (ISO/IEC 7812).
_ISSUERS = (
    (re.compile("4"), (13, 16, 19)),  # Visa
    (re.compile("5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|220[0-4]"), (16,)),  # Mastercard, Mir
    (re.compile("3[47]"), (15,)),  # American Express
    (re.compile("30[0-59]|3[689]"), (14, 16)),  # Diners Club
    (re.compile("352[89]|35[3-8]"), (16, 19)),  # JCB
    (re.compile("6011|64[4-9]|65|62"), (16, 17, 18, 19)),  # Discover, UnionPay
    (re.compile("5018|5020|5038|5893|6304|6334|6759|676[1-37]"), (13, 15, 16, 18, 19)),  # Maestro
)
# HMRC's form (NIM39110), and QQ, which HMRC writes in examples so that they are nobody's.
_INSURANCE = re.compile(
    r"(?<![^\W_])(?!BG|GB|NK|KN|TN|NT|ZZ)(QQ|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])([ .-]?)"
    r"[0-9]{2}[ .-]?[0-9]{2}[ .-]?[0-9]{2}([ .-]?)([A-D])(?![^\W_])",
    re.IGNORECASE,
)
# "On 12 06 24 a van came": words that could be the letters of a number, before a date and another word.
_WORDS = frozenset("am an as at be by he me my on or we".split())
# Not where it is our own "[NHS number]": what was found must not change what else is found.
_SAYS_INSURANCE = re.compile(r"(?<!\[)\b(?:NI|nino)\b|insurance", re.IGNORECASE)
_SAYS_HEALTH = re.compile(r"(?<![\[\w])n\.?h\.?s", re.IGNORECASE)
_BEFORE_PHONE = re.compile(r"(?:\+|\b00)(?: ?[0-9]{1,3})?[ .-]?(?:\( ?0 ?\))?[ .-]?$")
_BEFORE_DECIMALS = re.compile("[0-9][.,]$")


@dataclass(frozen=True)
class _Row:
    """Groups of digits in a row: the digits, each group's length, where, and whether more stand on either side."""

    digits: str
    sizes: tuple[int, ...]
    start: int
    end: int
    has_left: bool
    has_right: bool


def find_cards(text: str) -> list[Match]:
    """Bank card numbers: in one piece, in fours, or digit by digit as they are read out."""
    return _find(text.translate(_PLAIN), 19, _is_card)


def find_insurance(text: str) -> list[Match]:
    """National Insurance numbers."""
    plain = text.translate(_PLAIN)
    is_named = bool(_SAYS_INSURANCE.search(plain))
    return [
        Match(found[0], found.start(), found.end())
        for found in _INSURANCE.finditer(plain)
        if is_named or not (found[1].lower() in _WORDS and found[2] and found[3] and found[4] in "aA")
    ]


def find_health(text: str) -> list[Match]:
    """NHS numbers: written 3-3-4, or in other ways too where the text speaks of the NHS."""
    is_named = bool(_SAYS_HEALTH.search(text))
    return _find(text.translate(_PLAIN), 10, lambda row: _is_health(row, is_named))


def passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812's check digit of bank cards."""
    total = sum(int(digit) for digit in digits[::-2])
    return (total + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])) % 10 == 0


def passes_modulus_11(digits: str) -> bool:
    """The check digit of NHS numbers (NHS Data Dictionary)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return rest != 10 and int(digits[9]) == rest % 11


def _is_card(row: _Row) -> bool:
    is_long_enough = any(issuer.match(row.digits) and len(row.digits) in lengths for issuer, lengths in _ISSUERS)
    is_written_so = (
        all(size % 4 == 0 for size in row.sizes[:-1])
        or all(size == 1 for size in row.sizes)
        or row.sizes in ((4, 6, 5), (4, 6, 4))
    )
    return is_long_enough and is_written_so and passes_luhn(row.digits)


def _is_health(row: _Row, is_named: bool) -> bool:
    if len(row.digits) != 10 or row.has_left or row.digits[0] == "0":
        return False
    if is_named:  # shorter groups would be a date and a time
        is_written_so = min(row.sizes) >= 3 or all(size == 1 for size in row.sizes)
    else:  # England and Wales have 4, 6 and 7, Northern Ireland has 3, examples have 9
        is_written_so = row.sizes == (3, 3, 4) and not row.has_right and row.digits[0] in "34679"
    return is_written_so and passes_modulus_11(row.digits)


def _find(plain: str, most: int, is_real: Callable[[_Row], bool]) -> list[Match]:
    """The rows of up to ``most`` digits that are real, none inside a decimal number or after a phone's country code."""
    found: list[Match] = []
    for row in _rows(plain, most):
        before = plain[max(0, row.start - 12) : row.start]
        is_free = not found or row.start >= found[-1].end
        if is_free and is_real(row) and not _BEFORE_PHONE.search(before) and not _BEFORE_DECIMALS.search(before):
            found.append(Match(row.digits, row.start, row.end))
    return found


def _rows(plain: str, most: int) -> Iterator[_Row]:
    """Every row of whole groups with up to ``most`` digits, from left to right, longer ones first."""
    groups = [(match[0], match.start(), match.end()) for match in _GROUP.finditer(plain)]
    is_linked = [bool(_GAP.fullmatch(plain, a[2], b[1])) for a, b in zip(groups, groups[1:], strict=False)] + [False]
    for first, (digits, start, _) in enumerate(groups):
        last, count = first, len(digits)
        while is_linked[last] and count + len(groups[last + 1][0]) <= most:
            last += 1
            count += len(groups[last][0])
        for end in range(last, first - 1, -1) if count <= most else ():
            parts = [part for part, _, _ in groups[first : end + 1]]
            has_left = first > 0 and is_linked[first - 1]
            yield _Row("".join(parts), tuple(map(len, parts)), start, groups[end][2], has_left, is_linked[end])
