"""References: of the promised shape, and a slip in one is noticed."""

from __future__ import annotations

import re

from actions.sandbox.references import SIGNS, fixed_reference, is_reference, new_reference


def test_new_references_have_their_shape_and_differ() -> None:
    made = {new_reference() for _ in range(200)}
    assert len(made) > 195
    assert all(re.fullmatch(r"SBX-[2-9B-DF-HJ-NP-TV-Z]{6}", each) and is_reference(each) for each in made)


def test_a_fixed_reference_is_fixed() -> None:
    assert fixed_reference("a", "b") == fixed_reference("a", "b") != fixed_reference("a", "c")


def test_every_wrong_sign_and_every_swap_of_neighbours_is_noticed() -> None:
    reference = fixed_reference("example")
    for place in range(4, 10):
        for sign in set(SIGNS) - {reference[place]}:
            assert not is_reference(reference[:place] + sign + reference[place + 1 :])
    for place in range(4, 9):
        left, right = reference[place : place + 2]
        if left != right:
            assert not is_reference(reference[:place] + right + left + reference[place + 2 :])
