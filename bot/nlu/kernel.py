"""Kernel ridge regression on sentences, apart from Rasa so that it can be measured and tested alone.

A text is likened to every example by its words, by pieces of words (which forgive misspelling) and by the sentence's
embedding, in one Gaussian kernel; a label's score is a ridge regression on that likeness. One Cholesky factorisation
solves it, where logistic regression, which is as right on fewer examples, goes round hundreds of times, and as often
again for each fold that is held out. What the model would say of an example that it had not seen follows from the
factor as well. 14,000 examples take 0.8 GB while they are trained, twice as many four times that.

The queries (bot.nlu.intent_model) and danger (bot.nlu.danger_model) are both told by it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.linalg.lapack import spotrf, spotrs, strtri
from scipy.sparse import _sparsetools, csr_matrix

from bot.nlu.terms import Terms

BLOCK = 500  # rows of the kernel that are made at a time
NEAREST = 48  # labels that a text gets scores for: those with the examples that it is most like


@dataclass(frozen=True)
class KernelOptions:
    """What may be set; the defaults won cross-validation on council messages.

    ``components``: embeddings are turned to their principal axes and so many kept (of 384, with 91 % of the squares).
    It is as right, and half the memory that a prediction must read; with 128 it refuses less well. ``held_out``: of so
    many examples ``fit`` says what it would have scored without them. ``most_common``: pieces of words that stand in
    more examples are left out; they hardly tell anything apart, and half of a prediction's time would go to them.
    """

    ridge: float = 0.03
    narrowness: float = 1.0
    piece_weight: float = 1.4
    embedding_weight: float = 3.0
    components: int = 192
    held_out: int = 2000
    most_common: int = 1000


@dataclass(frozen=True)
class HeldOut:
    """Examples (their numbers) and the scores that they would have had, had they not been trained on.

    An example whose label has no other cannot be judged and is not among them.
    """

    examples: np.ndarray
    scores: np.ndarray


def _principal_axes(vectors: np.ndarray, count: int) -> np.ndarray:
    """The directions, as columns, along which the vectors are largest; no mean is taken away, for cosines' sake."""
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(axes[:, ::-1][:, :count])


def _projected(vectors: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """The vectors' places on the axes, of length one again."""
    placed = vectors @ axes
    return placed / np.maximum(np.linalg.norm(placed, axis=1, keepdims=True), np.float32(1e-9))


def _added(rows: csr_matrix, places: np.ndarray, strengths: np.ndarray) -> np.ndarray:
    """The sum of some rows, each as often as its strength says.

    As ``rows[places].T @ strengths``, which copies the rows first and so takes three times as long. Here scipy's loop
    over columns is told where they begin and end in ``rows`` themselves; from the last row to the first, so that
    between one and the next it finds nothing to do.
    """
    order = np.argsort(-places)
    bounds = np.stack([rows.indptr[places[order]], rows.indptr[places[order] + 1]], axis=1).ravel()
    factors = np.zeros(max(len(bounds) - 1, 0), np.float32)
    factors[::2] = strengths[order]
    total = np.zeros(rows.shape[1], np.float32)
    _sparsetools.csc_matvec(len(total), len(factors), bounds, rows.indices, rows.data, factors, total)
    return total


def _gaussian(products: np.ndarray, options: KernelOptions) -> np.ndarray:
    """exp(-|a-b|^2) from the products of features; words, pieces and embedding are each of length one or nothing."""
    length = 1.0 + options.piece_weight**2 + options.embedding_weight**2
    return np.exp(options.narrowness * (products / length - 1.0))


def _kernel(features: csr_matrix, vectors: np.ndarray, options: KernelOptions) -> np.ndarray:
    """How like any two examples are; only the upper triangle is filled."""
    count = features.shape[0]
    dense, turned = vectors * np.float32(options.embedding_weight), features.T.tocsr()
    kernel = np.zeros((count, count), np.float32)
    for start in range(0, count, BLOCK):
        rows = slice(start, start + BLOCK)
        products = dense[rows] @ dense[start:].T + (features[rows] @ turned)[:, start:].toarray()
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


class KernelRidge:
    """A trained regression: ``labels``, and of each example the ``numbers`` of its label, label by label."""

    def __init__(self, labels: list[str], terms: Terms, arrays: dict[str, np.ndarray], options: KernelOptions) -> None:
        """Put the parts together; ``fit`` and ``load`` make them."""
        self.labels = labels
        self.numbers = arrays["numbers"]
        self._options = options
        self._terms = terms
        self._arrays = arrays
        self._bounds = np.searchsorted(self.numbers, np.arange(len(labels) + 1))
        # A row for each term: the examples that have it.
        parts = (arrays["values"], arrays["examples"], arrays["starts"])
        self._postings = csr_matrix(parts, shape=(len(arrays["starts"]) - 1, len(arrays["numbers"])))

    @classmethod
    def fit(
        cls, texts: Sequence[str], names: Sequence[str], vectors: np.ndarray, options: KernelOptions
    ) -> tuple[KernelRidge, HeldOut]:
        """Train on texts with their labels' names and embeddings; at least one example."""
        # Each once, and shuffled always alike, so that moving examples about in a file changes nothing.
        once = {(name, text): index for index, (name, text) in enumerate(zip(names, texts, strict=True))}
        order = [once[pair] for pair in sorted(once, key=_digest)]
        texts, vectors = [texts[index] for index in order], vectors[order].astype(np.float32)
        axes = _principal_axes(vectors, options.components)
        vectors = _projected(vectors, axes)
        labels = sorted(set(names))
        places = {label: number for number, label in enumerate(labels)}
        numbers = np.array([places[names[index]] for index in order])
        terms, features = Terms.fit(texts, (1.0, options.piece_weight), options.most_common)
        targets = np.eye(len(labels), dtype=np.float32)[numbers]
        sizes = np.bincount(numbers)[numbers]
        # Half way to balanced, so that a label with few examples is not drowned by one with many.
        ridge = options.ridge * np.sqrt(sizes * len(labels) / len(texts))
        count = min(options.held_out, len(texts))
        weights, scores = _solve(_kernel(features, vectors, options), targets, ridge, count)
        by_label = np.argsort(numbers, kind="stable")
        postings = features[by_label].T.tocsr()
        # A column for each example: products with one text are quickest so.
        arrays = {"axes": axes, "vectors": np.ascontiguousarray(vectors[by_label].T), "numbers": numbers[by_label]}
        arrays["weights"] = np.ascontiguousarray(weights[by_label].T)
        arrays |= {"values": postings.data, "examples": postings.indices, "starts": postings.indptr}
        judged = np.arange(len(texts) - count, len(texts))[sizes[-count:] > 1]
        held_out = HeldOut(np.argsort(by_label)[judged], scores[judged - len(texts) + count])
        return cls(labels, terms, arrays, options), held_out

    def scores(self, texts: Sequence[str], vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Each text's scores by label, and its cosines to the examples; ``vectors`` holds its embedding in its row.

        Labels that are not among the NEAREST get nought, which is near what they would get: their weights, most of
        the model, need not be read.
        """
        cosines = _projected(vectors, self._arrays["axes"]) @ self._arrays["vectors"]
        products = self._options.embedding_weight**2 * cosines
        scores = np.zeros((len(texts), len(self.labels)), np.float32)
        for text, likeness, row in zip(texts, products, scores, strict=True):
            places, strengths = self._terms.of(text)
            likeness = _gaussian(likeness + _added(self._postings, places, strengths), self._options)
            for label in self._nearest(likeness):
                row[label] = self._arrays["weights"][label] @ likeness
        return scores, cosines

    def _nearest(self, likeness: np.ndarray) -> np.ndarray:
        """The labels of the likest examples."""
        best = np.maximum.reduceat(likeness, self._bounds[:-1])
        return np.argsort(-best)[:NEAREST]

    def nearest(self, labels: np.ndarray, cosines: np.ndarray) -> np.ndarray:
        """Of each row of cosines to all examples the largest to an example of the row's label."""
        parts = (row[slice(*self._bounds[label : label + 2])] for label, row in zip(labels, cosines, strict=True))
        return np.array([part.max() for part in parts])

    def cosines_between(self, examples: np.ndarray) -> np.ndarray:
        """The cosines of some examples to all, each row without the example itself."""
        vectors = self._arrays["vectors"]
        cosines = vectors[:, examples].T @ vectors
        cosines[np.arange(len(examples)), examples] = -1.0
        return cosines

    def save(self, folder: Path, name: str) -> None:
        """Write <name>.npz and <name>-terms.json: plain arrays and JSON, in which nothing can run when it is read."""
        np.savez(folder / f"{name}.npz", **self._arrays, rarities=self._terms.rarities)
        described = {"labels": self.labels, "terms": self._terms.known}
        (folder / f"{name}-terms.json").write_text(json.dumps(described), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str, options: KernelOptions) -> KernelRidge:
        """Read what was saved by this name; the options are those that it was trained with."""
        described = json.loads((folder / f"{name}-terms.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{name}.npz", allow_pickle=False) as file:
            arrays = dict(file)
        terms = Terms(described["terms"], arrays.pop("rarities"), (1.0, options.piece_weight))
        return cls(described["labels"], terms, arrays, options)


def _digest(pair: tuple[str, str]) -> bytes:
    return hashlib.sha1("\0".join(pair).encode()).digest()
