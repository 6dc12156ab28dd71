"""Dates as residents give them, day before month; what cannot be, or could be two days, is no date.

Which way a bare weekday or day of the month looks is the caller's to say: forward, or with ``past`` back. "Next
Tuesday" is the Tuesday of next week (weeks begin on Monday), "this Tuesday" the coming one, "last Tuesday" the
latest before today. The caller shows the date in full before using it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.text.numbers import parse_number


@dataclass(frozen=True)
class DateMatch:
    """A date found: the day and where its words stand."""

    value: date
    start: int
    end: int


_DAYS = (
    r"mon(?:day)?|tue(?:s(?:day)?)?|tusday|teusday|wed(?:s|nesday|nsday|ensday|nesdy)?|wensday"
    r"|thu(?:r(?:s(?:day)?|day)?)?|fri(?:day)?|sat(?:urday|uday|erday)?|sun(?:day)?"
)
# Not "sat", "sun", "wed", "mon": those are words of their own.
_SURE_DAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|tues|thurs|wensday|wednsday|thurday"
_MONTHS = (
    r"jan(?:uary)?|feb(?:r?u?ary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_MONTH_NUMBER = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}
_WEEKDAY_NUMBER = {"mon": 0, "tu": 1, "te": 1, "we": 2, "th": 3, "fri": 4, "sat": 5, "sun": 6}
_COUNT = r"a|an|one|two|three|four|five|six|seven|eight|nine|ten|a couple of|\d{1,2}"
_TODAY = r"today|tonight|this morning|this afternoon|this evening"
_TOMORROW = r"tomorrow|tomorow|tommorow|tommorrow|tomoz|tomos|tmrw|tmw|2moro"
_ORDINAL = r"(?P<day>\d{1,2})(?:st|nd|rd|th)"
_BEFORE = "on|by|since|until|from|before|after"
_YEAR = r"(?:,? (?P<year>\d{4}))?"
# After "the 3rd" only the end, a mark or one of these lets it be a day: "the 3rd time" is none.
_AFTER = r"(?=\s*(?:$|[.,;:!?)]|\s(?:at|and|or|please|pls|of|by|if|but|to|because|for|thanks|not|was|is|it|in)\b))"

Reader = Callable[[re.Match[str], date, bool], date | None]


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(word: str) -> int:
    return next(number for start, number in _WEEKDAY_NUMBER.items() if word.lower().startswith(start))


def _nearest(candidates: list[date | None], today: date, past: bool) -> date | None:
    """The soonest of the days not before today, or with past the latest not after it."""
    days = sorted(day for day in candidates if day and (day <= today if past else day >= today))
    return (days[-1] if past else days[0]) if days else None


def _of_week(match: re.Match[str], today: date, past: bool) -> date | None:
    number, which = _weekday(match["weekday"]), (match["which"] or "").lower()
    ahead = (number - today.weekday()) % 7
    if which == "next":
        return today - timedelta(today.weekday()) + timedelta(7 + number)
    if which in ("last", "past") or (past and which != "this"):
        back = (today.weekday() - number) % 7
        return today - timedelta(back or 7 if which else back)
    return today + timedelta(ahead)


def _weeks_after(match: re.Match[str], today: date, past: bool) -> date | None:
    """ "A week on Friday", "Friday week", "a fortnight tomorrow"."""
    base = match["base"].lower()
    words = (match["weeks"] or "").lower()
    weeks = 2 if "fortnight" in words else parse_number(words.removesuffix("s").removesuffix(" week").strip()) or 1
    if re.fullmatch(_TODAY, base):
        start = today
    elif re.fullmatch(_TOMORROW, base):
        start = today + timedelta(1)
    else:
        start = today + timedelta((_weekday(base) - today.weekday()) % 7)
    return start + timedelta(7 * weeks)


def _apart(match: re.Match[str], today: date, past: bool) -> date | None:
    """ "In 2 weeks", "three days ago"."""
    count = parse_number(match["count"])
    unit = {"day": 1, "week": 7, "fortnight": 14}[match["unit"].lower()]
    back = (match["ago"] or "").lower() == "ago"
    return None if count is None else today + timedelta(-count * unit if back else count * unit)


def _of_month(match: re.Match[str], today: date, past: bool) -> date | None:
    """ "3rd of March", "March 3 2027", "Tuesday 3 March"; the weekday, if given, must agree."""
    groups = match.groupdict()
    month, day = _MONTH_NUMBER[match["month"][:3].lower()], int(match["day"])
    if groups.get("year"):
        found = _make(int(match["year"]), month, day)
    else:
        # Eight years hold a 29 February, across a century too.
        found = _nearest([_make(today.year + step, month, day) for step in range(-8, 9)], today, past)
    if found and groups.get("weekday") and found.weekday() != _weekday(match["weekday"]):
        return None
    return found


def _of_this_month(match: re.Match[str], today: date, past: bool) -> date | None:
    """ "The 3rd": of this month or of the nearest that has such a day."""
    first = today.year * 12 + today.month - 1
    months = range(first - 2, first + 3)
    found = _nearest([_make(m // 12, m % 12 + 1, int(match["day"])) for m in months], today, past)
    weekday = match.groupdict().get("weekday")
    return None if found and weekday and found.weekday() != _weekday(weekday) else found


def _figures(match: re.Match[str], today: date, past: bool) -> date | None:
    """03/04/27, day first."""
    day, month, year = int(match["day"]), int(match["month"]), match["year"]
    if not year:
        return _nearest([_make(today.year + step, month, day) for step in range(-8, 9)], today, past)
    return _make(int(year) + (2000 if len(year) == 2 else 0), month, day)


def _after(days: int) -> Reader:
    return lambda match, today, past: today + timedelta(days)


def _named(month: int, day: int) -> Reader:
    return lambda match, today, past: _nearest(
        [_make(today.year + step, month, day) for step in (-1, 0, 1)], today, past
    )


_OPTIONAL_DAY = rf"(?:(?P<weekday>{_DAYS}),? (?:the )?)?"
_BASE = rf"(?P<base>{_DAYS}|{_TODAY}|{_TOMORROW})"
_ALWAYS: list[tuple[str, Reader]] = [
    (r"(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})", _figures),
    (r"(?P<day>\d{1,2})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<year>20\d\d|\d\d)", _figures),
    (rf"{_OPTIONAL_DAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)? ?(?:of )?(?P<month>{_MONTHS})\b\.?{_YEAR}", _of_month),
    (rf"{_OPTIONAL_DAY}(?P<month>{_MONTHS}) (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}", _of_month),
    (rf"(?P<weeks>(?:(?:{_COUNT}) weeks?|week|(?:a )?fortnight)) (?:on |from |after )?{_BASE}", _weeks_after),
    (rf"{_BASE} (?P<weeks>week|fortnight)", _weeks_after),
    (rf"in (?P<count>{_COUNT}) (?P<unit>day|week|fortnight)s?(?:'s?)?(?P<ago>)(?: time)?", _apart),
    (rf"(?P<count>{_COUNT}) (?P<unit>day|week|fortnight)s? (?P<ago>ago)", _apart),
    (r"(?:the )?day after (?:tomorrow|tomorow|tommorow)", _after(2)),
    (r"(?:the )?day before yesterday", _after(-2)),
    (_TOMORROW, _after(1)),
    (_TODAY, _after(0)),
    (r"yesterday|yesturday|last night", _after(-1)),
    (r"christmas eve|xmas eve", _named(12, 24)),
    (r"christmas day|xmas day", _named(12, 25)),
    (r"boxing day", _named(12, 26)),
    (r"new year'?s eve", _named(12, 31)),
    (r"new year'?s day", _named(1, 1)),
    (rf"(?P<weekday>{_DAYS}),? (?:the )?{_ORDINAL}(?!\s*(?:of )?(?:{_MONTHS}))", _of_this_month),
    (rf"(?:(?P<which>next|this|last|past)|{_BEFORE}|for) (?P<weekday>{_DAYS})", _of_week),
    (rf"(?P<which>)(?P<weekday>{_SURE_DAYS})", _of_week),
    (rf"(?:the|{_BEFORE}) (?:the )?{_ORDINAL}{_AFTER}", _of_this_month),
    (rf"(?:{_BEFORE}|for) (?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?P<year>)(?![/\d])", _figures),
]
# As the answer to a question for a date, less is enough.
_ALONE: list[tuple[str, Reader]] = [
    (rf"(?P<which>)(?P<weekday>{_DAYS})", _of_week),
    (_ORDINAL + _AFTER, _of_this_month),
    (r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?P<year>)", _figures),
]


def _compile(readers: list[tuple[str, Reader]]) -> list[tuple[re.Pattern[str], Reader]]:
    edges = r"(?<![\w/.:-])(?:{})(?![\w/-])(?!\.\d)"
    return [(re.compile(edges.format(pattern), re.IGNORECASE), reader) for pattern, reader in readers]


_FIND, _PARSE = _compile(_ALWAYS), _compile(_ALWAYS + _ALONE)
_REPEATED = re.compile(r"(?:every|each|any|most|all)\s*$", re.IGNORECASE)
_CHOICE = re.compile(r"\b(?:or|between|either)\b", re.IGNORECASE)


def _scan(
    text: str, today: date, past: bool, readers: list[tuple[re.Pattern[str], Reader]]
) -> list[tuple[int, int, date | None]]:
    """Spans and their days, None for a day that cannot be; an earlier reader's span is not read again."""
    spans: list[tuple[int, int, date | None]] = []
    for pattern, reader in readers:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other[1] and other[0] < end for other in spans):
                continue
            if _REPEATED.search(text[max(0, start - 8) : start]):
                continue
            spans.append((start, end, reader(match, today, past)))
    return sorted(spans)


def find_dates(text: str, today: date, past: bool = False) -> list[DateMatch]:
    """The dates that the text surely names."""
    return [DateMatch(day, start, end) for start, end, day in _scan(text, today, past, _FIND) if day]


def parse_date(text: str, today: date, past: bool = False) -> date | None:
    """The one date of an answer to a question for a date; None if it names none, an impossible one, or several."""
    if _CHOICE.search(text):
        return None
    days = {day for _, _, day in _scan(text, today, past, _PARSE)}
    return days.pop() if len(days) == 1 else None
