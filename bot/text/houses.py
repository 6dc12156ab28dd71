"""House numbers and sums of money in a message: where a figure is one of these, and where it is not."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.text.match import Match
from bot.text.numbers import SPOKEN, parse_spoken
from bot.text.road_words import BETWEEN, KIND_FORMS

_ROADS = "|".join(sorted(KIND_FORMS, key=len, reverse=True))
# What has no name of its own: "12 the crescent", but not "2 the road".
_THE_ROAD = "the (?:avenue|crescent|close|drive|grove|mews|square|terrace|parade|mount|rise|fold|croft)"
# Between a number and "road" only a name: "2 trees on hall road" is no address.
_NO_NAME = "|".join(sorted(BETWEEN | {"per", "with", "this", "that", "are", "was", "were"}))
_NAME = rf"(?:(?!(?:{_NO_NAME})\b)[a-z][a-z']{{1,20}} )"
_STREET = rf"(?:{_NAME}{{1,3}}(?:{_ROADS})|{_THE_ROAD})\b"
_FIGURES = r"\d{1,4}(?:[a-h]| [a-d])?"
_NUMBER = rf"(?P<number>{_FIGURES})"
_SAID = rf"(?P<number>{SPOKEN}(?: [a-d](?![\w']))?)"
_UNIT = r"(?:flat|flt|apartment|apt\.?|unit)"
_BEFORE = rf"\b(?:(?:house|door) (?:number|no\.?)|number|num|no\.|house|{_UNIT})"
_POSTCODE = r"\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b"
# right beside a postcode: "SK1 3XE 12", "12, SK1 3XE"
_BESIDE_POSTCODE = (
    re.compile(rf"{_POSTCODE},? {_NUMBER}(?![\w/:.-]\w)\b", re.I),
    re.compile(rf"(?<![\w£/.:-]){_NUMBER},? (?={_POSTCODE})", re.I),
)
_HOUSES = (
    re.compile(rf"{_BEFORE} ?{_NUMBER}(?![\w/:.-]\w)\b", re.I),
    *_BESIDE_POSTCODE,
    re.compile(rf"(?<![\w£/.:-]){_NUMBER},? {_STREET}", re.I),
    re.compile(rf"\b{_UNIT} ?{_FIGURES}, ?{_NUMBER}(?=\s*(?:[,.]|$))", re.I),
)
# In words "number one" may be a manner of speaking, and "two" a number of things: only these are sure.
_ENDS = r"(?=\s*(?:$|[,.;!?]|(?:please|pls|thanks|ta|on|in|at|and|but)\b))"
_IN_WORDS = re.compile(rf"{_BEFORE} {_SAID}(?:{_ENDS}|,? (?={_STREET}))", re.I)
_BARE_IN_WORDS = re.compile(rf"(?<![\w'-]){_SAID},? (?={_STREET})", re.I)
_MOST_FIGURES = 4
_LEAST_IN_WORDS = 10  # of a number in words that nothing but a street's name tells from a number of things
# "2 bins on Bramhall Lane", "10 minutes along Hall Street": a number of things, not of a house.
_THINGS = re.compile(
    r"(?:bins?|bags?|cans?|box(?:es)?|caddy|caddies|days?|weeks?|months?|years?|hours?|minutes?|mins?|times?|people"
    r"|items?|sofas?|mattress(?:es)?|beds?|chairs?|wardrobes?|houses?|doors?|cars?|vans?|trees?|lamps?|lights?|signs?"
    r"|potholes?|drains?|mph|miles?|met(?:er|re)s?|yards?|f(?:oo|ee)?t|zone|ton|way|black|blue|brown|green|more|old"
    r"|different|am|pm|of|or|and|to|on|in|at|from)\b",
    re.I,
)
_MONEY = re.compile(
    r"(?<![\w.])£ ?(?P<pounds>\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.(?P<pence>\d\d))?(?![\d.]\d)"
    r"|(?<![\w.£])(?P<pounds2>\d{1,7})(?:\.(?P<pence2>\d\d))? ?(?:pounds?|quid)\b",
    re.I,
)


def find_house_numbers(text: str) -> list[Match]:
    """Numbers of houses and flats: "number 12", "flat 3b", the 12 of "12 Hillcrest Road", "forty two buxton road"."""
    found: list[Match] = []
    for form in (*_HOUSES, _IN_WORDS, _BARE_IN_WORDS):
        for typed in form.finditer(text):
            start, end = typed.span("number")
            is_taken = any(start < other.end and other.start < end for other in found)
            is_counted = form not in _BESIDE_POSTCODE and _THINGS.match(text[end:].lstrip(" ,"))
            value = _value(typed["number"], is_sure=form is not _BARE_IN_WORDS)
            if value and not is_taken and not is_counted:
                found.append(Match(value, start, start + len(typed["number"].rstrip())))
    return sorted(found, key=lambda match: match.start)


def _value(number: str, is_sure: bool) -> str | None:
    """A number as it stands on the door: "12A"."""
    if number[:1].isdigit():
        return number.replace(" ", "").upper()
    words, letter = (number[:-2], number[-1]) if number[-2:-1] == " " else (number, "")
    figures = parse_spoken(words)
    is_house = figures and len(figures) <= _MOST_FIGURES and (is_sure or int(figures) >= _LEAST_IN_WORDS)
    return f"{figures}{letter.upper()}" if is_house else None


def find_money(text: str) -> list[Match]:
    """Sums in pounds, as a decimal of two places: "£35.50", "20 quid"."""
    found = []
    for typed in _MONEY.finditer(text):
        pounds, pence = typed["pounds"] or typed["pounds2"], typed["pence"] or typed["pence2"] or "00"
        amount = Decimal(f"{pounds.replace(',', '')}.{pence}")
        found.append(Match(str(amount), typed.start(), typed.end()))
    return found
