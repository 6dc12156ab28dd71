"""Personal details masked, for whatever is kept or shown where they are not needed: logs, insights, search.

Masks by form, so it errs towards masking: a reference that passes for a bank card is hidden too. What must never be
kept at all, not even in the conversation itself, is ``withheld``, which errs the other way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.text.emails import find_emails
from bot.text.match import Match
from bot.text.phones import find_phones
from bot.text.postcodes import find_postcodes
from bot.text.registrations import find_registrations
from bot.text.sensitive import find_insurance, find_numbers, passes_luhn, passes_modulus_11

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
            if is_real("".join(str(int(sign)) for sign in found[0] if sign.isdecimal()))
        ]

    return find


# In this order: what is masked first is not looked at again.
_KINDS: list[tuple[str, Callable[[str], Iterable[Match]]]] = [
    ("email", find_emails),
    ("card", _find(_CARD, passes_luhn)),
    ("phone", find_phones),
    ("NI number", _find(_INSURANCE)),
    ("NHS number", _find(_HEALTH, passes_modulus_11)),
    ("sort code", _find(_SORT_CODE)),
    ("account", _find(_ACCOUNT)),
    ("postcode", find_postcodes),
    ("registration", find_registrations),
]
# What is never kept: what it is called where it is asked about, and in brackets.
_NEVER_KEPT = {"card": "card", "insurance": "NI number", "health": "NHS number"}
# A number taken out may uncover a word or another number that stood against it: "...1111QQ123456C". Twice at most: the
# search for cards and NHS numbers uncovers its own, but for those that a word names, and no NI number uncovers others.
_PASSES = 3


def mask(text: str) -> str:
    """The text with each personal detail replaced by its kind in brackets, ``[postcode]``."""
    text, _ = withheld(text)
    for kind, find in _KINDS:
        text = _replaced(text, ((kind, match) for match in find(text)))
    return text


def withheld(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without the numbers that are never kept, and which there were: card, insurance, health."""
    kinds: set[str] = set()
    for _ in range(_PASSES):
        before = text
        for find in (find_insurance, find_numbers):
            found = find(text)
            kinds.update(kind for kind, _ in found)
            text = _replaced(text, ((_NEVER_KEPT[kind], match) for kind, match in found))
        if text == before:
            break
    return text, tuple(kind for kind in _NEVER_KEPT if kind in kinds)


def _replaced(text: str, found: Iterable[tuple[str, Match]]) -> str:
    parts = []
    end = 0
    for label, match in sorted(found, key=lambda one: one[1].start):
        parts += [text[end : match.start], f"[{label}]"]
        end = match.end
    return "".join([*parts, text[end:]])
