"""Telephone numbers, British unless they say otherwise, by Google's libphonenumber (ITU-T E.164)."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher

from bot.text.match import Match
from bot.text.numbers import find_read_out

REGION = "GB"
LEAST_DIGITS = 9
_WITH_O = re.compile(r"(?<![^\W\d_])[\dO](?:[ .-]?[\dO]){8,}(?![^\W\d_])", re.IGNORECASE)
_TO_NOUGHT = str.maketrans("oO", "00")


def find_phones(text: str) -> list[Match]:
    """Every telephone number in the text, as it is written for people: ``07700 900123``.

    Numbers read out in words are found too ("oh one six one, double four ..."), and figures with the letter O in them.
    """
    figures = _WITH_O.sub(lambda typed: typed[0].translate(_TO_NOUGHT), text)
    found = _in_figures(figures)
    for said in find_read_out(figures, LEAST_DIGITS):
        is_new = not any(said.start < other.end and other.start < said.end for other in found)
        numbers = _in_figures(said.value) if is_new else []
        if len(numbers) == 1 and numbers[0].end - numbers[0].start == len(said.value):
            found.append(Match(numbers[0].value, said.start, said.end))
    return sorted(found, key=lambda match: match.start)


def parse_phone(text: str) -> str | None:
    """The one number of the text; None if there is none or more than one."""
    values = {match.value for match in find_phones(text)}
    return values.pop() if len(values) == 1 else None


def is_mobile(text: str) -> bool:
    """Whether the text is a number that can receive a text message."""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return False
    return _is_usable(number) and phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.FIXED_LINE


def _in_figures(text: str) -> list[Match]:
    if sum(character.isdigit() for character in text) < LEAST_DIGITS:  # the library's search is slow
        return []
    matches = PhoneNumberMatcher(text, REGION, leniency=phonenumbers.Leniency.POSSIBLE)
    return [Match(shown(m.number), m.start, m.end) for m in matches if _is_dialled(m.number, m.raw_string)]


def shown(number: PhoneNumber) -> str:
    """National form for a British number, international for any other."""
    style = PhoneNumberFormat.NATIONAL if number.country_code == 44 else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def _is_dialled(number: PhoneNumber, typed: str) -> bool:
    """British numbers begin with 0 or a country code; without one, any long reference would be a number."""
    return typed.lstrip(" (")[:1] in ("0", "+") and _is_usable(number)


def _is_usable(number: PhoneNumber) -> bool:
    if phonenumbers.is_valid_number(number):
        return True
    # Ofcom keeps 07700 900000 to 900999 for drama; the library does not count them, demonstrations need them.
    return number.country_code == 44 and str(number.national_number).startswith("7700900")
