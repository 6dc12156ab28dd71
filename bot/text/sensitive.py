"""Numbers that a resident must never have to give here: bank cards, National Insurance, NHS.

Unlike a mask, which may hide too much, this must leave a council's own numbers alone: phone numbers, UPRNs,
references, dates, meter readings. So a check digit is not enough: one number in ten passes by chance. The page warns
by the same rules (channels/webchat/static/sensitive.js); tests/channels/webchat/sensitive.yml holds both to them.

A resident's text may be hostile: every search here goes through it once, from left to right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from bot.text.match import Match

# Digits of the scripts that residents write in (Arabic, Persian and Urdu, Devanagari, Bengali, Gurmukhi, Gujarati,
# full width), spaces and dashes as a keyboard has them. One character for one, so that places stay the same.
_PLAIN = (
    {ord(zero) + n: str(n) for zero in "٠۰०০੦૦０" for n in range(10)}
    | dict.fromkeys(map(ord, "\t\u00a0\u2007\u2009\u202f"), " ")
    | dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
)
_GROUP = re.compile("[0-9]+")
_LINKED = re.compile("[0-9]+(?:(?: {1,2}| ?[.-] ?)[0-9]+)*")
# Who issues cards, by their first digits, and how long these cards' numbers are, longest first (ISO/IEC 7812).
_ISSUERS = (
    ("4", (19, 16, 13)),  # Visa
    ("5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|220[0-4]", (16,)),  # Mastercard, Mir
    ("3[47]", (15,)),  # American Express
    ("30[0-59]|3[689]", (16, 14)),  # Diners Club
    ("352[89]|35[3-8]", (19, 16)),  # JCB
    ("6011|64[4-9]|65|62", (19, 18, 17, 16)),  # Discover, UnionPay
    ("5018|5020|5038|5893|6304|6334|6759|676[1-37]", (19, 18, 16, 15, 13)),  # Maestro
)
_ISSUER = re.compile("|".join(f"({first})" for first, _ in _ISSUERS))
_TWICE = [sum(divmod(2 * digit, 10)) for digit in range(10)]
_SHORTEST = 10  # digits of an NHS number; a card has more
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
_BEFORE_PHONE = re.compile(r"(?:\+|\b00)(?: ?[0-9]{1,3})?[ .-]?(?:\( ?0 ?\))?[ .-]?\Z")
_BEFORE_DECIMALS = re.compile(r"[0-9][.,]\Z")


@dataclass(frozen=True)
class _Run:
    """Groups of digits with no more than a gap between each: where they are, how long, and the digits of them all."""

    places: list[tuple[int, int]]
    sizes: list[int]
    digits: str
    offsets: list[int]  # of each group's first digit among the digits
    groups: dict[int, int]  # by offset, and how many groups there are by the offset where the digits end
    sums: tuple[list[int], list[int]]  # of the digits before each, for a card's check digit


def find_numbers(text: str) -> list[tuple[str, Match]]:
    """Card and NHS numbers ("card", "health"), from left to right.

    Cards are in one piece, in fours, or digit by digit as they are read out; NHS numbers are written 3-3-4, or in other
    ways too where the text speaks of the NHS. What is found counts as taken out for what stands to its right.
    """
    plain = text.translate(_PLAIN)
    is_named = bool(_SAYS_HEALTH.search(plain))
    found: list[tuple[str, Match]] = []
    since = 0
    for run in _runs(plain):
        first = left = 0  # the group to look at, and the last one that has none on its left
        while first < len(run.sizes):
            kind, end = "card", _card_end(run, first, plain, since)
            if not end and first == left:
                kind, end = "health", _health_end(run, first, plain, since, is_named)
            if end:
                start, since = run.places[first][0], run.places[end - 1][1]
                found.append((kind, Match(plain[start:since], start, since)))
                left = end
            first = end or first + 1
    return found


def find_insurance(text: str) -> list[tuple[str, Match]]:
    """National Insurance numbers ("insurance"), from left to right."""
    plain = text.translate(_PLAIN)
    is_named = bool(_SAYS_INSURANCE.search(plain))
    return [
        ("insurance", Match(found[0], found.start(), found.end()))
        for found in _INSURANCE.finditer(plain)
        if is_named or not (found[1].lower() in _WORDS and found[2] and found[3] and found[4] in "aA")
    ]


def passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812's check digit of bank cards."""
    return _luhn_sums(digits)[len(digits) % 2][-1] % 10 == 0


def passes_modulus_11(digits: str) -> bool:
    """The check digit of NHS numbers (NHS Data Dictionary)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return rest != 10 and int(digits[9]) == rest % 11


def _card_end(run: _Run, first: int, plain: str, since: int) -> int:
    """Behind which group the longest card number from this group on ends, or 0."""
    offset = run.offsets[first]
    issuer = _ISSUER.match(run.digits, offset)
    if issuer is None or not issuer.lastindex:
        return 0
    for length in _ISSUERS[issuer.lastindex - 1][1]:
        end = run.groups.get(offset + length)
        sums = run.sums[(offset + length) % 2]
        if end and (sums[offset + length] - sums[offset]) % 10 == 0 and _is_card(run.sizes[first:end]):
            return end if _is_free(plain, run.places[first][0], since) else 0
    return 0


def _is_card(sizes: list[int]) -> bool:
    """Whether card numbers are written in such groups."""
    is_alike = sizes.count(1) == len(sizes) or all(size % 4 == 0 for size in sizes[:-1])
    return is_alike or sizes in ([4, 6, 5], [4, 6, 4])


def _health_end(run: _Run, first: int, plain: str, since: int, is_named: bool) -> int:
    """Behind which group the NHS number from this group on ends, or 0; a card that begins within it goes first."""
    offset = run.offsets[first]
    end = run.groups.get(offset + 10)
    if not end or run.digits[offset] == "0":
        return 0
    digits, sizes = run.digits[offset : offset + 10], run.sizes[first:end]
    if is_named:  # shorter groups would be a date and a time
        is_written_so = min(sizes) >= 3 or sizes.count(1) == len(sizes)
    else:  # England and Wales have 4, 6 and 7, Northern Ireland has 3, examples have 9
        is_written_so = sizes == [3, 3, 4] and digits[0] in "34679"
    if not (is_written_so and passes_modulus_11(digits) and _is_free(plain, run.places[first][0], since)):
        return 0
    if any(_card_end(run, later, plain, since) for later in range(first + 1, end)):
        return 0
    is_last = end == len(run.sizes) or _card_end(run, end, plain, since) > 0
    return end if is_named or is_last else 0


def _is_free(plain: str, start: int, since: int) -> bool:
    """Whether this is neither inside a decimal number nor after a phone's country code."""
    before = plain[max(since, start - 12) : start]
    return not _BEFORE_PHONE.search(before) and not _BEFORE_DECIMALS.search(before)


def _runs(plain: str) -> Iterator[_Run]:
    """All groups of digits, those together that are linked, if they have enough digits for anything."""
    for linked in _LINKED.finditer(plain):
        places = [group.span() for group in _GROUP.finditer(plain, linked.start(), linked.end())]
        digits = "".join([plain[start:end] for start, end in places])
        if len(digits) >= _SHORTEST:
            sizes = [end - start for start, end in places]
            offsets = list(accumulate(sizes, initial=0))
            groups = {offset: group for group, offset in enumerate(offsets)}
            yield _Run(places, sizes, digits, offsets, groups, _luhn_sums(digits))


def _luhn_sums(digits: str) -> tuple[list[int], list[int]]:
    """The sums of the digits before each, and of all: with those at even places doubled, and with those at odd ones.

    The difference of two of them is the sum for any row of digits, at no cost however many rows there are.
    """
    once = [int(digit) for digit in digits]
    even, odd = once.copy(), once.copy()
    even[::2] = [_TWICE[digit] for digit in once[::2]]
    odd[1::2] = [_TWICE[digit] for digit in once[1::2]]
    return list(accumulate(even, initial=0)), list(accumulate(odd, initial=0))
