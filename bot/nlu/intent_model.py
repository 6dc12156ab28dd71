"""What a text asks, with honest probabilities and the right to say that it does not know; apart from Rasa.

Probabilities, and the score below which it refuses, are set on examples held out without training anew. What it
does not know is told by score = probability x cosine to the nearest example of the predicted label, less what speaks
for "out of scope".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from bot.nlu.kernel import HeldOut, KernelOptions, KernelRidge

RANKED = 20  # labels that a prediction names
# Examples are written to differ, so that each is less like the others than residents' sentences are like them: of these
# it is surer than of examples that were held out. Chosen on tests/sentences, not on held_back.yml.
SURER = 1.2
NAME = "intents"


@dataclass(frozen=True)
class Options(KernelOptions):
    """``refuse_share``: of the held-out examples that are not "out of scope", the threshold refuses so many."""

    outside_weight: float = 2.0
    refuse_share: float = 0.03
    out_of_scope: str = ""


@dataclass(frozen=True)
class Prediction:
    """The likeliest labels with their probabilities, best first, and whether the best one is to be believed.

    What is out of scope is no meaning to offer anybody, so it is not among them: it only refuses.
    """

    ranking: tuple[tuple[str, float], ...]
    score: float
    refused: bool


@dataclass(frozen=True)
class Calibration:
    """What was set on held-out examples: how scores become probabilities, and the score below which it refuses."""

    sharpness: float = 4.0
    floor: float = 0.05
    threshold: float = 0.0


def _chances(scores: np.ndarray, calibration: Calibration) -> np.ndarray:
    """Scores, which are rough probabilities that do not add up to one, as probabilities."""
    powers = (np.maximum(scores, 0.0) + calibration.floor) ** calibration.sharpness
    return powers / powers.sum(axis=-1, keepdims=True)


class IntentModel:
    """A trained classifier."""

    def __init__(self, ridge: KernelRidge, options: Options, calibration: Calibration) -> None:
        """Put the parts together; ``fit`` and ``load`` make them."""
        self.labels = ridge.labels
        self.options = options
        self.calibration = calibration
        self._ridge = ridge
        self._is_outside = np.array(ridge.labels) == options.out_of_scope

    @classmethod
    def fit(cls, texts: Sequence[str], names: Sequence[str], vectors: np.ndarray, options: Options) -> IntentModel:
        """Train on texts with their labels' names and embeddings; at least one example."""
        ridge, held_out = KernelRidge.fit(texts, names, vectors, options)
        model = cls(ridge, options, Calibration())
        if len(held_out.examples):
            model.calibration = model._calibrated(held_out)
        return model

    def _calibrated(self, held_out: HeldOut) -> Calibration:
        """Probabilities and threshold by the scores of examples that were held out."""
        numbers = self._ridge.numbers[held_out.examples]
        calibration = _most_likely(held_out.scores, numbers)
        cosines = self._ridge.cosines_between(held_out.examples)
        believable = self._believable(held_out.scores, _chances(held_out.scores, calibration), cosines)
        believable = believable[~self._is_outside[numbers]]
        threshold = float(np.quantile(believable, self.options.refuse_share)) if len(believable) else 0.0
        return replace(calibration, threshold=threshold)

    def _believable(self, scores: np.ndarray, chances: np.ndarray, cosines: np.ndarray) -> np.ndarray:
        """How far the best meaning that is in scope is to be believed, at most 1, for each text (row).

        It may be less than nought: what speaks for "out of scope" tells apart even texts that are not to be believed.
        """
        is_outside = self._is_outside
        if is_outside.all():
            return np.zeros(len(scores))
        known = np.where(is_outside, -1.0, chances)
        nearest = np.maximum(self._ridge.nearest(known.argmax(axis=1), cosines), 0.0)
        against = self.options.outside_weight * np.maximum(scores, 0.0) @ is_outside
        return np.asarray(known.max(axis=1) * nearest - against)

    def predict(self, texts: Sequence[str], vectors: np.ndarray) -> list[Prediction]:
        """What each text, with its embedding in the same row, means."""
        scores, cosines = self._ridge.scores(texts, vectors)
        believable = self._believable(scores, _chances(scores, self.calibration), cosines)
        chances = _chances(scores, replace(self.calibration, sharpness=self.calibration.sharpness * SURER))
        return [self._prediction(*row) for row in zip(chances, believable.tolist(), strict=True)]

    def _prediction(self, chances: np.ndarray, score: float) -> Prediction:
        order = np.argsort(-chances, kind="stable")[: RANKED + 1].tolist()
        is_outside = self.labels[order[0]] == self.options.out_of_scope
        order = [index for index in order if self.labels[index] != self.options.out_of_scope] or order
        refused = is_outside or score < self.calibration.threshold
        return Prediction(tuple((self.labels[i], float(chances[i])) for i in order[:RANKED]), score, refused)

    def save(self, folder: Path) -> None:
        """Write the model as JSON and plain arrays."""
        self._ridge.save(folder, NAME)
        described = {"options": asdict(self.options), "calibration": asdict(self.calibration)}
        (folder / f"{NAME}.json").write_text(json.dumps(described), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read a saved model."""
        described = json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))
        options, calibration = Options(**described["options"]), Calibration(**described["calibration"])
        return cls(KernelRidge.load(folder, NAME, options), options, calibration)


def _most_likely(scores: np.ndarray, numbers: np.ndarray) -> Calibration:
    """The calibration that makes the labels of held-out examples most likely."""

    def surprise(powers: np.ndarray) -> float:
        sharpness, floor = np.exp(powers)
        chances = _chances(scores, Calibration(sharpness, floor))
        return float(-np.log(chances[np.arange(len(numbers)), numbers] + 1e-9).mean())

    start = np.log([Calibration.sharpness, Calibration.floor])
    bounds = np.log([(0.5, 20.0), (0.01, 0.5)])
    sharpness, floor = np.exp(minimize(surprise, start, method="Nelder-Mead", bounds=bounds).x)
    return Calibration(float(sharpness), float(floor))
