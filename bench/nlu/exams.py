"""What both pipelines learn, and what they are asked about it afterwards."""

from __future__ import annotations

import csv
import hashlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.entities_parser import find_entities_in_training_example, replace_entities
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.importer import ServicePackImporter
from bot.nlu.gazetteer import Gazetteer
from bot.nlu.patterns import PatternExtractor
from tests.support.nlu import parts
from tests.support.sentences import FOLDER, read_sentences, sentence_files

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Span:
    """A detail in a text: where it begins and ends (characters), and its kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Question:
    """A text with the label that it should be given; None where only its details are judged."""

    text: str
    label: str | None
    spans: tuple[Span, ...] | None = None


@dataclass(frozen=True)
class Exam:
    """``sets``: questions by the name that the table gives them, all asked of one training."""

    name: str
    training: TrainingData
    sets: dict[str, tuple[Question, ...]]
    out_of_scope: str | None


class ExamError(ValueError):
    """What was given cannot be used; the message says why in plain words."""


def plain(label: str) -> str:
    """A label as both know it: an answer's name alone ("faq/food_waste" is "food_waste")."""
    return label.removeprefix("faq/")


@dataclass(frozen=True)
class Lesson:
    """How much of the examples both learn: at most ``most`` of each label, and none of more than ``words`` words."""

    most: int | None = None
    words: int | None = None


def own(folds: int, lesson: Lesson) -> Iterator[Exam]:
    """Our own content with the sentences of tests/sentences, then ``folds`` parts of it held out in turn."""
    data = _annotated(
        _few(ServicePackImporter("config.yml", "domain.yml", ["data"]).get_nlu_data(), lesson, OUT_OF_SCOPE)
    )
    yield Exam("all examples", data, {**_sentences(), "details": _details()}, OUT_OF_SCOPE)
    yield from crossed(data, folds, OUT_OF_SCOPE)


def _sentences() -> dict[str, tuple[Question, ...]]:
    ours = [Question(item.text, item.query) for name in sentence_files() for item in read_sentences(name)]
    outside = [Question(text, OUT_OF_SCOPE) for text in _read("out_of_scope")["sentences"]]
    kept = _read("held_back")
    named = [item for part in ("ours", "elsewhere") for item in kept[part].items()]
    asked = [Question(text, query) for query, texts in named for text in texts]
    nobody = [Question(text, OUT_OF_SCOPE) for text in kept["nobody"]]
    return {"sentences": (*ours, *outside), "held back": (*asked, *nobody)}


def _details() -> tuple[Question, ...]:
    return tuple(_marked(text, None) for text in _read("details")["details"])


def _marked(annotated: str, label: str | None) -> Question:
    spans = (Span(e["start"], e["end"], e["entity"]) for e in find_entities_in_training_example(annotated))
    return Question(replace_entities(annotated), label, tuple(spans))


def _read(name: str) -> dict:
    return dict(read_yaml_file(FOLDER / f"{name}.yml"))


def _annotated(data: TrainingData) -> TrainingData:
    """The examples with the details that our own extractors find in them: stock Rasa needs them marked to learn."""
    with tempfile.TemporaryDirectory() as folder:
        gazetteer = Gazetteer.create(*parts(Path(folder)))
        gazetteer.train(data)
        extractors = (PatternExtractor.create(*parts(Path(folder))), gazetteer)
        messages = [Message.build(message.get(TEXT), message.get_full_intent()) for message in data.intent_examples]
        for extractor in extractors:
            extractor.process(messages)
    for message in messages:
        message.set(ENTITIES, _apart(message.get(ENTITIES) or []))
    return TrainingData(messages, data.entity_synonyms, data.regex_features, data.lookup_tables)


def _apart(entities: list[dict]) -> list[dict]:
    """Entities that do not overlap, the first of those that do; only what training data may say of them."""
    found: list[dict] = []
    for entity in sorted(entities, key=lambda e: (e["start"], -e["end"])):
        if not found or entity["start"] >= found[-1]["end"]:
            found.append({key: entity[key] for key in ("start", "end", "entity")} | {"value": str(entity["value"])})
    return found


def given(training: Path, questions: Path, out_of_scope: str | None, folds: int, lesson: Lesson) -> Iterator[Exam]:
    """Somebody else's data: a Rasa NLU file, and a CSV file with the columns ``sentence`` and ``label``."""
    data = _few(load_data(str(training)), lesson, out_of_scope)
    if not data.intent_examples:
        raise ExamError(f"{training}: there is no example with an intent in it.")
    with questions.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"sentence", "label"} <= rows[0].keys():
        raise ExamError(f"{questions}: the first line must name the columns sentence and label, and rows must follow.")
    asked = tuple(Question(row["sentence"], plain(row["label"])) for row in rows)
    known = {plain(message.get_full_intent()) for message in data.intent_examples}
    unknown = sorted({str(question.label) for question in asked} - known - {out_of_scope})
    if unknown:
        raise ExamError(f"{questions}: nothing was learnt of these labels: {', '.join(unknown)}.")
    yield Exam("all examples", data, {"sentences": asked}, out_of_scope)
    yield from crossed(data, folds, out_of_scope)


def _few(data: TrainingData, lesson: Lesson, out_of_scope: str | None) -> TrainingData:
    """What is learnt: of the label of all the rest every example that is short enough, of the others ``most``.

    Chosen by their texts, always the same.
    """
    most, words = lesson.most or sys.maxsize, lesson.words or sys.maxsize
    chosen: dict[str, list[Message]] = {}
    for message in sorted(data.intent_examples, key=lambda m: _digest(m.get(TEXT))):
        kept = chosen.setdefault(message.get_full_intent(), [])
        is_wanted = len(kept) < most or message.get_full_intent() == out_of_scope
        if is_wanted and len(message.get(TEXT).split()) <= words:
            kept.append(message)
    messages = [message for kept in chosen.values() for message in kept]
    return TrainingData(messages, data.entity_synonyms, data.regex_features, data.lookup_tables)


def crossed(data: TrainingData, folds: int, out_of_scope: str | None) -> Iterator[Exam]:
    """Each example is asked of a training without it: it belongs to a fold by its text, always the same."""
    for fold in range(folds if folds > 1 else 0):
        held = [message for message in data.intent_examples if _fold(message.get(TEXT), folds) == fold]
        rest = [message for message in data.intent_examples if _fold(message.get(TEXT), folds) != fold]
        training = TrainingData(rest, data.entity_synonyms, data.regex_features, data.lookup_tables)
        questions = tuple(_question(message) for message in held)
        yield Exam(f"fold {fold + 1} of {folds}", training, {"cross-validation": questions}, out_of_scope)


def _question(message: Message) -> Question:
    spans = (Span(e["start"], e["end"], e["entity"]) for e in message.get(ENTITIES) or [])
    return Question(message.get(TEXT), plain(message.get_full_intent()), tuple(spans))


def _fold(text: str, folds: int) -> int:
    return int.from_bytes(_digest(text)[:4], "big") % folds


def _digest(text: str) -> bytes:
    return hashlib.sha1(text.encode()).digest()
