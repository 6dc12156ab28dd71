"""Builds the embedding model: all-MiniLM-L6-v2 as an ONNX graph in whole numbers, from the weights of a package.

The weights are the file that the model's authors publish (Apache-2.0), known by its SHA-256. Weights have seven bits:
a processor without VNNI adds up pairs of products in sixteen, which eight would overflow, so that embeddings would
depend on the machine. Before a product is rounded, its input is divided by what evens out the largest numbers in it,
and the weights are multiplied by that (SmoothQuant, Xiao et al. 2022): the largest numbers are seen on the sentences of
minilm_sentences.txt. ``python -m bot.nlu.minilm_build`` builds it at set-up. Errors: MinilmError.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession
from safetensors.numpy import load_file

from bot.nlu.built import build_whole
from bot.nlu.minilm import DIMENSIONS, MODEL, TOKENIZER, MinilmError, built_folder, published_folder, tokeniser

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS = 6
HEADS = 12
EPSILON = 1e-12
TOP = 63  # seven bits with a sign
EVENNESS = 0.5  # 0 leaves the input as it is, 1 makes all its columns alike; between them both sides lose little
SENTENCES = Path(__file__).with_name("minilm_sentences.txt")
# ONNX's own operators, and those that ONNX Runtime adds to them (docs/ContribOperators.md of its sources).
OPSET, IR_VERSION = 17, 8
FUSED = "com.microsoft"

Weights = dict[str, np.ndarray]
Linear = Callable[["Graph", str, np.ndarray, np.ndarray], str]


def check(weights: Path) -> None:
    """Refuse weights that are not the published ones."""
    with weights.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise MinilmError(f"{weights.name} of {weights.parent.name} is not the published file (SHA-256 {found}).")


def build(source: Path, target: Path, report: Callable[[str], None] = lambda line: None) -> None:
    """Build the model of source's weights in target, whole or not at all; nothing to do if it is there."""
    if target.is_dir():
        report("The embedding model is already built.")
        return
    report("Checking the embedding model's weights...")
    check(source / "model.safetensors")
    report("Building the embedding model...")

    def fill(folder: Path) -> None:
        _convert(source, folder)
        shutil.copyfile(source / TOKENIZER, folder / TOKENIZER)

    build_whole(target, fill)
    report("The embedding model is ready.")


def _convert(source: Path, target: Path) -> None:
    weights = load_file(source / "model.safetensors")
    largest = iter(_largest(weights, tokeniser(source)))

    def linear(graph: Graph, given: str, weight: np.ndarray, bias: np.ndarray) -> str:
        return _whole_numbers(graph, given, weight, bias, next(largest))

    graph = Graph()
    (target / MODEL).write_bytes(graph.model({encoder(graph, weights, linear): [1, DIMENSIONS]}).SerializeToString())


class Graph:
    """An ONNX graph that grows operator by operator; what goes from one to the next has a name."""

    def __init__(self) -> None:
        """Empty."""
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def constant(self, array: np.ndarray) -> str:
        """The name of a constant."""
        name = f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, operator: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: Any) -> list[str]:
        """The names of what an operator makes of its inputs, which are names of constants or of others' outputs."""
        names = [f"{operator}{len(self._nodes)}_{number}" for number in range(outputs)]
        self._nodes.append(helper.make_node(operator, inputs, names, domain=domain, **attributes))
        return names

    def model(self, outputs: Mapping[str, Sequence[int | str]]) -> ModelProto:
        """The whole, of the tokens "ids" (1, length); ``outputs`` names what it gives, with its shape."""
        ids = helper.make_tensor_value_info("ids", TensorProto.INT32, [1, "length"])
        given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()]
        graph = helper.make_graph(self._nodes, "minilm", [ids], given, self._constants)
        domains = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=domains, ir_version=IR_VERSION)


def encoder(graph: Graph, weights: Weights, linear: Linear) -> str:
    """The name of a sentence's embedding: the mean of its tokens' last states, of length one.

    ``linear`` adds a product of an input with weights, plus a bias, and names it.
    """
    words, positions, kinds = (
        weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
    )
    # A sentence alone is of the first kind.
    tables = (graph.constant(table) for table in (words, positions + kinds[0]))
    norm = _norm(graph, weights, "embeddings.LayerNorm")
    state, _ = graph.add(
        "EmbedLayerNormalization", "ids", "", *tables, "", *norm, domain=FUSED, outputs=2, epsilon=EPSILON
    )
    for number in range(LAYERS):
        state = _layer(graph, weights, f"encoder.layer.{number}", state, linear)
    (mean,) = graph.add("ReduceMean", state, axes=[1], keepdims=0)
    return graph.add("LpNormalization", mean, axis=-1, p=2)[0]


def _layer(graph: Graph, weights: Weights, name: str, state: str, linear: Linear) -> str:
    """One layer of BERT: attention, then the feed-forward network, each added to what it was given."""

    def dense(given: str, *names: str) -> str:
        # Several names are one product: query, key and value.
        weight = np.concatenate([weights[f"{name}.{part}.weight"] for part in names]).T
        return linear(graph, given, weight, np.concatenate([weights[f"{name}.{part}.bias"] for part in names]))

    def added(one: str, other: str, norm: str) -> str:
        scale = _norm(graph, weights, f"{name}.{norm}.LayerNorm")
        return graph.add("SkipLayerNormalization", one, other, *scale, domain=FUSED, epsilon=EPSILON)[0]

    together = dense(state, *(f"attention.self.{part}" for part in ("query", "key", "value")))
    thirds = graph.constant(np.full(3, DIMENSIONS, np.int64))
    parts = graph.add("Split", together, thirds, outputs=3, axis=-1)
    (attended,) = graph.add("MultiHeadAttention", *parts, domain=FUSED, num_heads=HEADS)
    state = added(state, dense(attended, "attention.output.dense"), "attention.output")
    (active,) = graph.add("Gelu", dense(state, "intermediate.dense"), domain=FUSED)
    return added(state, dense(active, "output.dense"), "output")


def _norm(graph: Graph, weights: Weights, name: str) -> tuple[str, str]:
    return graph.constant(weights[f"{name}.weight"]), graph.constant(weights[f"{name}.bias"])


def exactly(graph: Graph, given: str, weight: np.ndarray, bias: np.ndarray) -> str:
    """A product in floating point."""
    (product,) = graph.add("MatMul", given, graph.constant(weight))
    return graph.add("Add", product, graph.constant(bias))[0]


def _whole_numbers(graph: Graph, given: str, weight: np.ndarray, bias: np.ndarray, largest: np.ndarray) -> str:
    """A product in whole numbers; ``largest``: in each column of the input."""
    factors = (largest / largest.mean()) ** EVENNESS
    (even,) = graph.add("Mul", given, graph.constant(1 / factors))
    weight = weight * factors[:, np.newaxis]
    scales = np.abs(weight).max(axis=0) / TOP
    rounded = np.rint(weight / scales).astype(np.int8)
    parts = (rounded, scales, np.zeros(len(scales), np.int8), bias)
    return graph.add("DynamicQuantizeMatMul", even, *map(graph.constant, parts), domain=FUSED)[0]


def _largest(weights: Weights, tokens: Callable[[str], np.ndarray]) -> list[np.ndarray]:
    """For each product in turn the largest number in each column of its input."""
    graph, inputs = Graph(), dict[str, list[int | str]]()

    def watched(graph: Graph, given: str, weight: np.ndarray, bias: np.ndarray) -> str:
        inputs[given] = [1, "length", len(weight)]
        return exactly(graph, given, weight, bias)

    encoder(graph, weights, watched)
    session = InferenceSession(graph.model(inputs).SerializeToString(), providers=["CPUExecutionProvider"])
    texts = SENTENCES.read_text(encoding="utf-8").splitlines()
    seen = [session.run(None, {"ids": tokens(text)}) for text in texts]
    return [np.max([np.abs(states[0]).max(axis=0) for states in each], axis=0) for each in zip(*seen, strict=True)]


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
