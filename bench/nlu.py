"""What training costs and how quickly a message is understood. By hand: ``python bench/nlu.py``, ``--stock`` as well.

Trains the content as it is from cold, in a process of its own as ``assistant train`` does, and has another process
load the model and understand every sentence of tests/sentences once; prints the table that docs/understanding.md
holds. ``--stock`` adds Rasa's own pipeline (DIET) on the same examples, which trains for most of an hour.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

STOCK = """\
recipe: default.v1
language: en
assistant_id: stock
importers:
  - name: bot.importer.ServicePackImporter
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - {name: CountVectorsFeaturizer, analyzer: char_wb, min_ngram: 1, max_ngram: 4}
  - {name: DIETClassifier, epochs: 100}
  - name: EntitySynonymMapper
  - {name: ResponseSelector, epochs: 100}
  - name: FallbackClassifier
"""
Row = tuple[str, str]


def child(command: Sequence[str], **environment: str) -> tuple[float, str]:
    """Run a command to its end; the seconds that it took and what it printed. Raises if it fails."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    return time.monotonic() - began, done.stdout


def training() -> dict[str, Any]:
    """How much there is to learn, and the seconds that the classifier with its embeddings takes (run in a child)."""
    from bot.importer import ServicePackImporter
    from bot.nlu.intents import RefusingIntentClassifier
    from tests.support.nlu import featurized, parts

    data = ServicePackImporter("config.yml", "domain.yml", ["data"]).get_nlu_data()
    names = {message.get_full_intent() for message in data.intent_examples}
    with tempfile.TemporaryDirectory() as folder:
        given = parts(Path(folder), RefusingIntentClassifier.get_default_config())
        began = time.monotonic()
        RefusingIntentClassifier.create(*given).train(featurized(Path(folder), data))
    return {"names": len(names), "examples": len(data.intent_examples), "seconds": time.monotonic() - began}


def understanding(model: str) -> dict[str, Any]:
    """A loaded model's milliseconds and memory (run in a child)."""
    import structlog
    from rasa.core.agent import Agent

    from bot import tuning
    from tests.support.product import memory_mb
    from tests.support.sentences import read_sentences, sentence_files

    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    tuning.apply()
    texts = list(dict.fromkeys(item.text for name in sentence_files() for item in read_sentences(name)))
    bare, began = memory_mb(os.getpid()), time.monotonic()
    agent = Agent.load(model)
    loaded = time.monotonic() - began

    async def times() -> list[float]:
        found: list[float] = []
        for text in texts:
            began = time.perf_counter()
            await agent.parse_message(text)
            found.append(1000 * (time.perf_counter() - began))
        return found

    asyncio.run(agent.parse_message("hello"))  # waits for what is loaded when it is needed
    computed = time.process_time()
    taken = sorted(asyncio.run(times()))
    computed = 1000 * (time.process_time() - computed) / len(taken)
    middle, late, memory = taken[len(taken) // 2], taken[int(0.95 * len(taken))], memory_mb(os.getpid())
    return {"load": loaded, "p50": middle, "p95": late, "computed": computed, "memory": memory, "bare": bare}


def trained_by_us(folder: Path) -> tuple[list[Row], Path]:
    """The rows about training, and the model."""
    seconds, _ = child(("-m", "bot.cli", "train"), MODEL_DIR=str(folder), RASA_TELEMETRY_ENABLED="false")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    part = json.loads(child((__file__, "--part", "training"))[1].splitlines()[-1])
    model = next(folder.glob("*.tar.gz"))
    rows = [
        ("queries and kinds of small talk", f"{part['names']}"),
        ("examples", f"{part['examples']}"),
        ("seconds to train from cold, `assistant train`", f"{seconds:.0f}"),
        ("of these, embeddings and classifier", f"{part['seconds']:.0f}"),
        ("processor time of the whole training", f"{used.ru_utime + used.ru_stime:.0f} s"),
        ("memory while it trains", f"{used.ru_maxrss / 1024:.0f} MB"),
        ("size of the model's file", f"{model.stat().st_size / 2**20:.0f} MB"),
    ]
    return rows, model


def trained_by_stock(folder: Path) -> tuple[list[Row], Path]:
    """The same of Rasa's own pipeline."""
    (folder / "stock.yml").write_text(STOCK, encoding="utf-8")
    options = ("--config", str(folder / "stock.yml"), "--nlu", "data", "--domain", "domain.yml", "--out", str(folder))
    seconds, _ = child(("-m", "rasa", "train", "nlu", *options), RASA_TELEMETRY_ENABLED="false")
    return [("stock: seconds to train from cold, NLU alone", f"{seconds:.0f}")], next(folder.glob("nlu-*.tar.gz"))


def loaded(model: Path, prefix: str = "") -> list[Row]:
    """The rows about a model in use."""
    seen = json.loads(child((__file__, "--part", "understanding", "--model", str(model)))[1].splitlines()[-1])
    return [
        (f"{prefix}seconds to load the model", f"{seen['load']:.1f}"),
        (f"{prefix}milliseconds a message, median", f"{seen['p50']:.1f}"),
        (f"{prefix}milliseconds a message, 95 of 100 below", f"{seen['p95']:.1f}"),
        (f"{prefix}processor time of a message, mean", f"{seen['computed']:.1f} ms"),
        (f"{prefix}memory with the model loaded (Rasa without it)", f"{seen['memory']:.0f} MB ({seen['bare']:.0f} MB)"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stock", action="store_true", help="measure Rasa's own pipeline too; takes most of an hour")
    parser.add_argument("--part", choices=("training", "understanding"), help=argparse.SUPPRESS)
    parser.add_argument("--model", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    os.chdir(ROOT)
    if given.part:
        found = training() if given.part == "training" else understanding(given.model)
        sys.stdout.write(f"{json.dumps(found)}\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        rows, model = trained_by_us(Path(folder))
        rows += loaded(model)
    if given.stock:
        with tempfile.TemporaryDirectory() as folder:
            more, model = trained_by_stock(Path(folder))
            rows += [*more, *loaded(model, "stock: ")]
    sys.stdout.write("| measured | result |\n|---|---|\n" + "".join(f"| {name} | {value} |\n" for name, value in rows))


if __name__ == "__main__":
    main()
