"""The spine, the service packs and the council's profile -> one Rasa domain and training set.

Named in config.yml, so that ``rasa train``, ``rasa data validate`` and ``rasa interactive`` use it. What a pack
need not write because it follows from what it has written is added here: intents from the examples, forms, slots,
actions and rules from the journeys. Placeholders that name a fact of the council (``{fact.garden_fee}``) are filled,
so that a model is complete in itself. A name defined twice is an error, told with file and line.

Rasa asks for each of these several times, and its own readers parse every file three times over to find mistakes in
it: with all services that took longer than learning. Each is made once here, from files that bot.content reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain, InvalidDomain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import tuning
from bot.content import ContentError, Finding, Mapping, line_of, plain, read
from bot.council import council
from bot.dialogue.forms import journey_domain, journey_rules, look_ups
from bot.dialogue.journey_reader import read_journeys
from bot.dialogue.journeys import Journey
from bot.filling import facts_of, fill, unknown
from bot.settings import settings

NLU_KINDS = frozenset(("intent", "synonym", "regex", "lookup"))


class ServicePackImporter(RasaFileImporter):
    """Rasa's own file importer with the packs put together; see the module's docstring."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **kwargs: Any,
    ) -> None:
        tuning.apply_to_training()
        super().__init__(config_file, domain_path, training_data_paths)
        self._data = Path(settings().data_dir)
        self._nlu_files: list[str] = [path for path in self._nlu_files if self._is_ours(Path(path))]

    def _is_ours(self, path: Path) -> bool:
        """Not the folder of another council."""
        parts = path.parts
        if "councils" not in parts[:-1]:
            return True
        return parts[parts.index("councils") + 1] == settings().council

    def get_domain(self) -> Domain:
        """The spine with everything that follows from the packs."""
        return self._domain

    @cached_property
    def _domain(self) -> Domain:
        spine = super().get_domain()
        if spine.is_empty():
            return spine
        _refuse(doubles(Path(path) for path in self._nlu_files))
        intents = sorted({name for path in self._nlu_files for name in intents_in(Path(path))})
        extra = journey_domain(self._journeys)
        extra["intents"] = [name for name in intents if name not in spine.intents]
        known = spine.as_dict().get("slots", {})
        extra["slots"] = {name: slot for name, slot in extra["slots"].items() if name not in known}
        return spine.merge(Domain.from_dict(extra))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Written stories and rules, and the rules that journeys make up."""
        written = super().get_stories(exclusion_percentage)
        domain = self.get_domain()
        if domain.is_empty():
            return written
        return written.merge(self._rules)

    @cached_property
    def _rules(self) -> StoryGraph:
        domain, known = self.get_domain(), self._journeys.values()
        answers = [intent for intent in ("faq", "chitchat") if intent in domain.intents]
        rules = journey_rules(known, answers, look_ups(domain.intents, domain.user_actions, known))
        return StoryGraph(YAMLStoryReader(domain).read_from_parsed_yaml({"version": "3.1", "rules": rules}))

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Examples, look-up tables and responses, with the council's facts filled in."""
        return self._nlu_data

    @cached_property
    def _nlu_data(self) -> TrainingData:
        reader = _Reader()
        for path in self._nlu_files:
            reader.take(Path(path))
        data = reader.data()
        if data.responses and self._has_profile():
            data.responses = filled(data.responses, facts_of(council(), self._data))
        return data

    def _has_profile(self) -> bool:
        return (self._data / "councils" / settings().council / "profile.yml").exists()

    @cached_property
    def _journeys(self) -> dict[str, Journey]:
        try:
            return read_journeys(self._data)
        except ContentError as error:
            raise InvalidDomain(str(error)) from error


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise InvalidDomain("\n".join(str(finding) for finding in findings))


class _Reader(RasaYAMLReader):
    """Rasa's reader of examples and responses, of any number of files that bot.content has read."""

    def take(self, path: Path) -> None:
        """Add what stands in a file; what is not as Rasa wants it raises InvalidDomain, with its line."""
        try:
            content = read(path)
        except ContentError as error:
            raise InvalidDomain(str(error)) from error
        _refuse(list(_misshapen(path, content)))
        self.filename = str(path)
        self._parse_nlu(content.get("nlu"))
        self.responses |= plain(content.get("responses") or {})

    def data(self) -> TrainingData:
        """All that was taken."""
        return TrainingData(
            self.training_examples, self.entity_synonyms, self.regex_features, self.lookup_tables, self.responses
        )


def _misshapen(path: Path, content: Mapping) -> Iterator[Finding]:
    for place, item in enumerate(content.get("nlu") or []):
        if not isinstance(item, dict) or not NLU_KINDS & set(item) or not isinstance(item.get("examples"), str):
            says = f"An entry needs one of {', '.join(sorted(NLU_KINDS))}, and below 'examples: |' its examples."
            yield Finding(path, line_of(content["nlu"], place), says)
    responses = content.get("responses") or {}
    for name, variations in responses.items():
        is_list = isinstance(variations, list) and variations
        if not is_list or not all(isinstance(item, dict) and {"text", "custom"} & set(item) for item in variations):
            yield Finding(path, line_of(responses, name), f"{name}: a response is a list of variations with a text.")


def intents_in(path: Path) -> list[str]:
    """The intents with examples in one NLU file; retrieval intents by their base name."""
    return list(dict.fromkeys(str(item["intent"]).split("/")[0] for item in _items(read(path)) if "intent" in item))


def _items(content: Any) -> list[Any]:
    return [item for item in content.get("nlu") or [] if hasattr(item, "get")]


def doubles(paths: Iterable[Path]) -> list[Finding]:
    """Intents and responses that are defined in more than one place."""
    seen: dict[str, Path] = {}
    findings = []
    for path in sorted(paths):
        content = read(path)
        names = [
            (f"intent '{item['intent']}'", line_of(item, "intent")) for item in _items(content) if "intent" in item
        ]
        responses = content.get("responses") or {}
        names += [(f"response '{name}'", line_of(responses, name)) for name in responses]
        for name, line in names:
            if name in seen:
                findings.append(Finding(path, line, f"The {name} is defined in {seen[name]} too."))
            seen.setdefault(name, path)
    return findings


def filled(responses: dict[str, list[dict[str, Any]]], facts: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The responses with the council's facts in place. Raises InvalidDomain for a fact that there is not."""
    missing = [
        f"{name}: the council's profile has no '{wanted}'."
        for name, variations in responses.items()
        for wanted in unknown(variations, facts)
    ]
    if missing:
        raise InvalidDomain("\n".join(missing))
    return {name: fill(variations, facts) for name, variations in responses.items()}
