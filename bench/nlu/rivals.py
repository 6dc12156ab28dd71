"""The two pipelines: how each is trained, asked and timed. Each training and each questioning is its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rasa.shared.constants import UTTER_PREFIX
from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLWriter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file, write_yaml

from bench.nlu.exams import Span

ROOT = Path(__file__).parent.parent.parent
# The pipeline that `rasa init` writes (Rasa 3.6.21).
STOCK = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
    {"name": "EntitySynonymMapper"},
    {"name": "ResponseSelector", "epochs": 100, "constrain_similarities": True},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
]
OURS, STOCK_RASA = "ours", "stock Rasa"
RIVALS = (OURS, STOCK_RASA)


@dataclass(frozen=True)
class Answer:
    """What a pipeline said of one text. ``belief``: how far it is in scope, for refusal; see ``answering``."""

    label: str
    confidence: float
    belief: float
    refused: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Cost:
    """Seconds and megabytes of the training, milliseconds a message and megabytes of a process that answers."""

    training_seconds: float
    training_processor: float
    training_mb: float
    milliseconds: float
    milliseconds_late: float
    loading_seconds: float
    answering_mb: float


def compete(
    rival: str, training: TrainingData, texts: Sequence[str], out_of_scope: str | None, folder: Path
) -> tuple[list[Answer], Cost]:
    """Train one of the two and ask it all texts. Raises RuntimeError with the end of its log if it fails."""
    folder.mkdir(parents=True)
    write_yaml({"recipe": "default.v1", "language": "en", "pipeline": _pipeline(rival)}, folder / "config.yml")
    RasaYAMLWriter().dump(str(folder / "nlu.yml"), _with_responses(training))
    (folder / "texts.json").write_text(json.dumps(list(texts)), encoding="utf-8")
    options = ("--config", folder / "config.yml", "--nlu", folder / "nlu.yml", "--out", folder / "models")
    began = time.monotonic()
    usage = _run((sys.executable, "-m", "rasa", "train", "nlu", *map(str, options)), folder / "train.log")
    seconds = time.monotonic() - began
    model = next((folder / "models").glob("*.tar.gz"))
    asked = (sys.executable, "-m", "bench.nlu.answering", rival, str(model), str(folder), out_of_scope or "")
    _run(asked, folder / "answer.log")
    said = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    answers = [Answer(**{**item, "spans": tuple(Span(*span) for span in item["spans"])}) for item in said["answers"]]
    processor = usage.ru_utime + usage.ru_stime
    return answers, Cost(seconds, processor, usage.ru_maxrss / 1024, **said["cost"])


def _pipeline(rival: str) -> list[dict]:
    if rival == STOCK_RASA:
        return STOCK
    return [dict(item) for item in dict(read_yaml_file(ROOT / "config.yml"))["pipeline"]]


def _with_responses(training: TrainingData) -> TrainingData:
    """The examples with a response for every answer, without which stock Rasa's selector learns none of them."""
    answers = {m.get_full_intent() for m in training.intent_examples if m.get(INTENT_RESPONSE_KEY)}
    responses = {f"{UTTER_PREFIX}{answer}": [{TEXT: answer}] for answer in sorted(answers)}
    return TrainingData(
        training.training_examples, training.entity_synonyms, training.regex_features, training.lookup_tables, responses
    )


def _run(command: Sequence[str], log: Path) -> os.struct_rusage:  # type: ignore[name-defined]
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "RASA_MAX_CACHE_SIZE": "0"}
    with log.open("wb") as record:
        child = subprocess.Popen(command, cwd=ROOT, stdout=record, stderr=subprocess.STDOUT, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        lines = log.read_text("utf-8", "replace").splitlines()[-15:]
        raise RuntimeError(f"{' '.join(command[:4])} failed ({child.returncode}):\n" + "\n".join(lines))
    return usage
