"""The featurizer as Rasa runs it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.minilm import embed
from tests.support.nlu import embeddings, training_data


def test_a_sentence_feature_that_other_classifiers_read(tmp_path: Path) -> None:
    (message,) = embeddings(tmp_path).process([Message.build("bin day")])
    (feature,) = message.features
    assert (feature.type, feature.attribute, feature.origin) == ("sentence", "text", "node")
    assert np.array_equal(feature.features, embed(["bin day"]))


def test_nothing_for_commands_and_messages_without_text(tmp_path: Path) -> None:
    messages = embeddings(tmp_path).process([Message.build("/bin_day"), Message({"intent": "bin_day"})])
    assert [message.features for message in messages] == [[], []]


def test_training_examples_get_theirs(tmp_path: Path) -> None:
    data = embeddings(tmp_path).process_training_data(training_data({"a": ["one", "two"], "b": ["three"]}))
    assert all(example.get_dense_features("text")[1] is not None for example in data.training_examples)
