"""Personal details masked, for whatever is kept or shown where they are not needed: logs, insights, search.

Masks by form, so it errs towards masking: a reference that passes for a bank card is hidden too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.text.emails import find_emails
from bot.text.match import Match
from bot.text.phones import find_phones
from bot.text.postcodes import find_postcodes
from bot.text.registrations import find_registrations

_CARD = re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])")
# HMRC's form (NIM39110): two letters of a limited set, six digits, A to D.
_INSURANCE = re.compile(
    r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?(?:\d[ -]?){6}[A-D]\b", re.IGNORECASE
)
_HEALTH = re.compile(r"(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])")
_SORT_CODE = re.compile(r"(?<![\d-])\d{2}-\d{2}-\d{2}(?![\d-])|\bsort ?code\W{1,3}\d{6}\b", re.IGNORECASE)
_ACCOUNT = re.compile(r"\b(?:account|acc|a/c)(?: (?:number|no))?(?: is)?\W{1,3}\d{8}\b", re.IGNORECASE)


def _find(pattern: re.Pattern[str], is_real: Callable[[str], bool] = bool) -> Callable[[str], list[Match]]:
    def find(text: str) -> list[Match]:
        return [
            Match(found[0], found.start(), found.end())
            for found in pattern.finditer(text)
            if is_real("".join(filter(str.isdigit, found[0])))
        ]

    return find


def _passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812's check digit of bank cards."""
    total = sum(int(digit) for digit in digits[::-2])
    return (total + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])) % 10 == 0


def _passes_modulus_11(digits: str) -> bool:
    """The check digit of NHS numbers (NHS Data Dictionary)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return rest != 10 and int(digits[9]) == rest % 11


# In this order: what is masked first is not looked at again.
_KINDS: list[tuple[str, Callable[[str], Iterable[Match]]]] = [
    ("email", find_emails),
    ("card", _find(_CARD, _passes_luhn)),
    ("phone", find_phones),
    ("NI number", _find(_INSURANCE)),
    ("NHS number", _find(_HEALTH, _passes_modulus_11)),
    ("sort code", _find(_SORT_CODE)),
    ("account", _find(_ACCOUNT)),
    ("postcode", find_postcodes),
    ("registration", find_registrations),
]


def mask(text: str) -> str:
    """The text with each personal detail replaced by its kind in brackets, ``[postcode]``."""
    for kind, find in _KINDS:
        for found in sorted(find(text), key=lambda match: match.start, reverse=True):
            text = f"{text[: found.start]}[{kind}]{text[found.end :]}"
    return text
