"""Training: what is hashed, copied and compressed. Gains are seconds of processor time with all services.

1. ``TrainingHook`` hashes all that goes into and comes out of every step, for a cache that ``assistant train`` does
   not keep: 14 s.
2. ``TrainingData.merge`` copies every example, and is called nine times on the way from the importer: 12 s. Nobody
   changes what was merged, so the examples themselves are passed on.
3. ``Message.__hash__`` hashes all that a message holds, to find equal examples after each merge. Its text and
   intent do; messages that have both in common are still compared as before: 6 s.
4. ``LocalModelStorage`` compresses a model, which is mostly numbers without a pattern, as hard as gzip can: 6 s. The
   least that gzip can makes the file no larger to speak of and takes 1 s.
"""

from __future__ import annotations

from collections.abc import Callable
from tarfile import TarFile
from typing import Any

from rasa.engine.training.hooks import TrainingHook
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.nlu.training_data.util import check_duplicate_synonym
from tarsafe import TarSafe


def _unless_uncached(original: Callable[..., Any], instead: Any) -> Callable[..., Any]:
    def hook(self: TrainingHook, *args: Any, **kwargs: Any) -> Any:
        return instead if self._cache._is_disabled() else original(self, *args, **kwargs)

    return hook


def _merge(self: TrainingData, *others: TrainingData | None) -> TrainingData:
    """As Rasa's own, of the examples themselves."""
    all_data = [self, *(other for other in others if other)]
    synonyms: dict[str, str] = {}
    for data in all_data:
        for text, value in data.entity_synonyms.items():
            check_duplicate_synonym(synonyms, text, value, "merging training data")
        synonyms |= data.entity_synonyms
    return TrainingData(
        [message for data in all_data for message in data.training_examples],
        synonyms,
        [pattern for data in all_data for pattern in data.regex_features],
        [table for data in all_data for table in data.lookup_tables],
        {name: variations for data in all_data for name, variations in data.responses.items()},
    )


def _hash_message(self: Message) -> int:
    return hash((self.data.get(TEXT), self.data.get(INTENT)))


def _gzopen(cls: type[TarSafe], name: str, mode: str = "r", fileobj: Any = None, compresslevel: int = 1) -> TarFile:
    return TarFile.gzopen.__func__(cls, name, mode, fileobj, compresslevel)  # type: ignore[attr-defined]


def apply() -> None:
    """Put it in place."""
    TrainingHook.on_before_node = _unless_uncached(TrainingHook.on_before_node, {})
    TrainingHook.on_after_node = _unless_uncached(TrainingHook.on_after_node, None)
    TrainingData.merge, Message.__hash__ = _merge, _hash_message
    TarSafe.gzopen = classmethod(_gzopen)
