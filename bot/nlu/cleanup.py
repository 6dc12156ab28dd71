"""The first component of the pipeline: every later one sees the text as people meant it (bot.text.clean).

Registered as a tokenizer, because Rasa runs only tokenizers and featurizers over the training data too: what is
learnt and what is understood must be cleaned alike. It makes no tokens; no component of ours needs them.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.text.clean import clean


def is_command(message: Message) -> bool:
    """Whether the text is Rasa's own shortcut for an intent, ``/intent{...}``, which no component may touch."""
    return (message.get(TEXT) or "").startswith("/")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class TextCleaner(GraphComponent):
    """Replaces a message's text by its clean form."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``max_length``: characters after which a message is cut."""
        return {"max_length": 1000}

    def __init__(self, config: dict[str, Any]) -> None:
        """Keep the limit."""
        self._max_length = int(config["max_length"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextCleaner:
        """See the parent class."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Clean the text of each message."""
        for message in messages:
            if message.get(TEXT) and not is_command(message):
                message.set(TEXT, clean(message.get(TEXT), self._max_length), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Clean the examples; one with annotated entities is left alone, as their offsets would no longer fit."""
        self.process([example for example in training_data.training_examples if not example.get(ENTITIES)])
        return training_data
