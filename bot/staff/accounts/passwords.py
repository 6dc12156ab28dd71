"""What a new password must be like: long, since that is what makes it hard to guess (NIST SP 800-63B), and new."""

from __future__ import annotations

SHORTEST, LONGEST = 12, 256


def find_fault(new: str, again: str, is_old: bool) -> tuple[str, str] | None:
    """The field and the kind of what is wrong with a new password; None when it will do."""
    if len(new) < SHORTEST:
        return "new", "too_short"
    if len(new) > LONGEST:
        return "new", "too_long"
    if is_old:
        return "new", "same"
    return ("again", "differs") if new != again else None
