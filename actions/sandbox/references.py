"""References that people can read out: "SBX-7K3M9P", no vowels (no words), no 0 or 1, the last sign a check.

29 signs are left, a prime number, so the weighted sum finds every single wrong sign and every swap of two.
"""

from __future__ import annotations

import hashlib
import secrets

SIGNS = "23456789BCDFGHJKLMNPQRSTVWXYZ"
_LENGTH = 5


def _check(signs: str) -> str:
    weighted = sum(weight * SIGNS.index(sign) for weight, sign in enumerate(signs, start=2))
    return SIGNS[weighted % len(SIGNS)]


def _reference(number: int) -> str:
    signs = ""
    for _ in range(_LENGTH):
        number, index = divmod(number, len(SIGNS))
        signs += SIGNS[index]
    return f"SBX-{signs}{_check(signs)}"


def new_reference() -> str:
    """A reference that nobody can guess from another."""
    return _reference(secrets.randbelow(len(SIGNS) ** _LENGTH))


def fixed_reference(*parts: str) -> str:
    """The same reference whenever it is made from the same parts."""
    digest = hashlib.sha256("|".join(parts).encode()).digest()
    return _reference(int.from_bytes(digest[:8], "big"))


def is_reference(text: str) -> bool:
    """Whether the text is a reference without a slip in it."""
    prefix, _, signs = text.partition("-")
    if prefix != "SBX" or len(signs) != _LENGTH + 1 or not set(signs) <= set(SIGNS):
        return False
    return _check(signs[:-1]) == signs[-1]
