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
from rasa.nlu.constants import (
    RESPONSE_SELECTOR_PREDICTION_KEY,
    RESPONSE_SELECTOR_PROPERTY_NAME,
    RESPONSE_SELECTOR_RANKING_KEY,
    RESPONSE_SELECTOR_RESPONSES_KEY,
    RESPONSE_SELECTOR_RETRIEVAL_INTENTS,
    RESPONSE_SELECTOR_UTTER_ACTION_KEY,
)
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME, UTTER_PREFIX
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
    RESPONSE_IDENTIFIER_DELIMITER,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.cleanup import is_command
from bot.nlu.embeddings import SentenceEmbeddings
from bot.nlu.linear import IntentModel, Options, Prediction

logger = logging.getLogger(__name__)

UNDERSTANDING = "understanding"
RANKING_LENGTH = 10
ALSO_LENGTH = 4


def _base(label: str) -> str:
    return label.split(RESPONSE_IDENTIFIER_DELIMITER)[0]


def _vector(message: Message) -> np.ndarray | None:
    """The sentence embedding that an earlier component left in the message."""
    features = message.get_dense_features(TEXT)[1]
    return None if features is None else features.features[0]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RefusingIntentClassifier(IntentClassifier, GraphComponent):
    """Linear classifier with calibrated confidence and refusal; see bot.nlu.linear."""

    @classmethod
    def required_components(cls) -> list[type]:
        """The embeddings must come first."""
        return [SentenceEmbeddings]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The fields of ``Options``; ``out_of_scope_intent`` names one that is always refused."""
        defaults = {field.name: field.default for field in fields(Options) if field.name != "out_of_scope"}
        return {**defaults, "out_of_scope_intent": ""}

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
        examples = [(m, _vector(m)) for m in training_data.intent_examples if m.get(TEXT)]
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
            vector = _vector(message)
            if vector is not None:
                self._describe(message, self._model.predict(message.get(TEXT), vector))
        return messages

    def _describe(self, message: Message, prediction: Prediction) -> None:
        ranking = _rasa_ranking(prediction)
        if prediction.refused:
            # As Rasa's FallbackClassifier does it, so that policies and rules written for it work.
            fallback = {
                INTENT_NAME_KEY: DEFAULT_NLU_FALLBACK_INTENT_NAME,
                PREDICTED_CONFIDENCE_KEY: 1.0 - prediction.score,
            }
            ranking = [fallback, *ranking]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(UNDERSTANDING, _understanding(prediction), add_to_output=True)
        selection = _selection(prediction)
        if selection:
            message.set(RESPONSE_SELECTOR_PROPERTY_NAME, selection, add_to_output=True)


def _understanding(prediction: Prediction) -> dict[str, Any]:
    first, *others = ({"query": name, "confidence": chance} for name, chance in prediction.ranking)
    return {**first, "also": others[:ALSO_LENGTH], "refused": prediction.refused, "score": prediction.score}


def _rasa_ranking(prediction: Prediction) -> list[dict[str, Any]]:
    """Base intents, each with the confidence of its best full name, so that the first stays the first."""
    best: dict[str, float] = {}
    for name, chance in prediction.ranking:
        best.setdefault(_base(name), chance)
    pairs = list(best.items())[:RANKING_LENGTH]
    return [{INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: chance} for name, chance in pairs]


def _selection(prediction: Prediction) -> dict[str, Any]:
    """What Rasa's ResponseSelector would say for each retrieval intent; empty if there are none."""
    groups: dict[str, list[tuple[str, float]]] = {}
    for name, chance in prediction.ranking:
        if RESPONSE_IDENTIFIER_DELIMITER in name:
            groups.setdefault(_base(name), []).append((name, chance))
    if not groups:
        return {}
    selection: dict[str, Any] = {RESPONSE_SELECTOR_RETRIEVAL_INTENTS: sorted(groups)}
    for base, members in groups.items():
        name, chance = members[0]
        selection[base] = {
            RESPONSE_SELECTOR_PREDICTION_KEY: {
                # The texts stay in the domain: they would be copied into every event of the tracker.
                RESPONSE_SELECTOR_RESPONSES_KEY: [],
                PREDICTED_CONFIDENCE_KEY: chance,
                INTENT_RESPONSE_KEY: name,
                RESPONSE_SELECTOR_UTTER_ACTION_KEY: f"{UTTER_PREFIX}{name}",
            },
            RESPONSE_SELECTOR_RANKING_KEY: [
                {PREDICTED_CONFIDENCE_KEY: chance, INTENT_RESPONSE_KEY: name} for name, chance in members[:3]
            ],
        }
    return selection
