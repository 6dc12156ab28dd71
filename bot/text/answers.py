"""How an answer is read, a function a type: what a resident wrote -> a value and how it is said back, or None.

The policy uses these to tell an answer from something else; the action server to fill the slot. Pure: what was
offered and today's date are handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.text.emails import find_emails
from bot.text.numbers import parse_number
from bot.text.phones import find_phones
from bot.text.picking import Offered, pick, pick_address, plain
from bot.text.postcodes import find_postcodes
from bot.text.registrations import find_registrations

YES = frozenset(
    "y yes yeah yep yup yea ya aye ok okay sure correct right true fine definitely absolutely please go".split()
)
NO = frozenset("n no nope nah never not dont wrong incorrect false neither nowt".split())
SOFT = frozenset(
    "it is its that thats thank thanks you ta i do am we are there on ahead then mate love send the all good"
    " looks carry course of by me one".split()
)
SKIP = frozenset(
    ("skip", "skip this", "skip it", "none", "pass", "leave blank", "leave it blank", "nothing", "no thanks", "n/a")
)


@dataclass(frozen=True)
class Answer:
    """``value`` is plain JSON for the slot; ``said`` is how it is shown back."""

    value: Any
    said: str


@dataclass(frozen=True)
class Question:
    """What an answer depends on besides its words."""

    type: str
    offered: Sequence[Offered] = ()
    limit: int = 0
    least: int = 1
    today: date = field(default=date.min)


def parse(question: Question, text: str) -> Answer | None:
    """The answer that ``text`` gives to ``question``; None when it gives none. KeyError for an unknown type."""
    return _PARSERS[question.type](question, text.strip())


def is_skip(text: str) -> bool:
    """Whether the resident would rather not say."""
    return text.strip().lower().rstrip(".!") in SKIP


def _postcode(question: Question, text: str) -> Answer | None:
    found = find_postcodes(text)
    return Answer(found[0].value, found[0].value) if found else None


def _choice(question: Question, text: str) -> Answer | None:
    picked = pick(text, question.offered)
    return Answer(picked.value, picked.title) if picked else None


def _address(question: Question, text: str) -> Answer | None:
    picked = pick_address(text, question.offered)
    return Answer(picked.value, picked.title) if picked else None


def _many(question: Question, text: str) -> Answer | None:
    """Several of what is offered, with how many of each: "2 mattresses, a sofa and an old fridge"."""
    found: dict[str, tuple[Offered, int]] = {}
    for part in re.split(r",|;|\+|&|\n|\band\b|\bplus\b|\balso\b", text, flags=re.IGNORECASE):
        words = part.strip().split()
        many = next((parse_number(word) for word in words if parse_number(word)), None) or 1
        named = " ".join(word for word in words if not parse_number(word) and word.lower() not in ("a", "an", "x"))
        item = pick(named, question.offered) if named else None
        item = item or (pick(named[:-1], question.offered) if named.endswith("s") else None)
        if item:
            found[item.value] = (item, many + (found[item.value][1] if item.value in found else 0))
    if not found:
        return None
    said = ", ".join(item.title if many == 1 else f"{many} × {item.title}" for item, many in found.values())
    return Answer([{"id": value, "many": many} for value, (_, many) in found.items()], said)


def _yes_no(question: Question, text: str) -> Answer | None:
    words = plain(text).split()
    if not words or len(words) > 8:
        return None
    offered = pick(text, question.offered)
    if offered:
        return Answer(offered.value, offered.title)
    says_yes, says_no = bool(YES & set(words)), bool(NO & set(words))
    if says_yes == says_no or set(words) - YES - NO - SOFT:
        first = words[0]
        if first in YES - {"go", "right", "please"} and not says_no and len(words) <= 4:
            return Answer("yes", text)
        return None
    return Answer("yes" if says_yes else "no", text)


def _text(question: Question, text: str) -> Answer | None:
    if not text or (question.limit and len(text) > question.limit):
        return None
    return Answer(text, text)


def _name(question: Question, text: str) -> Answer | None:
    named = re.sub(r"^(?:my name(?:'s| is)?|i'?m|i am|it'?s|this is|name:?)\s+", "", text, flags=re.IGNORECASE)
    named = named.strip(" .,!")
    if not re.search(r"[^\W\d_]{2}", named) or re.search(r"\d|@", named) or len(named) > (question.limit or 80):
        return None
    return Answer(named, named)


def _phone(question: Question, text: str) -> Answer | None:
    found = find_phones(text)
    return Answer(found[0].value, found[0].value) if found else None


def _email(question: Question, text: str) -> Answer | None:
    found = find_emails(text)
    return Answer(found[0].value, found[0].value) if found else None


def _contact(question: Question, text: str) -> Answer | None:
    """An email address or a phone number, or what was given before ("same as before")."""
    found = _email(question, text) or _phone(question, text)
    if found:
        return found
    if "same" in plain(text).split() and question.offered:
        return Answer(question.offered[0].value, question.offered[0].value)
    return None


def _registration(question: Question, text: str) -> Answer | None:
    found = find_registrations(text)
    return Answer(found[0].value, found[0].value) if found else None


def _number(question: Question, text: str) -> Answer | None:
    picked = pick(text, question.offered)
    if picked:
        return Answer(int(picked.value), picked.title)
    values = [value for value in (parse_number(word) for word in plain(text).split()) if value is not None]
    if len(values) != 1 or values[0] < question.least or (question.limit and values[0] > question.limit):
        return None
    return Answer(values[0], str(values[0]))


_PARSERS: Mapping[str, Callable[[Question, str], Answer | None]] = {
    "postcode": _postcode,
    "address": _address,
    "choice": _choice,
    "many": _many,
    "yes_no": _yes_no,
    "text": _text,
    "item": _text,
    "name": _name,
    "phone": _phone,
    "email": _email,
    "contact": _contact,
    "registration": _registration,
    "number": _number,
}
TYPES = frozenset(_PARSERS)
