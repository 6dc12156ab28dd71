"""The classifier as Rasa runs it: what it writes into a message, and training on anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rasa.core.actions.action import ActionRetrieveResponse
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.intents import RefusingIntentClassifier
from tests.bot.nlu.test_intent_model import EXAMPLES
from tests.support.nlu import embeddings, featurized, parts, training_data


def trained(folder: Path, data: TrainingData, **config: Any) -> RefusingIntentClassifier:
    """A classifier that has been trained, persisted and loaded again."""
    given = parts(folder, {**RefusingIntentClassifier.get_default_config(), **config})
    RefusingIntentClassifier.create(*given).train(featurized(folder, data))
    return RefusingIntentClassifier.load(*given)


def parse(folder: Path, classifier: RefusingIntentClassifier, text: str) -> dict[str, Any]:
    (message,) = classifier.process(embeddings(folder).process([Message.build(text)]))
    return message.as_dict(only_output_properties=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model")


@pytest.fixture(scope="module")
def classifier(folder: Path) -> RefusingIntentClassifier:
    return trained(folder, training_data(EXAMPLES), out_of_scope_intent="out_of_scope")


def test_a_plain_intent(folder: Path, classifier: RefusingIntentClassifier) -> None:
    parsed = parse(folder, classifier, "what day are my bins")
    assert parsed["intent"]["name"] == "bin_day" == parsed["intent_ranking"][0]["name"]
    understanding = parsed["understanding"]
    assert (understanding["query"], understanding["refused"]) == ("bin_day", False)
    assert [set(other) for other in understanding["also"]] == [{"query", "confidence"}] * 2
    assert understanding["second"] is None
    json.dumps(parsed)


def test_a_retrieval_intent_answers_by_its_full_name(folder: Path, classifier: RefusingIntentClassifier) -> None:
    parsed = parse(folder, classifier, "what can I put in the food caddy")
    assert parsed["intent"]["name"] == "faq"
    assert parsed["understanding"]["query"] == "faq/food_waste"
    assert parsed["response_selector"]["all_retrieval_intents"] == ["faq"]
    tracker = DialogueStateTracker.from_events("x", [UserUttered("x", parsed["intent"], [], parsed)])
    assert ActionRetrieveResponse("utter_faq").get_full_retrieval_name(tracker) == "utter_faq/food_waste"


def test_refused_as_rasas_own_fallback_does(folder: Path, classifier: RefusingIntentClassifier) -> None:
    parsed = parse(folder, classifier, "tell me a joke")
    assert parsed["intent"]["name"] == "nlu_fallback" == parsed["intent_ranking"][0]["name"]
    assert parsed["understanding"]["refused"]


def test_what_is_out_of_scope_is_never_offered(folder: Path, classifier: RefusingIntentClassifier) -> None:
    parsed = parse(folder, classifier, "tell me a joke")
    assert "out_of_scope" not in json.dumps(parsed)


def test_a_command_is_left_to_rasa(folder: Path, classifier: RefusingIntentClassifier) -> None:
    assert parse(folder, classifier, "/bin_day") == {"text": "/bin_day"}


@pytest.mark.parametrize(
    "examples", [{"a": ["hi", "hello"], "b": ["bye", "ta ra"]}, {"faq/a": ["hi"]}, {"faq/a": ["hi"], "faq/b": ["bye"]}]
)
def test_tiny_data(tmp_path: Path, examples: dict[str, list[str]]) -> None:
    parsed = parse(tmp_path, trained(tmp_path, training_data(examples)), "hi")
    assert parsed["understanding"]["query"] in examples


def test_no_data_at_all(tmp_path: Path) -> None:
    assert parse(tmp_path, trained(tmp_path, TrainingData()), "hi") == {"text": "hi"}
