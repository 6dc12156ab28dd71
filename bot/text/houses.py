"""House numbers and sums of money in a message: where a figure is one of these, and where it is not."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.text.match import Match

_ROADS = (
    r"road|rd|street|st|lane|ln|avenue|ave|av|close|cl|drive|dr|crescent|cres|grove|gr|place|pl|court|ct|square|sq"
    r"|gardens|gdns|terrace|terr|way|walk|row|mews|hill|rise|view|park|green|fold|brow|bank|croft|mount|parade"
)
_NUMBER = r"(?P<number>\d{1,4} ?[a-d]?)"
_POSTCODE = r"\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b"
# right beside a postcode: "SK1 3XE 12", "12, SK1 3XE"
_BESIDE_POSTCODE = (
    re.compile(rf"{_POSTCODE},? {_NUMBER}(?![\w/:.-]\w)\b", re.I),
    re.compile(rf"(?<![\w£/.:-]){_NUMBER},? (?={_POSTCODE})", re.I),
)
_HOUSES = (
    re.compile(
        rf"\b(?:(?:house|door) (?:number|no\.?)|number|no\.|flat|apartment|unit) ?{_NUMBER}(?![\w/:.-]\w)\b", re.I
    ),
    *_BESIDE_POSTCODE,
    re.compile(rf"(?<![\w£/.:-]){_NUMBER},? (?:[a-z][a-z']{{1,20}} ){{1,3}}(?:{_ROADS})\b", re.I),
)
# "2 bins on Bramhall Lane", "10 minutes along Hall Street": a number of things, not of a house.
_THINGS = re.compile(
    r"(?:bins?|bags?|cans?|box(?:es)?|caddy|caddies|days?|weeks?|months?|years?|hours?|minutes?|mins?|times?|people"
    r"|items?|sofas?|mattress(?:es)?|beds?|chairs?|houses?|cars?|black|blue|brown|green|more|different|am|pm|of|or|and"
    r"|to|on|in|at|from)\b",
    re.I,
)
_MONEY = re.compile(
    r"(?<![\w.])£ ?(?P<pounds>\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.(?P<pence>\d\d))?(?![\d.]\d)"
    r"|(?<![\w.£])(?P<pounds2>\d{1,7})(?:\.(?P<pence2>\d\d))? ?(?:pounds?|quid)\b",
    re.I,
)


def find_house_numbers(text: str) -> list[Match]:
    """Numbers of houses and flats: "number 12", "flat 3b", the 12 of "12 Hillcrest Road"."""
    found: list[Match] = []
    for form in _HOUSES:
        for typed in form.finditer(text):
            start, end = typed.span("number")
            is_taken = any(start < other.end and other.start < end for other in found)
            is_counted = form not in _BESIDE_POSTCODE and _THINGS.match(text[end:].lstrip(" ,"))
            if is_taken or is_counted:
                continue
            value = typed["number"].replace(" ", "").upper()
            found.append(Match(value, start, start + len(typed["number"].rstrip())))
    return sorted(found, key=lambda match: match.start)


def find_money(text: str) -> list[Match]:
    """Sums in pounds, as a decimal of two places: "£35.50", "20 quid"."""
    found = []
    for typed in _MONEY.finditer(text):
        pounds, pence = typed["pounds"] or typed["pounds2"], typed["pence"] or typed["pence2"] or "00"
        amount = Decimal(f"{pounds.replace(',', '')}.{pence}")
        found.append(Match(str(amount), typed.start(), typed.end()))
    return found
