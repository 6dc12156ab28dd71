"""The regression's mathematics: what it says of held-out examples, and its products in blocks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import random as random_matrix

from bot.nlu.kernel import KernelOptions, KernelRidge, _added, _kernel, _solve
from bot.nlu.minilm import embed
from bot.nlu.terms import Terms
from tests.bot.nlu.test_intent_model import EXAMPLES


def test_held_out_is_what_a_model_trained_without_the_example_says() -> None:
    texts = [text for name in EXAMPLES for text in EXAMPLES[name]]
    names = [name for name in EXAMPLES for _ in EXAMPLES[name]]
    targets = np.array([[name == label for label in EXAMPLES] for name in names], np.float32)
    features, vectors = Terms.fit(texts, (1.0, 1.4))[1], embed([*texts, "pad"])[:-1]
    ridge = np.linspace(0.02, 0.2, len(texts)).astype(np.float32)
    upper = _kernel(features, vectors, KernelOptions())
    _, held_out = _solve(upper.copy(), targets, ridge, 5)
    whole = np.triu(upper) + np.triu(upper, 1).T
    for place in range(-5, 0):
        rest = np.delete(np.arange(len(texts)), place)
        weights = np.linalg.solve(whole[np.ix_(rest, rest)] + np.diag(ridge[rest]), targets[rest])
        assert held_out[place] == pytest.approx(whole[place, rest] @ weights, abs=2e-3)


def test_likeness_is_made_in_blocks_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for name in EXAMPLES for text in EXAMPLES[name]]
    features, vectors = Terms.fit(texts, (1.0, 1.4))[1], embed([*texts, "pad"])[:-1]
    once = _kernel(features, vectors, KernelOptions())
    monkeypatch.setattr("bot.nlu.kernel.BLOCK", 7)
    assert np.triu(_kernel(features, vectors, KernelOptions())) == pytest.approx(np.triu(once), abs=1e-5)


def test_labels_far_from_a_text_are_not_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for name in EXAMPLES for text in EXAMPLES[name]]
    names = [name for name in EXAMPLES for _ in EXAMPLES[name]]
    vectors = embed([*texts, "pad"])[:-1]
    ridge, _ = KernelRidge.fit(texts, names, vectors, KernelOptions())
    every, cosines = ridge.scores(texts, vectors)
    assert cosines.shape == (len(texts), len(texts)) and (every != 0).all()
    monkeypatch.setattr("bot.nlu.kernel.NEAREST", 2)
    nearest, _ = ridge.scores(texts, vectors)
    assert ((nearest != 0).sum(axis=1) == 2).all()
    assert nearest.argmax(axis=1) == pytest.approx(every.argmax(axis=1))
    assert np.where(nearest, every, 0) == pytest.approx(nearest, abs=1e-5)


@pytest.mark.parametrize("count", [0, 1, 40])
def test_rows_are_added_as_scipy_adds_them(count: int) -> None:
    rows = random_matrix(500, 300, 0.05, format="csr", dtype=np.float32, random_state=1)
    chance = np.random.default_rng(1)
    places, strengths = chance.permutation(500)[:count], chance.random(count, np.float32)
    assert _added(rows, places, strengths) == pytest.approx(rows[places].T @ strengths, abs=1e-5)
