"""Dates as residents give them, day before month; what cannot be, or could be two days, is no date.

Which way a bare weekday or day of the month looks is the caller's to say: forward, or with ``past`` back. "Next
Tuesday" is the Tuesday of next week (weeks begin on Monday), "this Tuesday" the coming one, "last Tuesday" the
latest before today, "Tuesday after next" a week after next Tuesday. The caller shows the date in full before using it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.text.date_forms import ALONE, ALWAYS, Form
from bot.text.date_readers import Now, Reader
from bot.text.date_words import words_in
from bot.text.working_days import Holiday


@dataclass(frozen=True)
class DateMatch:
    """A date found: the day and where its words stand."""

    value: date
    start: int
    end: int


_Compiled = tuple[tuple[frozenset[str], ...], re.Pattern[str], Reader]


def _compile(forms: Iterable[Form]) -> list[_Compiled]:
    edges = r"(?<![\w/.:-])(?:{})(?![\w/-])(?!\.\d)"
    return [(needs, re.compile(edges.format(form), re.IGNORECASE), reader) for needs, form, reader in forms]


_FIND, _PARSE = _compile(ALWAYS), _compile([*ALWAYS, *ALONE])
_REPEATED = re.compile(
    r"\b(?:every|each|any|most|all)(?: (?:other|single|second|third|fourth|2nd|3rd|4th))?\s*$", re.IGNORECASE
)
_LOOK_BACK = 16  # letters before a day in which "every other" has room
_CHOICE = re.compile(r"\b(?:or|between|either)\b", re.IGNORECASE)


def _scan(text: str, now: Now, forms: Iterable[_Compiled]) -> list[tuple[int, int, date | None]]:
    """Spans and their days, None for a day that cannot be; an earlier form's span is not read again."""
    spans: list[tuple[int, int, date | None]] = []
    words = words_in(text)
    for needs, pattern, reader in forms:
        for match in () if any(map(words.isdisjoint, needs)) else pattern.finditer(text):
            start, end = match.span()
            is_taken = any(start < other[1] and other[0] < end for other in spans)
            if not is_taken and not _REPEATED.search(text[max(0, start - _LOOK_BACK) : start]):
                spans.append((start, end, reader(match, now)))
    return sorted(spans, key=lambda span: span[:2])


def _unknown(day: date) -> None:
    """Of a caller who knows of no bank holidays."""


def find_dates(text: str, today: date, past: bool = False, holiday: Holiday = _unknown) -> list[DateMatch]:
    """The dates that the text surely names; ``holiday`` knows the bank holidays."""
    found = _scan(text, Now(today, past, holiday), _FIND)
    return [DateMatch(day, start, end) for start, end, day in found if day]


def parse_date(text: str, today: date, past: bool = False, holiday: Holiday = _unknown) -> date | None:
    """The one date of an answer to a question for a date; None if it names none, an impossible one, or several."""
    if _CHOICE.search(text):
        return None
    days = {day for _, _, day in _scan(text, Now(today, past, holiday), _PARSE)}
    return days.pop() if len(days) == 1 else None
