"""The embedding model: the published weights only, built whole or not at all, and what its vectors are worth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu import minilm
from bot.nlu.minilm import BATCH, MinilmError, build, embed, published_folder


def test_vectors_of_length_one_that_tell_meaning() -> None:
    vectors = embed(["When is my bin collected?", "what day do you empty the wheelie bins", "the weather is nice"])
    assert vectors.shape == (3, 384) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    likeness = vectors @ vectors.T
    assert likeness[0, 1] > 0.5 > 0.2 > likeness[0, 2]


def test_alone_or_among_others_is_the_same_vector() -> None:
    texts = ["bins", "a much longer sentence about bins and when they are emptied " * 20, ""]
    together = embed(texts)
    for text, vector in zip(texts, together, strict=True):
        assert float(embed([text])[0] @ vector) > 0.99


def test_many_texts_on_several_threads_keep_their_order() -> None:
    texts = [f"bin number {number} {'was missed ' * (number % 5)}" for number in range(3 * BATCH)]
    together = embed(texts)
    assert together.shape == (len(texts), 384)
    for place in (0, BATCH, len(texts) - 1):
        assert float(embed([texts[place]])[0] @ together[place]) > 0.99


def test_a_remembered_vector_cannot_be_spoilt() -> None:
    with pytest.raises(ValueError, match="read-only"):
        embed(["remember me"])[0, 0] = 7


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(MinilmError, match="not the published file"):
        build(tmp_path, tmp_path / "built")
    assert not (tmp_path / "built").exists()


def test_a_build_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: Path, target: Path) -> None:
        (target / "model.bin").write_bytes(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(minilm, "_convert", fail)
    with pytest.raises(OSError, match="No space"):
        build(published_folder(), tmp_path / "built")
    assert list(tmp_path.iterdir()) == []


def test_building_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    said: list[str] = []
    build(published_folder(), tmp_path / "built", said.append)
    built = (tmp_path / "built" / "model.bin").stat()
    build(published_folder(), tmp_path / "built", said.append)
    assert (tmp_path / "built" / "model.bin").stat() == built
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
