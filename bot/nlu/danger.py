"""Danger in a message: in the whole of it, or in one of its parts, which a request beside it would hide.

"I want to end it all, what is my council tax" is as a whole most like a question about council tax. So each part that
may stand alone is looked at too (bot/nlu/clauses.py), by a somewhat higher threshold: a part lacks the words around
it that may make it harmless.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bot.nlu.clauses import clauses
from bot.nlu.danger_model import DangerModel
from bot.nlu.signals import SafetySignals

MARGIN = 0.3  # how much more danger a part must hold than a whole message


def find(
    text: str, vector: np.ndarray, model: DangerModel, signals: SafetySignals, embed: Callable[[list[str]], np.ndarray]
) -> str | None:
    """The kind of danger in a text with this embedding, or None."""
    # Nobody spells words out letter by letter by chance, and no classifier reads them.
    if kind := signals.spelled_out(text):
        return kind
    (whole,) = model.find([text], vector[np.newaxis], signals.find)
    parts = [] if whole else clauses(text)
    if len(parts) < 2:
        return whole
    return next(filter(None, model.find(parts, embed(parts), signals.find, MARGIN)), None)
