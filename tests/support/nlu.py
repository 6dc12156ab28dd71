"""A place for trained components and training data in code, for tests of Rasa graph components."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.cleanup import TextCleaner
from bot.nlu.embeddings import SentenceEmbeddings

RESOURCE = Resource("component")


def parts(folder: Path, config: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """What every component's create and load ask for."""
    folder.mkdir(exist_ok=True)
    return config or {}, LocalModelStorage(folder), RESOURCE, ExecutionContext(GraphSchema({}), node_name="node")


def featurized(folder: Path, data: TrainingData) -> TrainingData:
    """The training data as the components before the classifier leave it."""
    cleaner = TextCleaner.create(*parts(folder, TextCleaner.get_default_config()))
    return embeddings(folder).process_training_data(cleaner.process_training_data(data))


def embeddings(folder: Path) -> SentenceEmbeddings:
    """The featurizer with its default settings."""
    return SentenceEmbeddings.create(*parts(folder, SentenceEmbeddings.get_default_config()))


def training_data(examples: dict[str, list[str]], **rest: Any) -> TrainingData:
    """Rasa training data of intents (``faq/name`` for retrieval intents) and their examples."""
    messages = [Message.build(text, intent) for intent, texts in examples.items() for text in texts]
    return TrainingData(messages, **rest)
