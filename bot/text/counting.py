"""Several of what is offered, with how many of each: "2 mattresses, a sofa and an old fridge". Pure.

Numbers that belong to an address, a telephone or a date are no quantities: money hangs on this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.text.dates import find_dates
from bot.text.houses import find_house_numbers
from bot.text.numbers import parse_number
from bot.text.phones import find_phones
from bot.text.picking import Offered, pick, plain
from bot.text.postcodes import find_postcodes

LOOK_BACK = 3  # words between a number and its thing: "2 big old sofas"
FUZZY_WORDS = 5  # only a part this short is tried as one misspelt name
NOT_COUNTS = frozenset(("a", "an", "no", "none", "single", "double", "both"))
_PARTS = re.compile(r",|;|\+|&|\n|\band\b|\bplus\b|\balso\b|\bwith\b", re.IGNORECASE)


def count_things(text: str, offered: Sequence[Offered], today: date) -> list[tuple[Offered, int]]:
    """Each thing named in ``text`` with its number, in the order said; [] when none is named."""
    rest = _without_addresses(text, today)
    return _named(rest, offered) or _misspelt(rest, offered)


def _without_addresses(text: str, today: date) -> str:
    found = [*find_postcodes(text), *find_house_numbers(text), *find_phones(text)]
    spans = [(match.start, match.end) for match in found]
    spans += [(match.start, match.end) for match in find_dates(text, today)]
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} , {text[end:]}"
    return text


def _named(text: str, offered: Sequence[Offered]) -> list[tuple[Offered, int]]:
    words = _tokens(text)
    names = sorted(
        ((tuple(_tokens(name)), item) for item in offered for name in item.names), key=lambda named: -len(named[0])
    )
    taken: dict[int, tuple[Offered, int]] = {}
    used: set[int] = set()
    for name, item in names:
        for start in range(len(words) - len(name) + 1):
            place = set(range(start, start + len(name)))
            if name and not place & used and tuple(words[start : start + len(name)]) == name:
                used |= place
                taken[start] = (item, _count(words, start, start + len(name), used))
    totals: dict[str, tuple[Offered, int]] = {}
    for start in sorted(taken):
        item, many = taken[start]
        totals[item.value] = (item, many + totals.get(item.value, (item, 0))[1])
    return [(item, many) for item, many in totals.values() if many]


def _count(words: Sequence[str], start: int, end: int, used: set[int]) -> int:
    """The number before a thing ("2 old sofas") or right after it ("sofas x2"); 1 when there is none."""
    for place in range(start - 1, max(start - 1 - LOOK_BACK, -1), -1):
        if place in used or words[place] in (",", "and"):
            break
        if words[place].isdigit():
            used.add(place)
            return int(words[place])
    after = words[end] if end < len(words) else ""
    return int(after[1:]) if re.fullmatch(r"x\d{1,2}", after) else 1


def _misspelt(text: str, offered: Sequence[Offered]) -> list[tuple[Offered, int]]:
    found: dict[str, tuple[Offered, int]] = {}
    for part in _PARTS.split(text):
        words = [word for word in _tokens(part) if word != ","]
        figures = [int(word) for word in words if word.isdigit()]
        named = " ".join(word for word in words if not word.isdigit() and not re.fullmatch(r"x\d*", word))
        item = pick(named, offered, by_place=False) if named and len(words) <= FUZZY_WORDS else None
        many = figures[0] if figures else 1
        if item and many:
            found[item.value] = (item, many + found.get(item.value, (item, 0))[1])
    return list(found.values())


def _tokens(text: str) -> list[str]:
    """Lower-case words, numbers as figures, plurals as singulars, commas kept."""
    spread = re.sub(r"\b(?:couple|pair) of\b", "2", text, flags=re.IGNORECASE)
    spread = re.sub(r"(\d)\s*x\b", r"\1", re.sub(r"\bx\s*(\d)", r"x\1", spread, flags=re.IGNORECASE))
    return [word if word == "," else _figure(_singular(plain(word))) for word in re.findall(r",|[\w'’-]+", spread)]


def _figure(word: str) -> str:
    number = None if word in NOT_COUNTS else parse_number(word)
    return word if number is None else str(number)


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if re.search(r"(?:ss|x|ch|sh)es$", word) else word[:-1]
