"""Rasa's extractor of known names: streets, places, items, whatever is listed in ``lookup:`` tables.

``synonym:`` gives a name its canonical value; its other names count for every table that holds one of them.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.cleanup import is_command
from bot.nlu.minilm import published_folder
from bot.text.names import Name, Names

logger = logging.getLogger(__name__)
FILE = "names.json"


@lru_cache(maxsize=1)
def _ordinary_words() -> frozenset[str]:
    """The whole words of the embedding model's vocabulary: some 20,000 that English readers know."""
    lines = (published_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line.isalpha())


def _is_ordinary(word: str) -> bool:
    return word in _ordinary_words()


def collect_names(training_data: TrainingData) -> list[Name]:
    """Every way to say every listed thing."""
    canonical = {said.lower(): value for said, value in training_data.entity_synonyms.items()}
    names: dict[tuple[str, str], Name] = {}
    for table in training_data.lookup_tables:
        entity, elements = table["name"], table["elements"]
        if isinstance(elements, str):  # Rasa's older form: the path of a file with a name a line
            elements = Path(elements).read_text(encoding="utf-8").splitlines()
        stripped = [said.strip() for said in elements if said.strip()]
        listed = {said: canonical.get(said.lower(), said) for said in stripped}
        values = set(listed.values())
        known = {said: value for said, value in training_data.entity_synonyms.items() if value in values}
        for said, value in {**known, **listed}.items():
            names[entity, said.lower()] = Name(entity, value, said)
    return [names[key] for key in sorted(names)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class Gazetteer(GraphComponent, EntityExtractorMixin):
    """Adds an entity for every known name in a message; see bot.text.names."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to set."""
        return {}

    def __init__(self, model_storage: ModelStorage, resource: Resource, names: list[Name]) -> None:
        """Index the names."""
        self._model_storage = model_storage
        self._resource = resource
        self._names = Names(names, _is_ordinary)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Gazetteer:
        """See the parent class."""
        return cls(model_storage, resource, [])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Gazetteer:
        """An extractor with the names that were persisted."""
        try:
            with model_storage.read_from(resource) as folder:
                names = [Name(**item) for item in json.loads((folder / FILE).read_text(encoding="utf-8"))]
        except ValueError:
            logger.warning("The gazetteer is missing from the model: it knows no names.")
            names = []
        return cls(model_storage, resource, names)

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the names of the training data."""
        names = collect_names(training_data)
        self._names = Names(names, _is_ordinary)
        with self._model_storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps([asdict(name) for name in names]), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the names found to each message's entities."""
        for message in messages:
            if message.get(TEXT) and not is_command(message):
                found = self._names.find(message.get(TEXT))
                entities = self.add_extractor_name([asdict(item) for item in found])
                message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
        return messages
