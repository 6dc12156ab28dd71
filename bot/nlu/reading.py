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
from bot.nlu.intent_model import IntentModel, Prediction

Embed = Callable[[list[str]], np.ndarray]

# A part stands for itself only when it is clearer than a message has to be: it lacks what was said around it.
SURE_CONFIDENCE = 0.95
SURE_SCORE = 0.58
# Less will do for two parts that ask for the two first meanings of the whole message, both of them this likely.
LIKELY_CONFIDENCE = 0.8
LIKELY_SCORE = 0.4
PLAIN_MARK = 0.1
# Two requests leave their marks on the whole message: both are among its first meanings, and likely ...
AMONG_FIRST = 3
MARK = 0.02
# ... or else both parts are beyond doubt.
CERTAIN = 0.99
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
    """A clause that asks something of the council."""

    prediction: Prediction
    adds_detail: bool

    @property
    def name(self) -> str:
        return self.prediction.ranking[0][0]

    @property
    def confidence(self) -> float:
        return self.prediction.ranking[0][1]

    def is_at_least(self, confidence: float, score: float) -> bool:
        """Whether it is as clear as this."""
        return self.confidence >= confidence and self.prediction.score >= score and not self.prediction.refused


def read(text: str, whole: Prediction, model: IntentModel, embed: Embed, not_requests: Iterable[str] = ()) -> Reading:
    """Read a message whose prediction as a whole is known; what is in ``not_requests`` never counts as a request."""
    pieces = clauses(text)
    if len(pieces) < 2:
        return Reading(whole)
    ignored = frozenset(not_requests)
    parts = []
    for piece, prediction in zip(pieces, model.predict(pieces, embed(pieces)), strict=True):
        part = Part(prediction, points_back(piece))
        if part.is_at_least(LIKELY_CONFIDENCE, LIKELY_SCORE) and not {part.name, part.name.split("/")[0]} & ignored:
            parts.append(part)
    sure = [part for part in parts if part.is_at_least(SURE_CONFIDENCE, SURE_SCORE)]
    two = _two(whole, sure) or _two_first(whole, parts)
    return two or Reading(_clearer(whole, sure, is_story=len(pieces) >= STORY))


def _different(parts: list[Part]) -> tuple[Part, Part] | None:
    """The first two parts that ask different things, if any do."""
    others = (part for part in parts if part.name != parts[0].name and not part.adds_detail)
    return next(((parts[0], other) for other in others), None)


def _two(whole: Prediction, sure: list[Part]) -> Reading | None:
    """Two requests, when two parts are sure and the whole message shows it."""
    found = _different(sure)
    foremost = dict(whole.ranking[:AMONG_FIRST])
    if found is None or not {part.name for part in found} <= foremost.keys():
        return None
    is_marked = min(foremost[part.name] for part in found) >= MARK
    if is_marked or min(part.confidence for part in found) >= CERTAIN:
        return Reading(found[0].prediction, found[1].name)
    return None


def _two_first(whole: Prediction, likely: list[Part]) -> Reading | None:
    """Two requests, when two parts are likely and the whole message hardly means anything else."""
    found = _different(likely)
    foremost = {name for name, chance in whole.ranking[:2] if chance >= PLAIN_MARK}
    if found is None or not {part.name for part in found} <= foremost:
        return None
    return Reading(found[0].prediction, found[1].name)


def _clearer(whole: Prediction, parts: list[Part], is_story: bool) -> Prediction:
    """The message's meaning, or that of its surest part where the whole of it is not clear."""
    if not parts:
        return whole
    best = max(parts, key=lambda part: part.prediction.score).prediction
    is_doubtful = whole.refused or whole.ranking[0][1] < UNSURE
    is_clearer = is_story and best.score >= whole.score + MUCH_CLEARER
    return best if is_doubtful or is_clearer else whole
