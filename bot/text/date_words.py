"""The words of dates, however they are shortened or misspelt; bot.text.date_forms makes regular expressions of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WEEKDAYS = (
    "monday mon munday moday mondey mondy",
    "tuesday tues tue tusday teusday tuseday tuesdy tuesdey teuseday tuesady tuesay",
    "wednesday weds wed wensday wednsday wendsday wenesday wednesdy wedensday wednesay wedneday wendesday wensdy",
    "thursday thurs thur thu thrusday thursdy thurday thirsday thersday thusday thursay thrs",
    "friday fri firday frday fridy frieday fridat",
    "saturday sat saterday satday satarday saturdy satuday saturay satruday satdy",
    "sunday sun sundy sumday sunady",
)
_MONTHS = (
    "january jan janurary januray janury janaury",
    "february feb febuary febrary feburary februrary",
    "march mar",
    "april apr aprill apirl",
    "may",
    "june jun",
    "july jul",
    "august aug agust augest augst",
    "september sept sep septemeber setpember septmber septembr",
    "october oct octber ocotber octobre",
    "november nov novemeber novemebr novmber",
    "december dec decemeber decmber decembr dicember",
)
_UNITS = "first second third fourth fifth sixth seventh eighth ninth".split()
_TENTHS = """tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
    twentieth""".split()


def _numbered(rows: Iterable[str], first: int) -> dict[str, int]:
    return {word: number for number, row in enumerate(rows, start=first) for word in row.split()}


def one_of(words: Iterable[str]) -> str:
    """A regular expression for any of the words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


def words_in(text: str) -> frozenset[str]:
    """The words and figures of a text, or of a regular expression that is no more than a choice of words."""
    return frozenset(re.findall(r"[a-z0-9]+", text.lower()))


WEEKDAY_NUMBERS = _numbered(_WEEKDAYS, 0)
MONTH_NUMBERS = _numbered(_MONTHS, 1)
ORDINAL_NUMBERS = (
    _numbered((*_UNITS, *_TENTHS), 1)
    | {"twelveth": 12, "thirtieth": 30}
    | {f"twenty {word}": 20 + number for number, word in enumerate(_UNITS, start=1)}
    | {"thirty first": 31}
)
DAYS = one_of(WEEKDAY_NUMBERS)
# Not "sat", "sun", "wed", "mon": those are words of their own.
SURE_DAYS = one_of(word for word in WEEKDAY_NUMBERS if len(word) > 4 or word == "tues")
MONTHS = one_of(MONTH_NUMBERS)
SURE_MONTHS = one_of(word for word in MONTH_NUMBERS if word not in ("may", "march", "mar"))
ORDINALS = one_of(ORDINAL_NUMBERS).replace(" ", "[ -]")
TODAY = "today|tonight|tonite|2day|2nite|2night|this (?:mornin|morning|afternoon|evening)"
TOMORROW = one_of(
    "tomorrow tomorow tommorow tommorrow tomorrrow tomoro tomorro tomoz tomos tmrw tmw 2moro 2morrow 2moz".split()
)
YESTERDAY = one_of(("yesterday", "yesturday", "yesteday", "yesterdy", "yday", "last night", "last nite"))
FORTNIGHT = "fortnight|fortnite|fourtnight"
COUNT = (
    one_of("a an one two three four five six seven eight nine ten eleven twelve".split() + ["a couple of", "couple of"])
    + r"|\d{1,2}"
)
BEFORE = "on|by|since|until|till|from|before|after"
