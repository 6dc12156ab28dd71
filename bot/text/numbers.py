"""Numbers in words: how many bins, and digits read out one by one ("oh one six one, double four")."""

from __future__ import annotations

import re

from bot.text.match import Match

_SMALL = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"  # noqa: SIM905
        " sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),  # noqa: SIM905
        start=2,
    )
}
_PHRASES = {
    "none": 0,
    "no": 0,
    "a": 1,
    "an": 1,
    "single": 1,
    "a single": 1,
    "just the one": 1,
    "couple": 2,
    "a couple": 2,
    "a couple of": 2,
    "couple of": 2,
    "both": 2,
    "a pair": 2,
    "a pair of": 2,
    "half a dozen": 6,
    "dozen": 12,
    "a dozen": 12,
}
_DIGITS = {
    **{word: str(number) for word, number in _SMALL.items()},
    **{word: str(number) for word, number in _TENS.items()},
    "oh": "0",
    "o": "0",
    "nought": "0",
    "hundred": "00",
    "thousand": "000",
}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_FIGURES = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,9}")
_LETTER = re.compile("[a-z]", re.IGNORECASE)
_WORDS = "|".join(sorted({*_DIGITS, *_TIMES}, key=len, reverse=True))
# A number in words: "forty two", "a hundred and five", "double two", "one oh five". "O" alone begins none.
SPOKEN = rf"(?:a hundred|(?!o\b)(?:{_WORDS}))(?:[ -](?:and )?(?:{_WORDS})){{0,5}}"
# A long number as it is read out, in words and figures.
_READ_OUT = re.compile(rf"\b(?:{_WORDS}|\d+)(?:[ ,.-]{{1,3}}(?:{_WORDS}|\d+))+\b", re.IGNORECASE)


def parse_number(text: str) -> int | None:
    """The whole number that the text is ("2", "two", "twenty-one", "a couple"), or None."""
    words = text.lower().replace("-", " ").strip(" .!").removeprefix("just ").split()
    phrase = " ".join(words)
    if _FIGURES.fullmatch(phrase):
        return int(phrase.replace(",", ""))
    if phrase in _PHRASES:
        return _PHRASES[phrase]
    return _spelt([word for word in words if word != "and"])


def _spelt(words: list[str]) -> int | None:
    """One to 9,999 in words."""
    total = current = 0
    for word in words:
        if word in _SMALL and (current % 10 == 0 and (current % 100 == 0 or _SMALL[word] < 10)):
            current += _SMALL[word]
        elif word in _TENS and current % 100 == 0:
            current += _TENS[word]
        elif word == "hundred" and 0 < current < 10:
            current *= 100
        elif word == "thousand" and 0 < current < 10 and not total:
            total, current = current * 1000, 0
        elif word == "a" and not current:
            current = 1
        else:
            return None
    return total + current if words else None


def parse_digits(text: str) -> str | None:
    """Digits from figures and words mixed ("oh one six one double 4"), or None if anything else is in it.

    A hundred after a figure are two noughts ("seven hundred"); "twenty three" is 23.
    """
    digits, times, before = "", 1, ""
    for word in re.findall(r"[a-z]+|\d+|[^\s,.\-a-z\d]", text.lower()):
        if word in _TIMES and times == 1:
            times = _TIMES[word]
            continue
        figure = word if word.isdigit() else _DIGITS.get(word)
        if figure is None or (times > 1 and len(figure) != 1):
            return None
        if before in _TENS and 0 < _SMALL.get(word, 0) < 10:
            digits = digits[:-1]
        digits, times, before = digits + figure * times, 1, word
    return digits if digits and times == 1 else None


def find_read_out(text: str, least: int) -> list[Match]:
    """Numbers of at least so many digits that are read out, in words at least in part; their values are the digits."""
    found = []
    for typed in _READ_OUT.finditer(text):
        digits = parse_digits(typed[0]) if _LETTER.search(typed[0]) else None
        if digits and len(digits) >= least:
            found.append(Match(digits, typed.start(), typed.end()))
    return found


def parse_spoken(text: str) -> str | None:
    """The figures of a house number in words: "forty two" is 42, "double two" 22, "one oh five" 105; else None."""
    number = parse_number(text)
    return str(number) if number else parse_digits(text)
