"""Adds a sentence's MiniLM embedding to a message as Rasa dense features, for our classifier or any of Rasa's."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.cleanup import is_command
from bot.nlu.minilm import embed


def embedding(message: Message) -> np.ndarray | None:
    """The sentence embedding that ``SentenceEmbeddings`` left in the message, if it did."""
    features = message.get_dense_features(TEXT)[1]
    return None if features is None else np.asarray(features.features[0])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddings(DenseFeaturizer, GraphComponent):
    """One dense sentence feature of 384 numbers for each message with text."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbeddings:
        """See the parent class."""
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check: the alias is any text."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Embed all messages in one batch."""
        chosen = [message for message in messages if message.get(TEXT) and not is_command(message)]
        if chosen:
            for message, vector in zip(chosen, embed([message.get(TEXT) for message in chosen]), strict=True):
                features = Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
                message.add_features(features)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Embed the training examples."""
        self.process(training_data.training_examples)
        return training_data
