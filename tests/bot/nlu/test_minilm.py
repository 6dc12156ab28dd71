"""The embedding model: the published weights only, built whole or not at all, and what its vectors are worth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from onnxruntime import InferenceSession
from safetensors.numpy import load_file

from bot.nlu import minilm, minilm_build
from bot.nlu.minilm import FEW, MODEL, MinilmError, embed, published_folder, tokeniser
from bot.nlu.minilm_build import Graph, build, encoder, exactly


def test_vectors_of_length_one_that_tell_meaning() -> None:
    vectors = embed(["When is my bin collected?", "what day do you empty the wheelie bins", "the weather is nice"])
    assert vectors.shape == (3, 384) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    likeness = vectors @ vectors.T
    assert likeness[0, 1] > 0.5 > 0.2 > likeness[0, 2]


def test_alone_or_among_others_is_the_same_vector() -> None:
    texts = ["bins", "a much longer sentence about bins and when they are emptied " * 20, ""]
    many = texts + [f"bin number {number} {'was missed ' * (number % 5)}" for number in range(2 * FEW)]
    together = embed(many)
    assert together.shape == (len(many), 384)
    for text, vector in zip(many, together, strict=True):
        assert np.array_equal(embed([text])[0], vector)


def test_no_texts_are_no_vectors() -> None:
    assert embed([]).shape == (0, 384)


def test_whole_numbers_are_near_exact_ones() -> None:
    weights = load_file(published_folder() / "model.safetensors")
    tokens = tokeniser(published_folder())
    graph = Graph()
    exact = InferenceSession(
        graph.model({encoder(graph, weights, exactly): [1, 384]}).SerializeToString(),
        providers=["CPUExecutionProvider"],
    )
    texts = ["my brown bin was missed agen", "Who do I ask about a care home for my mum?", "Il fait beau aujourd'hui"]
    wanted = np.concatenate([exact.run(None, {"ids": tokens(text)})[0] for text in texts])
    assert ((embed(texts) * wanted).sum(axis=1) > 0.99).all()


def test_a_remembered_vector_cannot_be_spoilt() -> None:
    before = embed(["remember me"]).copy()
    embed(["remember me"])[:] = 7
    assert np.array_equal(embed(["remember me"]), before)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(MinilmError, match="not the published file"):
        build(tmp_path, tmp_path / "built")
    assert not (tmp_path / "built").exists()


def test_a_build_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: Path, target: Path) -> None:
        (target / MODEL).write_bytes(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(minilm_build, "_convert", fail)
    with pytest.raises(OSError, match="No space"):
        build(published_folder(), tmp_path / "built")
    assert list(tmp_path.iterdir()) == []


def test_building_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    said: list[str] = []
    build(published_folder(), tmp_path / "built", said.append)
    built = (tmp_path / "built" / MODEL).stat()
    build(published_folder(), tmp_path / "built", said.append)
    assert (tmp_path / "built" / MODEL).stat() == built
    assert said[-2:] == ["The embedding model is ready.", "The embedding model is already built."]
    assert [path.name for path in tmp_path.iterdir()] == ["built"]


def test_a_missing_package_is_told_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "PACKAGE", "no-such-package")
    with pytest.raises(MinilmError, match="missing"):
        published_folder()


def test_a_broken_build_is_told_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken").mkdir()
    monkeypatch.setattr(minilm, "built_folder", lambda: tmp_path / "broken")
    minilm.encoder.cache_clear()
    try:
        with pytest.raises(MinilmError, match="delete it"):
            minilm.encoder()
    finally:
        minilm.encoder.cache_clear()
