"""The mathematics of the intent classifier, apart from Rasa so that it can be measured and tested alone.

A text is likened to every example by its words, by pieces of words (which forgive misspelling) and by the sentence's
embedding, in one Gaussian kernel; a label's score is a ridge regression on that likeness. One Cholesky factorisation
solves it, where logistic regression, which is as right on fewer examples, goes round hundreds of times, and as often
again for each fold that is held out. 14,000 examples take 0.8 GB while they are trained, twice as many four times that.

Probabilities, and the score below which it refuses, are set on examples held out without training anew: what the
model would say of an example that it had not seen follows from the factor. What it does not know is told by score =
probability x cosine to the nearest example of the predicted label, less what speaks for "out of scope".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from scipy.linalg.lapack import spotrf, spotrs, strtri
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from bot.nlu.terms import Terms

COMMON = 400  # terms that more examples have than this are multiplied as dense features, the rest as sparse ones
BLOCK = 1000  # rows of the kernel that are made at a time
RANKED = 20  # labels that a prediction names


@dataclass(frozen=True)
class Options:
    """What may be set; the defaults won cross-validation on council messages.

    ``components``: embeddings are turned to their principal axes and so many kept (of 384, with 91 % of the squares).
    It is as right, and half the memory that a prediction must read.
    ``held_out``: so many examples set the probabilities and the threshold, which refuses ``refuse_share`` of those
    among them that are not "out of scope".
    """

    ridge: float = 0.03
    narrowness: float = 1.0
    piece_weight: float = 1.4
    embedding_weight: float = 3.0
    outside_weight: float = 2.0
    components: int = 192
    held_out: int = 2000
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


def _gaussian(products: np.ndarray, options: Options) -> np.ndarray:
    """exp(-|a-b|^2) from the products of features; words, pieces and embedding are each of length one or nothing."""
    length = 1.0 + options.piece_weight**2 + options.embedding_weight**2
    return np.exp(options.narrowness * (products / length - 1.0))


def _principal_axes(vectors: np.ndarray, count: int) -> np.ndarray:
    """The directions, as columns, along which the vectors are largest; no mean is taken away, for cosines' sake."""
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(axes[:, ::-1][:, :count])


def _projected(vectors: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """The vectors' places on the axes, of length one again."""
    placed = vectors @ axes
    return placed / np.maximum(np.linalg.norm(placed, axis=1, keepdims=True), np.float32(1e-9))


def _kernel(features: csr_matrix, vectors: np.ndarray, options: Options) -> np.ndarray:
    """How like any two examples are; only the upper triangle is filled."""
    count = features.shape[0]
    is_common = np.bincount(features.indices, minlength=features.shape[1]) > COMMON
    dense = np.hstack([features[:, is_common].toarray(), vectors * np.float32(options.embedding_weight)])
    rare = features[:, ~is_common]
    turned = rare.T.tocsr()
    kernel = np.zeros((count, count), np.float32)
    for start in range(0, count, BLOCK):
        rows = slice(start, start + BLOCK)
        products = dense[rows] @ dense[start:].T + (rare[rows] @ turned)[:, start:].toarray()
        kernel[rows, start:] = _gaussian(products, options)
    return kernel


def _solve(kernel: np.ndarray, targets: np.ndarray, ridge: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The examples' weights, and the scores of the last ``count`` of them as if each had not been trained on.

    Without example i its scores are target_i - weights_i / inverse_ii (exactly, by the inverse's block form). The
    last places of the inverse of K + ridge need no more than the last corner of its factor.
    """
    kernel[np.diag_indices_from(kernel)] += ridge
    factor, failed_at = spotrf(kernel.T, lower=1, overwrite_a=1)
    if failed_at:
        raise ValueError("The examples are too much alike for single precision: use a larger ridge.")
    weights, _ = spotrs(factor, np.asfortranarray(targets), lower=1)
    corner, _ = strtri(factor[-count:, -count:], lower=1)
    return weights, targets[-count:] - weights[-count:] / (corner**2).sum(axis=0)[:, None]


class IntentModel:
    """A trained classifier."""

    def __init__(
        self,
        labels: list[str],
        terms: Terms,
        arrays: dict[str, np.ndarray],
        options: Options,
        calibration: Calibration,
    ) -> None:
        """Put the parts together; ``fit`` and ``load`` make them."""
        self.labels = labels
        self.options = options
        self.calibration = calibration
        self._is_outside = np.array(labels) == options.out_of_scope
        self._terms = terms
        self._arrays = arrays
        # A row for each term: the examples that have it.
        parts = (arrays["values"], arrays["examples"], arrays["starts"])
        self._postings = csr_matrix(parts, shape=(len(arrays["starts"]) - 1, len(arrays["numbers"])))

    @classmethod
    def fit(cls, texts: list[str], names: list[str], vectors: np.ndarray, options: Options) -> IntentModel:
        """Train on texts with their labels' names and embeddings; at least one example."""
        # Each once, and shuffled always alike, so that moving examples about in a file changes nothing.
        once = {(name, text): index for index, (name, text) in enumerate(zip(names, texts, strict=True))}
        order = [once[pair] for pair in sorted(once, key=_digest)]
        texts, vectors = [texts[index] for index in order], vectors[order].astype(np.float32)
        axes = _principal_axes(vectors, options.components)
        vectors = _projected(vectors, axes)
        labels = sorted(set(names))
        numbers = np.array([labels.index(names[index]) for index in order])
        terms = Terms.fit(texts, (1.0, options.piece_weight))
        features = terms.matrix(texts)
        targets = np.eye(len(labels), dtype=np.float32)[numbers]
        sizes = np.bincount(numbers)[numbers]
        # Half way to balanced, so that a query with few examples is not drowned by one with many.
        ridge = options.ridge * np.sqrt(sizes * len(labels) / len(texts))
        count = min(options.held_out, len(texts))
        weights, held_out = _solve(_kernel(features, vectors, options), targets, ridge, count)
        postings = features.T.tocsr()
        # A column for each example: products with one text are quickest so.
        arrays = {"axes": axes, "vectors": np.ascontiguousarray(vectors.T), "numbers": numbers}
        arrays["weights"] = np.ascontiguousarray(weights)
        arrays |= {"values": postings.data, "examples": postings.indices, "starts": postings.indptr}
        model = cls(labels, terms, arrays, options, Calibration())
        # An example whose label has no other cannot be judged.
        judged = sizes[-count:] > 1
        if judged.any():
            places = np.arange(len(texts) - count, len(texts))[judged]
            model.calibration = model._calibrated(held_out[judged], places)
        return model

    def _calibrated(self, scores: np.ndarray, places: np.ndarray) -> Calibration:
        """Probabilities and threshold by the scores of examples (at these places) that were held out."""
        vectors, numbers = self._arrays["vectors"], self._arrays["numbers"]
        calibration = _most_likely(scores, numbers[places])
        cosines = vectors[:, places].T @ vectors
        cosines[np.arange(len(places)), places] = -1.0
        believable = self._believable(scores, _chances(scores, calibration), cosines)
        believable = believable[~self._is_outside[numbers[places]]]
        threshold = float(np.quantile(believable, self.options.refuse_share)) if len(believable) else 0.0
        return replace(calibration, threshold=threshold)

    def _believable(self, scores: np.ndarray, chances: np.ndarray, cosines: np.ndarray) -> np.ndarray:
        """How far the best meaning that is in scope is to be believed, from 0 to 1, for each text (row)."""
        is_outside = self._is_outside
        if is_outside.all():
            return np.zeros(len(scores))
        known = np.where(is_outside, -1.0, chances)
        is_near = self._arrays["numbers"] == known.argmax(axis=1)[:, None]
        nearest = np.where(is_near, cosines, 0.0).max(axis=1)
        against = self.options.outside_weight * np.maximum(scores, 0.0) @ is_outside
        return np.maximum(known.max(axis=1) * nearest - against, 0.0)

    def predict(self, texts: Sequence[str], vectors: np.ndarray) -> list[Prediction]:
        """What each text, with its embedding in the same row, means; what is read of memory is read once for all."""
        arrays, options = self._arrays, self.options
        cosines = _projected(vectors, arrays["axes"]) @ arrays["vectors"]
        products = options.embedding_weight**2 * cosines
        for row, text in zip(products, texts, strict=True):
            places, strengths = self._terms.of(text)
            row += self._postings[places].T @ strengths
        scores = _gaussian(products, options) @ arrays["weights"]
        chances = _chances(scores, self.calibration)
        believable = self._believable(scores, chances, cosines)
        return [self._prediction(*row) for row in zip(chances, believable.tolist(), strict=True)]

    def _prediction(self, chances: np.ndarray, score: float) -> Prediction:
        order = np.argsort(-chances, kind="stable")[: RANKED + 1].tolist()
        is_outside = self.labels[order[0]] == self.options.out_of_scope
        order = [index for index in order if self.labels[index] != self.options.out_of_scope] or order
        refused = is_outside or score < self.calibration.threshold
        return Prediction(tuple((self.labels[i], float(chances[i])) for i in order[:RANKED]), score, refused)

    def save(self, folder: Path) -> None:
        """Write the model as JSON and plain arrays: nothing in it can run when it is read."""
        np.savez(folder / "intents.npz", **self._arrays, rarities=self._terms.rarities)
        described = {
            "labels": self.labels,
            "options": asdict(self.options),
            "calibration": asdict(self.calibration),
            "terms": self._terms.known,
        }
        (folder / "intents.json").write_text(json.dumps(described), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read a saved model."""
        described = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        with np.load(folder / "intents.npz", allow_pickle=False) as file:
            arrays = dict(file)
        options, calibration = Options(**described["options"]), Calibration(**described["calibration"])
        terms = Terms(described["terms"], arrays.pop("rarities"), (1.0, options.piece_weight))
        return cls(described["labels"], terms, arrays, options, calibration)


def _digest(pair: tuple[str, str]) -> bytes:
    return hashlib.sha1("\0".join(pair).encode()).digest()


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
