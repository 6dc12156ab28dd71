"""The intent classifier: says what a message asks, how sure it is, and when it does not know.

Its classes are full names, so that ``faq/food_waste`` competes on equal terms with ``bin_day``; Rasa is told the
base intent ``faq`` with a response selector's output, and the full names are kept in ``understanding``.
"""

from __future__ import annotations

import logging
from dataclasses import fields
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import RESPONSE_SELECTOR_PROPERTY_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.cleanup import is_command
from bot.nlu.embeddings import SentenceEmbeddings, embedding
from bot.nlu.intent_model import IntentModel, Options
from bot.nlu.minilm import embed
from bot.nlu.output import rasa_ranking, selection, understanding
from bot.nlu.reading import Reading, read

logger = logging.getLogger(__name__)

UNDERSTANDING = "understanding"
# Small talk and what steers a conversation: never one of two requests in a message, nor the ask in a story.
NOT_REQUESTS = (
    "chitchat", "affirm", "deny", "cancel", "go_back", "start_again", "change_answer", "repeat", "skip",
    "payment_done", "resume", "speak_to_person", "erase_chat",
)  # fmt: skip


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RefusingIntentClassifier(IntentClassifier, GraphComponent):
    """A classifier with calibrated confidence and refusal; see bot.nlu.intent_model."""

    @classmethod
    def required_components(cls) -> list[type]:
        """The embeddings must come first."""
        return [SentenceEmbeddings]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The fields of ``Options``; ``out_of_scope_intent`` names one that is always refused.

        ``not_requests``: intents, or base names of retrieval intents, that never count as one of two requests.
        """
        defaults = {field.name: field.default for field in fields(Options) if field.name != "out_of_scope"}
        return {**defaults, "out_of_scope_intent": "", "not_requests": list(NOT_REQUESTS)}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        """A classifier without a model leaves messages as they are."""
        named = {field.name: config[field.name] for field in fields(Options) if field.name in config}
        self._options = Options(**named, out_of_scope=config["out_of_scope_intent"] or "")
        self._not_requests = tuple(config["not_requests"])
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RefusingIntentClassifier:
        """See the parent class."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RefusingIntentClassifier:
        """A classifier with the model that was persisted, or none if there was nothing to learn."""
        try:
            with model_storage.read_from(resource) as folder:
                return cls(config, model_storage, resource, IntentModel.load(folder))
        except ValueError:
            logger.warning("The intent classifier was trained without examples: it understands nothing.")
            return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that have text and an intent."""
        examples = [(m, embedding(m)) for m in training_data.intent_examples if m.get(TEXT)]
        known = [(message, vector) for message, vector in examples if vector is not None]
        if known:
            texts = [message.get(TEXT) for message, _ in known]
            labels = [message.get_full_intent() for message, _ in known]
            vectors = np.stack([vector for _, vector in known])
            self._model = IntentModel.fit(texts, labels, vectors, self._options)
            with self._model_storage.write_to(self._resource) as folder:
                self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add intent, ranking, response selector and understanding to each message."""
        for message in messages:
            if self._model is None or not message.get(TEXT) or is_command(message):
                continue
            vector = embedding(message)
            if vector is not None:
                (whole,) = self._model.predict([message.get(TEXT)], vector[np.newaxis])
                _describe(message, read(message.get(TEXT), whole, self._model, embed, self._not_requests))
        return messages


def _describe(message: Message, reading: Reading) -> None:
    ranking = rasa_ranking(reading.prediction)
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
    message.set(UNDERSTANDING, understanding(reading), add_to_output=True)
    selected = selection(reading.prediction)
    if selected:
        message.set(RESPONSE_SELECTOR_PROPERTY_NAME, selected, add_to_output=True)
