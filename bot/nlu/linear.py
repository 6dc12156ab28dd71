"""The mathematics of the intent classifier, apart from Rasa so that it can be measured and tested alone.

Words, pieces of words (which forgive misspelling) and the sentence's embedding go side by side into one
multinomial logistic regression. There are far fewer examples than features, so it is solved among the examples:
with K = X X' = L L' a regression on L has the same answer as one on X (representer theorem) in much less time.

What it does not know is told by score = probability x cosine to the nearest example of the predicted label. The
probabilities (temperature scaling, Guo et al. 2017) and the score below which it refuses are set on examples
held out of training.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack, spmatrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

WORDS = {"ngram_range": (1, 2), "token_pattern": r"\w+"}
PIECES = {"analyzer": "char_wb", "ngram_range": (2, 5)}


@dataclass(frozen=True)
class Options:
    """What may be set; the defaults won cross-validation on council messages."""

    regularisation: float = 20.0
    piece_weight: float = 1.4
    embedding_weight: float = 1.5
    folds: int = 5
    refuse_share: float = 0.03
    out_of_scope: str = ""


@dataclass(frozen=True)
class Prediction:
    """Labels with their probabilities, best first, and whether the best one is to be believed.

    What is out of scope is no meaning to offer anybody, so it is not among them: it only refuses.
    """

    ranking: tuple[tuple[str, float], ...]
    score: float
    refused: bool


def _vectorizer(settings: dict, vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        **settings, sublinear_tf=True, strip_accents="unicode", dtype=np.float32, vocabulary=vocabulary
    )


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _solve(kernel: np.ndarray, labels: np.ndarray, classes: int, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Weights of the examples (one row each) and intercepts; a label without examples is never predicted."""
    present = np.unique(labels)
    weights, intercept = np.zeros((len(labels), classes)), np.full(classes, -1e3)
    if len(present) == 1:
        intercept[present] = 0.0
        return weights, intercept
    # The little on the diagonal keeps two equal examples from making the matrix singular.
    lower = cholesky(kernel + 1e-3 * np.eye(len(labels)), lower=True)
    # Balanced, so that a query with few examples is not drowned by one with many.
    model = LogisticRegression(
        C=strength, multi_class="multinomial", class_weight="balanced", tol=1e-2, max_iter=100
    ).fit(lower.astype(np.float32), labels)
    # Of two classes scikit-learn keeps one row, for the second; the first is its opposite.
    coefficients = np.vstack([-model.coef_, model.coef_]) if len(present) == 2 else model.coef_
    constants = [-model.intercept_[0], model.intercept_[0]] if len(present) == 2 else model.intercept_
    weights[:, present] = solve_triangular(lower.T, coefficients.T.astype(np.float64), lower=False)
    intercept[present] = constants
    return weights, intercept


def _folds(texts: list[str], labels: np.ndarray, count: int) -> np.ndarray:
    """A fold for each example, every label spread evenly; by the text's hash, so the same whatever the order."""
    folds = np.zeros(len(texts), int)
    for label in np.unique(labels):
        members = sorted(np.flatnonzero(labels == label), key=lambda i: hashlib.sha1(texts[i].encode()).digest())
        # Starting at another fold for each label keeps the folds of many small labels equal.
        folds[members] = (np.arange(len(members)) + label) % count
    return folds


class IntentModel:
    """A trained classifier."""

    def __init__(
        self,
        labels: list[str],
        vectorizers: list[TfidfVectorizer],
        arrays: dict[str, np.ndarray],
        options: Options,
        sharpness: float = 1.0,
        threshold: float = 0.0,
    ) -> None:
        """Put the parts together; ``fit`` and ``load`` make them."""
        self.labels = labels
        self.options = options
        self.sharpness = sharpness
        self.threshold = threshold
        self._vectorizers = vectorizers
        self._arrays = arrays

    @classmethod
    def fit(cls, texts: list[str], names: list[str], vectors: np.ndarray, options: Options) -> IntentModel:
        """Train on texts with their labels' names and embeddings; at least one example."""
        # In a fixed order, so that moving examples about in a file changes nothing.
        order = sorted(range(len(texts)), key=lambda index: (names[index], texts[index]))
        texts, vectors = [texts[index] for index in order], vectors[order].astype(np.float32)
        labels = sorted(set(names))
        numbers = np.array([labels.index(names[index]) for index in order])
        vectorizers = [_vectorizer(WORDS), _vectorizer(PIECES)]
        for vectorizer in vectorizers:
            # Not fit(texts): that refuses texts without a single word, such as "?".
            vectorizer.fit([*texts, "aa"])
        arrays = {"vectors": vectors, "numbers": numbers}
        model = cls(labels, vectorizers, arrays, options)
        features = model._features(texts, vectors)
        kernel = (features @ features.T).toarray().astype(np.float64)
        model._calibrate(texts, kernel)
        weights, intercept = _solve(kernel, numbers, len(labels), options.regularisation)
        arrays["weights"] = np.asarray(features.T @ weights, np.float32)
        arrays["intercept"] = intercept.astype(np.float32)
        return model

    def _features(self, texts: list[str], vectors: np.ndarray) -> spmatrix:
        words, pieces = (vectorizer.transform(texts) for vectorizer in self._vectorizers)
        dense = csr_matrix(vectors * self.options.embedding_weight)
        return hstack([words, pieces * self.options.piece_weight, dense]).tocsr()

    def _calibrate(self, texts: list[str], kernel: np.ndarray) -> None:
        """Set the probabilities' sharpness and the threshold on examples that the fold's model has not seen."""
        vectors, numbers = self._arrays["vectors"], self._arrays["numbers"]
        folds = _folds(texts, numbers, self.options.folds)
        logits, cosines = np.full((len(texts), len(self.labels)), np.nan), np.zeros(len(texts))
        for fold in np.unique(folds):
            seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            # An example whose label has no other cannot be judged.
            unseen = unseen[np.isin(numbers[unseen], numbers[seen])]
            if not len(unseen):
                continue
            weights, intercept = _solve(
                kernel[np.ix_(seen, seen)], numbers[seen], len(self.labels), self.options.regularisation
            )
            logits[unseen] = kernel[np.ix_(unseen, seen)] @ weights + intercept
            best = self._in_scope(logits[unseen]).argmax(axis=1)
            same = numbers[seen][None, :] == best[:, None]
            cosines[unseen] = np.where(same, vectors[unseen] @ vectors[seen].T, -1.0).max(axis=1)
        judged = ~np.isnan(logits).any(axis=1)
        if judged.any():
            self.sharpness = _sharpness(logits[judged], numbers[judged])
            self._set_threshold(logits[judged], cosines[judged], numbers[judged])

    def _set_threshold(self, logits: np.ndarray, cosines: np.ndarray, numbers: np.ndarray) -> None:
        scores = self._in_scope(_softmax(logits * self.sharpness)).max(axis=1) * np.maximum(cosines, 0.0)
        if self.options.out_of_scope in self.labels:
            scores = scores[numbers != self.labels.index(self.options.out_of_scope)]
        if len(scores):
            self.threshold = float(np.quantile(scores, self.options.refuse_share))

    def _in_scope(self, values: np.ndarray) -> np.ndarray:
        """The values of labels (columns), with that of "out of scope" too low ever to be the best."""
        names = np.array(self.labels) == self.options.out_of_scope
        return values if names.all() else np.where(names[None, :], -np.inf, values)

    def predict(self, text: str, vector: np.ndarray) -> Prediction:
        """What one text means."""
        arrays, options = self._arrays, self.options
        words, pieces = (vectorizer.transform([text]) for vectorizer in self._vectorizers)
        weights, first = arrays["weights"], words.shape[1]
        logits = arrays["intercept"] + words.data @ weights[words.indices]
        logits += options.piece_weight * (pieces.data @ weights[first + pieces.indices])
        logits += options.embedding_weight * (vector @ weights[first + pieces.shape[1] :])
        chances = _softmax(logits[None, :] * self.sharpness)[0]
        order = [int(index) for index in np.argsort(-chances, kind="stable")]
        is_outside = self.labels[order[0]] == options.out_of_scope
        order = [index for index in order if self.labels[index] != options.out_of_scope] or order
        nearest = (arrays["vectors"][arrays["numbers"] == order[0]] @ vector).max()
        score = float(chances[order[0]] * max(nearest, 0.0))
        refused = is_outside or score < self.threshold
        return Prediction(tuple((self.labels[i], float(chances[i])) for i in order), score, refused)

    def save(self, folder: Path) -> None:
        """Write the model as JSON and plain arrays: nothing in it can run when it is read."""
        np.savez(folder / "intents.npz", **self._arrays, **{f"idf{i}": v.idf_ for i, v in self._numbered()})
        described = {
            "labels": self.labels,
            "options": asdict(self.options),
            "sharpness": self.sharpness,
            "threshold": self.threshold,
            "vocabularies": [sorted(v.vocabulary_, key=v.vocabulary_.__getitem__) for v in self._vectorizers],
        }
        (folder / "intents.json").write_text(json.dumps(described), encoding="utf-8")

    def _numbered(self) -> list[tuple[int, TfidfVectorizer]]:
        return list(enumerate(self._vectorizers))

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read a saved model."""
        described = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        with np.load(folder / "intents.npz", allow_pickle=False) as file:
            arrays = dict(file)
        vectorizers = []
        for number, (settings, terms) in enumerate(zip((WORDS, PIECES), described["vocabularies"], strict=True)):
            vectorizer = _vectorizer(settings, {term: index for index, term in enumerate(terms)})
            vectorizer.idf_ = arrays.pop(f"idf{number}")
            vectorizers.append(vectorizer)
        options = Options(**described["options"])
        sharpness, threshold = described["sharpness"], described["threshold"]
        return cls(described["labels"], vectorizers, arrays, options, sharpness, threshold)


def _sharpness(logits: np.ndarray, numbers: np.ndarray) -> float:
    """The factor on the logits that makes the held-out labels most likely; between a tenth and ten."""

    def surprise(power: float) -> float:
        chances = _softmax(logits * np.exp(power))
        return float(-np.log(chances[np.arange(len(numbers)), numbers] + 1e-9).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(np.log(0.1), np.log(10)), method="bounded").x))
