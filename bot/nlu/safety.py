"""Danger in a resident's words: found before anything is understood, by reviewed signals and a classifier together.

Apart from the intent classifier because a miss can cost a life: it must not depend on what editors train, and people
who know the subject must be able to read and correct it (``data/safety``). ``SafetyDetector`` is the Rasa graph
component that carries both inside a trained model and sets the message's property ``safety`` to the kind of danger,
or None.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file

from bot.nlu.danger import find
from bot.nlu.danger_model import DangerModel, learnt, version
from bot.nlu.embeddings import SentenceEmbeddings, embedding
from bot.nlu.minilm import embed
from bot.nlu.signals import SafetySignals

logger = logging.getLogger(__name__)

SAFETY = "safety"
SIGNALS = "signals.json"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class SafetyDetector(GraphComponent):
    """Sets each message's ``safety``. "Training" copies signals and classifier, so that a release holds its own."""

    @classmethod
    def required_components(cls) -> list[type]:
        """The embeddings must come first."""
        return [SentenceEmbeddings]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``folder``: signals.yml and expressions/, relative to the folder that training runs in."""
        return {"folder": "data/safety"}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        signals: SafetySignals | None = None,
        model: DangerModel | None = None,
    ) -> None:
        """Without signals and model it finds nothing."""
        self._folder = Path(config["folder"])
        self._model_storage = model_storage
        self._resource = resource
        self._signals = signals
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """A detector that knows no danger yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> GraphComponent:
        """The detector with the signals and the classifier that its model was trained with."""
        with model_storage.read_from(resource) as folder:
            if not (folder / SIGNALS).is_file():
                return cls(config, model_storage, resource)
            signals = SafetySignals.from_dict(read_json_file(folder / SIGNALS))
            return cls(config, model_storage, resource, signals, DangerModel.load(folder))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The files' content, since Rasa would otherwise not notice that they changed."""
        folder = Path({**cls.get_default_config(), **config}["folder"])
        if not (folder / "signals.yml").is_file():
            return None
        return hashlib.sha256((folder / "signals.yml").read_bytes()).hexdigest() + version(folder / "expressions")

    def train(self, training_data: TrainingData) -> Resource:
        """Reads the signals and learns the expressions; without the files (foreign data) there are none."""
        with self._model_storage.write_to(self._resource) as folder:
            if (self._folder / "signals.yml").is_file():
                signals = SafetySignals.from_file(self._folder / "signals.yml")
                dump_obj_as_json_to_file(folder / SIGNALS, signals.to_dict())
                shutil.copytree(learnt(self._folder / "expressions"), folder, dirs_exist_ok=True)
            else:
                logger.warning("%s does not exist: this model will not notice danger.", self._folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Looks for danger in what residents wrote, not in buttons ("/...")."""
        for message in messages:
            if not (message.get(TEXT) or "").startswith("/"):
                message.set(SAFETY, self._find(message), add_to_output=True)
        return messages

    def _find(self, message: Message) -> str | None:
        text, vector = message.get(TEXT) or "", embedding(message)
        if self._signals is None or self._model is None or vector is None:
            return self._signals.spelled_out(text) or self._signals.find(text) if self._signals else None
        return find(text, vector, self._model, self._signals, embed)
