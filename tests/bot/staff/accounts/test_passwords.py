"""What a new password must be like."""

from __future__ import annotations

import pytest

from bot.staff.accounts.passwords import find_fault

GOOD = "twelve chars"


@pytest.mark.parametrize(
    ("new", "again", "is_old", "fault"),
    [
        (GOOD, GOOD, False, None),
        (GOOD[1:], GOOD[1:], False, ("new", "too_short")),
        ("x" * 257, "x" * 257, False, ("new", "too_long")),
        (GOOD, GOOD, True, ("new", "same")),
        (GOOD, "", False, ("again", "differs")),
    ],
)
def test_a_fault_names_its_field(new: str, again: str, is_old: bool, fault: tuple[str, str] | None) -> None:
    assert find_fault(new, again, is_old) == fault
