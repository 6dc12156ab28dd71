"""The regression's mathematics: what it says of held-out examples, and its products in blocks."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.kernel import KernelOptions, _kernel, _solve
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


def test_common_terms_and_rare_ones_are_multiplied_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for name in EXAMPLES for text in EXAMPLES[name]]
    features, vectors = Terms.fit(texts, (1.0, 1.4))[1], embed([*texts, "pad"])[:-1]
    once = _kernel(features, vectors, KernelOptions())
    monkeypatch.setattr("bot.nlu.kernel.COMMON", 3)
    monkeypatch.setattr("bot.nlu.kernel.BLOCK", 7)
    assert np.triu(_kernel(features, vectors, KernelOptions())) == pytest.approx(np.triu(once), abs=1e-5)
