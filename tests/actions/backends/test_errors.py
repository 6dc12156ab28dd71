"""The tree of errors: an action that catches a parent catches its children."""

from __future__ import annotations

import pytest

from actions.backends import errors


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        (errors.BackendUnavailable, errors.BackendError),
        (errors.BackendNonsense, errors.BackendError),
        (errors.BackendRejected, errors.BackendError),
        (errors.NotFound, errors.BackendRejected),
        (errors.SlotTaken, errors.BackendRejected),
    ],
)
def test_the_tree(child: type[Exception], parent: type[Exception]) -> None:
    assert issubclass(child, parent)


def test_a_refusal_says_whose_it_is() -> None:
    refusal = errors.NotFound("waste", "unknown_uprn", "No such property.")
    assert (refusal.backend, refusal.code, refusal.description) == (
        "waste",
        "unknown_uprn",
        "No such property.",
    )
    assert "No such property." not in str(refusal)
