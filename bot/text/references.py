"""References of reports and bookings, like SBX-7K3M9P: a case system's letters, a dash, six letters and digits."""

from __future__ import annotations

import hashlib
import re

from bot.text.match import Match

_REFERENCE = re.compile(r"(?<![A-Z0-9-])([A-Z]{2,4})(-| - | )?([A-Z0-9]{6})(?![A-Z0-9-])")


def find_references(text: str) -> list[Match]:
    """Every reference in the text, in capitals with its dash."""
    found = []
    for typed in _REFERENCE.finditer(text.upper()) if len(text.upper()) == len(text) else ():
        letters, dash, rest = typed.groups()
        # Without a dash only figures among the letters tell a reference from two words, or a number from a name.
        mixed = any(c.isdigit() for c in rest) and (dash not in (None, " ") or any(c.isalpha() for c in rest))
        if mixed and (dash not in (None, " ") or sum(c.isdigit() for c in rest) >= 2):
            found.append(Match(f"{letters}-{rest}", typed.start(), typed.end()))
    return found


def parse_reference(text: str) -> str | None:
    """The one reference of the text, or None."""
    values = {match.value for match in find_references(text)}
    return values.pop() if len(values) == 1 else None


# No vowels and nothing that looks like something else, so that a reference is never a word and can be read aloud.
_ALPHABET = "3479CDFGHJKLMNPQRTVWXY"


def make_reference(letters: str, seed: str) -> str:
    """A reference made from ``seed``: the same seed gives the same one, different seeds almost surely others."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    body = ""
    for _ in range(6):
        number, place = divmod(number, len(_ALPHABET))
        body += _ALPHABET[place]
    return f"{letters}-{body}" if any(c.isdigit() for c in body) else f"{letters}-{body[:5]}7"
