"""Danger in a resident's words: found before anything is understood, by reviewed signals kept as content.

Apart from the intent classifier because a miss can cost a life: it must not depend on what was trained, and people
who know the subject must be able to read and correct it. ``data/safety/signals.yml`` says how signals are written.

``SafetySignals`` is pure; ``SafetyDetector`` is the Rasa graph component that carries it inside a trained model and
sets the message's property ``safety`` to the kind of danger, or None.

Errors: ValueError <- SafetyError (a signals file that cannot be used, in plain words).
"""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file, read_yaml_file

logger = logging.getLogger(__name__)

SAFETY = "safety"

_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_LETTER_LOOKALIKE = re.compile(r"(?<=[a-z])[013@$!](?=[a-z])")
_LOOKALIKES = {"0": "o", "1": "i", "3": "e", "@": "a", "$": "s", "!": "i"}
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SPLIT_NOT = re.compile(r"\b(ca|do|wo|is|has|have|does|did|are|was)n t\b")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_SPELLED_OUT = re.compile(r"\b[a-z](?: [a-z]){2,}\b")
_SENTENCE_END = re.compile(r"[.!?;]+\s+|\n+")

_NAMED = re.compile(r"\{([a-z_]+)\}")
_DOUBLED = re.compile(r"(?<!\\)([a-z])\1")
_GAPS = re.compile(r"( ?)((?:\{gap\})+)( ?)")


class SafetyError(ValueError):
    """The signals cannot be used; the message says where and why."""


def plain(text: str) -> str:
    """Lower-case words with single spaces: no accents, apostrophes, punctuation, drawn-out letters or su1c1de."""
    decomposed = unicodedata.normalize("NFKD", text).lower()
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    letters = _APOSTROPHES.sub("", letters)
    letters = _LETTER_LOOKALIKE.sub(lambda m: _LOOKALIKES[m.group()], letters)
    words = _SPLIT_NOT.sub(r"\1nt", _NOT_WORD.sub(" ", letters))
    return _DRAWN_OUT.sub(r"\1", words).strip()


@dataclass(frozen=True)
class _Kind:
    """One kind of danger, compiled. ``glued`` reads words that were spelled out letter by letter."""

    name: str
    words: re.Pattern[str]
    glued: re.Pattern[str]
    unless: re.Pattern[str] | None


class SafetySignals:
    """The signals of one file, compiled once."""

    def __init__(self, words: dict[str, str], signals: dict[str, dict[str, Any]]) -> None:
        self._words = words
        self._signals = signals
        in_order = sorted(signals, key=lambda name: int(signals[name]["order"]))
        self._kinds = [self._compile(name) for name in in_order]

    @property
    def kinds(self) -> list[str]:
        """The kinds of danger, most urgent first."""
        return [kind.name for kind in self._kinds]

    @classmethod
    def from_file(cls, path: str | Path) -> SafetySignals:
        """Signals from YAML; SafetyError when the file is not as its own opening comment says."""
        content = read_yaml_file(path)
        if not isinstance(content, dict) or not isinstance(content.get("signals"), dict):
            raise SafetyError(f"{path}: there is no 'signals:' section.")
        try:
            return cls.from_dict(content)
        except SafetyError as error:
            raise SafetyError(f"{path}: {error}") from None

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> SafetySignals:
        """Signals from the structure of the file or of ``to_dict``."""
        return cls(content.get("words") or {}, content.get("signals") or {})

    def to_dict(self) -> dict[str, Any]:
        """The signals as they were written, for JSON."""
        return {"words": self._words, "signals": self._signals}

    def find(self, text: str) -> str | None:
        """The most urgent kind of danger in the text, or None."""
        words = plain(text)
        glued = words.replace(" ", "") if _SPELLED_OUT.search(words) else ""
        # Each sentence alone too: "I can't go on. The bill came" is not the idiom "can't go on the website".
        sentences = [plain(part) for part in _SENTENCE_END.split(text)]
        readings = [words, *sentences] if len(sentences) > 1 else [words]
        for kind in self._kinds:
            if kind.words.search(words) and any(self._remains(kind, reading) for reading in readings):
                return kind.name
            if glued and kind.glued.search(glued):
                return kind.name
        return None

    @staticmethod
    def _remains(kind: _Kind, words: str) -> bool:
        """Whether the danger is still there without what is harmless: an idiom must not hide a real cry beside it."""
        if kind.unless is None:
            return True
        return kind.words.search(kind.unless.sub(".", words)) is not None

    def _compile(self, name: str) -> _Kind:
        patterns = [self._expand(name, p) for p in self._signals[name]["patterns"]]
        unless = [self._expand(name, p) for p in self._signals[name].get("unless") or []]
        spelled = "|".join(p.replace("{gap}", "").replace(" ?", "").replace(" ", "") for p in patterns)
        return _Kind(name, _whole_words(patterns), re.compile(spelled), _whole_words(unless) if unless else None)

    def _expand(self, kind: str, pattern: str) -> str:
        """The pattern with its named words filled in; a doubled letter also matches when typed once."""

        def named(match: re.Match[str]) -> str:
            name = match.group(1)
            if name == "gap":
                return match.group()
            if name not in self._words:
                raise SafetyError(f"{kind}: '{pattern}' names {{{name}}}, which is not under 'words:'.")
            return f"(?:{_NAMED.sub(named, self._words[name])})"

        expanded = _DOUBLED.sub(r"\1+", _NAMED.sub(named, pattern))
        try:
            if re.compile(expanded.replace("{gap}", "")).match(""):
                raise SafetyError(f"{kind}: '{pattern}' matches a text with no words at all.")
        except re.error as error:
            raise SafetyError(f"{kind}: '{pattern}' is not a regular expression: {error}.") from None
        return expanded


def _whole_words(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + _GAPS.sub(_few_words, "|".join(patterns)) + r")\b")


def _few_words(gap: re.Match[str]) -> str:
    """Up to three words for each {gap}; whichever side its space was written, words stay one space apart."""
    before, gaps, after = gap.groups()
    most = 3 * gaps.count("{gap}")
    return rf" (?:\w+ ){{0,{most}}}" if before else rf"(?: \w+){{0,{most}}}{after}"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class SafetyDetector(GraphComponent):
    """Sets each message's ``safety``. "Training" copies the signals into the model, so that a release holds its own."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``signals``: the file, relative to the folder that training runs in."""
        return {"signals": "data/safety/signals.yml"}

    def __init__(self, model_storage: ModelStorage, resource: Resource, path: Path, signals: SafetySignals) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._path = path
        self._signals = signals

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """A detector that knows no signal yet."""
        return cls(model_storage, resource, Path(config["signals"]), SafetySignals({}, {}))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> GraphComponent:
        """The detector with the signals that its model was trained with."""
        with model_storage.read_from(resource) as folder:
            signals = SafetySignals.from_dict(read_json_file(folder / "signals.json"))
        return cls(model_storage, resource, Path(config["signals"]), signals)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The file's content, since Rasa would otherwise not notice that a signal changed."""
        path = Path({**cls.get_default_config(), **config}["signals"])
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None

    def train(self, training_data: TrainingData) -> Resource:
        """Reads the signals; without the file (training on foreign data) there are none."""
        if self._path.is_file():
            self._signals = SafetySignals.from_file(self._path)
        else:
            logger.warning("%s does not exist: this model will not notice danger.", self._path)
        with self._model_storage.write_to(self._resource) as folder:
            dump_obj_as_json_to_file(folder / "signals.json", self._signals.to_dict())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Looks for danger in what residents wrote, not in buttons ("/...")."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not text.startswith("/"):
                message.set(SAFETY, self._signals.find(text), add_to_output=True)
        return messages
