"""What is worked out of lists of times and of counts. Pure; None where there is nothing to work it out of."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from math import ceil


def median(values: Sequence[float]) -> float | None:
    """The middle one; of an even number the mean of the middle two."""
    return statistics.median(values) if values else None


def ninetieth(values: Sequence[float]) -> float | None:
    """The smallest value that at least nine of ten are not above (nearest rank)."""
    return sorted(values)[ceil(len(values) * 9 / 10) - 1] if values else None


def share(part: float, whole: float) -> float | None:
    """The part of a whole, from 0 to 1."""
    return part / whole if whole else None
