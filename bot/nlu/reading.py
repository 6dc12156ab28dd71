"""What a whole message asks: its one request, the ask inside a long story, or two requests at once.

Apart from the classifier, which sees one text. A message is read part by part (bot.nlu.clauses) only where it can
be cut. Precision comes first: a second request that nobody made is a question too many, a missed one is asked again.
docs/understanding.md says how the numbers were chosen and what they give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from bot.nlu.clauses import clauses, points_back
from bot.nlu.kernel import IntentModel, Prediction

Embed = Callable[[list[str]], np.ndarray]

# A part stands for itself only when it is clearer than a message has to be: it lacks what was said around it.
SURE_CONFIDENCE = 0.9
SURE_SCORE = 0.58
# Two requests leave their marks on the whole message: both are among its first meanings, and likely ...
AMONG_FIRST = 3
MARK = 0.02
# ... or else both parts are beyond doubt.
CERTAIN = 0.98
# The whole message is not to be believed below this confidence; nor a story of so many parts where one of them
# scores so much better.
UNSURE = 0.5
STORY = 3
MUCH_CLEARER = 0.15


@dataclass(frozen=True)
class Reading:
    """The prediction to act on, and the second request's full name if there is one."""

    prediction: Prediction
    second: str | None = None


@dataclass(frozen=True)
class Part:
    """A clause that is sure to ask something of the council."""

    prediction: Prediction
    adds_detail: bool

    @property
    def name(self) -> str:
        return self.prediction.ranking[0][0]

    @property
    def confidence(self) -> float:
        return self.prediction.ranking[0][1]


def read(text: str, whole: Prediction, model: IntentModel, embed: Embed, not_requests: Iterable[str] = ()) -> Reading:
    """Read a message whose prediction as a whole is known; what is in ``not_requests`` never counts as a request."""
    pieces = clauses(text)
    if len(pieces) < 2:
        return Reading(whole)
    ignored = frozenset(not_requests)
    parts = []
    for piece, vector in zip(pieces, embed(pieces), strict=True):
        part = Part(model.predict(piece, vector), points_back(piece))
        if _is_sure(part) and not {part.name, part.name.split("/")[0]} & ignored:
            parts.append(part)
    return _two(whole, parts) or Reading(_clearer(whole, parts, is_story=len(pieces) >= STORY))


def _is_sure(part: Part) -> bool:
    prediction = part.prediction
    return part.confidence >= SURE_CONFIDENCE and prediction.score >= SURE_SCORE and not prediction.refused


def _two(whole: Prediction, parts: list[Part]) -> Reading | None:
    """The first two parts that ask different things, or None."""
    if not parts:
        return None
    first = parts[0]
    other = next((part for part in parts if part.name != first.name and not part.adds_detail), None)
    foremost = dict(whole.ranking[:AMONG_FIRST])
    if other is None or not {first.name, other.name} <= foremost.keys():
        return None
    is_marked = min(foremost[first.name], foremost[other.name]) >= MARK
    if is_marked or min(first.confidence, other.confidence) >= CERTAIN:
        return Reading(first.prediction, other.name)
    return None


def _clearer(whole: Prediction, parts: list[Part], is_story: bool) -> Prediction:
    """The message's meaning, or that of its surest part where the whole of it is not clear."""
    if not parts:
        return whole
    best = max(parts, key=lambda part: part.prediction.score).prediction
    is_doubtful = whole.refused or whole.ranking[0][1] < UNSURE
    is_clearer = is_story and best.score >= whole.score + MUCH_CLEARER
    return best if is_doubtful or is_clearer else whole
