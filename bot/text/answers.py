"""How an answer is read, a function a type: what a resident wrote -> a value and how it is said back, or None.

The policy uses these to tell an answer from something else; the action server to fill the slot. Pure: what was
offered, today's date and whether it was typed are handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.text.counting import count_things
from bot.text.dates import find_dates, parse_date
from bot.text.emails import find_emails
from bot.text.numbers import parse_number
from bot.text.phones import find_phones
from bot.text.picking import Offered, pick, pick_address, plain
from bot.text.positions import find_position
from bot.text.postcodes import find_postcodes
from bot.text.references import find_references
from bot.text.registrations import find_registrations
from bot.text.say import day
from bot.text.sent import is_upload_id, read_position

PLAIN_YES = frozenset("y yes yeah yep yup yea ya aye".split())
AGREEING = frozenset(
    "ok okay sure correct right true fine definitely absolutely certainly course please go send confirm".split()
)
YES = PLAIN_YES | AGREEING
NO = frozenset("n no nope nah never not dont isnt arent wont wrong incorrect false neither nobody nowt".split())
TURNS_ROUND = frozenset("not dont isnt arent wont".split())  # "that's not right" says no; "not sure" says nothing
ECHOES = frozenset("i do,i am,we are,we do,there is,there are,it is,they are,they can,all good,looks good".split(","))
# Words beside a yes or no that change nothing about it.
SOFT = frozenset(
    "it is its that thats thank thanks you ta i do am im we are there on ahead then mate love the all good sorry"
    " looks sounds carry of by me one just only else yet very much thing live alone great perfect".split()
)
# Words after "yes" that take it back: "yes but change the date", "ok stop".
TAKE_BACK = frozenset("but wait stop cancel change back hold except start forget quit exit edit if what how".split())
SKIP = frozenset(
    (
        *("skip", "skip this", "skip it", "skip that", "skip this question", "pass", "none", "nothing", "no thanks"),
        *("no thank you", "leave it", "leave blank", "leave it blank", "n a", "prefer not to say", "rather not say"),
    )
)
SEVERAL = re.compile(
    r",|;|\+|&|\n|\band\b|\bplus\b|\balso\b|(?<!x)\s+(?=\d+\s*x?\s+(?!and\b|plus\b|also\b)[a-z])", re.IGNORECASE
)


EARLIEST = frozenset("earliest soonest asap first any whichever next".split())
TIMES = frozenset("morning afternoon week weekend later earlier date dates day time am pm".split())


@dataclass(frozen=True)
class Answer:
    """``value`` is plain JSON for the slot; ``said`` is how it is shown back, "" where the content has words for it."""

    value: Any
    said: str


@dataclass(frozen=True)
class Question:
    """What an answer depends on besides its words.

    ``is_pressed``: it came from the page, not from a keyboard. ``past``: a date is one that has been.
    """

    type: str
    offered: Sequence[Offered] = ()
    limit: int = 0
    least: int = 1
    today: date = field(default=date.min)
    is_pressed: bool = False
    past: bool = False


def parse(question: Question, text: str) -> Answer | None:
    """The answer that ``text`` gives to ``question``; None when it gives none. KeyError for an unknown type."""
    return _PARSERS[question.type](question, text.strip())


def is_skip(text: str) -> bool:
    """Whether the resident would rather not say."""
    return plain(text) in SKIP


def _postcode(question: Question, text: str) -> Answer | None:
    found = find_postcodes(text)
    return Answer(found[0].value, found[0].value) if found else None


def _place(question: Question, text: str) -> Answer | None:
    """Where something is: a postcode in words, or the position of the device when the page sends it."""
    if not question.is_pressed:
        return _postcode(question, text)
    position = read_position(text)
    return Answer(dict(zip(("latitude", "longitude"), position, strict=True)), "") if position else None


def _spot(question: Question, text: str) -> Answer | None:
    """Where something is, as far as the words alone tell: a position, a postcode, or what was offered.

    Streets and landmarks are found by whoever can look them up (actions/spots.py).
    """
    position = read_position(text) if question.is_pressed else find_position(text)
    if position:
        return Answer(dict(zip(("latitude", "longitude"), position, strict=True)), "")
    offered = pick(text, question.offered)
    return Answer(offered.value, offered.title) if offered else _postcode(question, text)


def _details(question: Question, text: str) -> Answer | None:
    """One of the questions that a back end puts: of what it offers one or several, else in the resident's words."""
    if not question.offered:
        return _text(question, text)
    whole = next((option for option in question.offered if plain(option.title) == plain(text)), None)
    said = [part for part in SEVERAL.split(text) if plain(part)]
    parts = [whole] if whole else [pick(part, question.offered) for part in said]
    found = list(dict.fromkeys(part for part in parts if part))
    if not found or None in parts:
        return None
    return Answer([item.value for item in found], ", ".join(item.title for item in found))


def _date(question: Question, text: str) -> Answer | None:
    found = parse_date(text, question.today, question.past)
    return Answer(found.isoformat(), f"{day(found)} {found.year}") if found else None


def _reference(question: Question, text: str) -> Answer | None:
    """A reference of ours, or what was offered by its name."""
    picked = pick(text, question.offered)
    if picked:
        return Answer(picked.value, picked.title)
    found = find_references(text)
    return Answer(found[0].value, found[0].value) if found else None


def _upload(question: Question, text: str) -> Answer | None:
    """A file that the page sent. Typed words are none, whatever they look like."""
    return Answer(text, "") if question.is_pressed and is_upload_id(text) else None


def _choice(question: Question, text: str) -> Answer | None:
    picked = pick(text, question.offered) or _on_a_day(question, text)
    return Answer(picked.value, picked.title) if picked else None


def _on_a_day(question: Question, text: str) -> Offered | None:
    """Of times on offer the one on the day named, or the earliest, if that leaves just one."""
    words = set(plain(text).split())
    timed = [option for option in question.offered if _days_named(option.title, question.today)]
    if not timed:
        return None
    if words & EARLIEST:
        return timed[0]
    wanted = {found.value for found in find_dates(text, question.today)}
    fitting = [option for option in timed if wanted & _days_named(option.title, question.today)] if wanted else timed
    parts = [option for option in fitting if any(words & set(plain(name).split()[-1:]) for name in option.also)]
    fitting = parts or fitting
    return fitting[0] if len(fitting) == 1 else None


def _days_named(title: str, today: date) -> set[date]:
    return {found.value for found in find_dates(title, today)}


def offers_days(offered: Sequence[Offered], today: date) -> bool:
    """Whether what is on offer are times."""
    return any(_days_named(option.title, today) for option in offered)


def names_a_day(question: Question, text: str) -> bool:
    """Whether a message speaks of times where times are on offer."""
    return offers_days(question.offered, question.today) and bool(
        find_dates(text, question.today) or set(plain(text).split()) & TIMES
    )


def _address(question: Question, text: str) -> Answer | None:
    picked = pick_address(text, question.offered)
    return Answer(picked.value, picked.title) if picked else None


def _many(question: Question, text: str) -> Answer | None:
    """Several of what is offered, with how many of each."""
    found = count_things(text, question.offered, question.today)
    if not found:
        return None
    said = ", ".join(item.title if many == 1 else f"{many} × {item.title}" for item, many in found)
    return Answer([{"id": item.value, "many": many} for item, many in found], said)


def _yes_no(question: Question, text: str) -> Answer | None:
    words = plain(text).split()
    if not words or len(words) > 8:
        return None
    offered = pick(text, question.offered)
    if offered:
        return Answer(offered.value, offered.title)
    said = set(words)
    says_yes, says_no = bool(YES & said) or " ".join(words) in ECHOES, bool(NO & said)
    if TURNS_ROUND & said and "sure" not in said:
        says_yes = bool(PLAIN_YES & said)
    if says_yes == says_no:
        return None
    if says_yes and words[0] in PLAIN_YES and len(words) <= 4 and "?" not in text and not TAKE_BACK & said:
        return Answer("yes", "yes")
    if said - YES - NO - SOFT or TAKE_BACK & said:
        return None
    return Answer("yes", "yes") if says_yes else Answer("no", "no")


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
    whole = parse_number(text)
    each = [whole] if whole is not None else [parse_number(word) for word in plain(text).split()]
    values = [value for value in each if value is not None]
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
    "photo": _upload,
    "document": _upload,
    "place": _place,
    "spot": _spot,
    "details": _details,
    "date": _date,
    "reference": _reference,
}
TYPES = frozenset(_PARSERS)
