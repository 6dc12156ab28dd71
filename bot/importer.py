"""The spine, the service packs and the council's profile -> one Rasa domain and training set.

Named in config.yml, so that ``rasa train``, ``rasa data validate`` and ``rasa interactive`` use it. What a pack
need not write because it follows from what it has written is added here: intents from the examples, forms, slots,
actions and rules from the journeys. Placeholders that name a fact of the council (``{fact.garden_fee}``) are filled,
so that a model is complete in itself. A name defined twice is an error, told with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import rasa.shared.utils.io
from rasa.shared.core.domain import Domain, InvalidDomain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.content import ContentError, Finding, line_of, read
from bot.council import council
from bot.dialogue.forms import journey_domain, journey_rules, look_ups
from bot.dialogue.journey_reader import read_journeys
from bot.dialogue.journeys import Journey
from bot.safety_numbers import load_numbers, placeholders
from bot.settings import settings
from bot.text.say import to_call

PLACEHOLDER = re.compile(r"\{((?:council|fact|container|contact|number)\.[a-z0-9_.]+)\}")


class ServicePackImporter(RasaFileImporter):
    """Rasa's own file importer with the packs put together; see the module's docstring."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        self._data = Path(settings().data_dir)
        self._nlu_files: list[str] = [path for path in self._nlu_files if self._is_ours(Path(path))]
        self._journeys: dict[str, Journey] | None = None

    def _is_ours(self, path: Path) -> bool:
        """Not the folder of another council."""
        parts = path.parts
        if "councils" not in parts[:-1]:
            return True
        return parts[parts.index("councils") + 1] == settings().council

    def get_domain(self) -> Domain:
        """The spine with everything that follows from the packs."""
        spine = super().get_domain()
        if spine.is_empty():
            return spine
        self._refuse_doubles()
        intents = sorted({name for path in self._nlu_files for name in intents_in(Path(path))})
        extra = journey_domain(self._read_journeys())
        extra["intents"] = [name for name in intents if name not in spine.intents]
        known = spine.as_dict().get("slots", {})
        extra["slots"] = {name: slot for name, slot in extra["slots"].items() if name not in known}
        return spine.merge(Domain.from_dict(extra))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Written stories and rules, and the rules that journeys make up."""
        written = super().get_stories(exclusion_percentage)
        domain = self.get_domain()
        answers = [intent for intent in ("faq", "chitchat") if intent in domain.intents]
        if domain.is_empty():
            return written
        known = self._read_journeys().values()
        rules = journey_rules(known, answers, look_ups(domain.intents, domain.user_actions, known))
        text = rasa.shared.utils.io.dump_obj_as_yaml_to_string({"version": "3.1", "rules": rules})
        steps = YAMLStoryReader(domain).read_from_string(text)
        return written.merge(StoryGraph(steps))

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Examples, look-up tables and responses, with the council's facts filled in."""
        data = super().get_nlu_data(language)
        if data.responses and self._has_profile():
            numbers = placeholders(load_numbers(self._data / "safety" / "numbers.yml"))
            facts = council().placeholders()
            phones = {name: to_call(number) for name, number in facts.items() if name.endswith("phone")}
            data.responses = filled(data.responses, facts | phones | numbers)
        return data

    def _has_profile(self) -> bool:
        return (self._data / "councils" / settings().council / "profile.yml").exists()

    def _read_journeys(self) -> dict[str, Journey]:
        if self._journeys is None:
            try:
                self._journeys = read_journeys(self._data)
            except ContentError as error:
                raise InvalidDomain(str(error)) from error
        return self._journeys

    def _refuse_doubles(self) -> None:
        findings = doubles(Path(path) for path in self._nlu_files)
        if findings:
            raise InvalidDomain("\n".join(str(finding) for finding in findings))


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
    missing: list[str] = []

    def fill(name: str, value: Any) -> Any:
        if isinstance(value, str):
            for wanted in PLACEHOLDER.findall(value):
                if wanted not in facts:
                    missing.append(f"{name}: the council's profile has no '{wanted}'.")
            return PLACEHOLDER.sub(lambda found: facts.get(found[1], found[0]), value)
        if isinstance(value, dict):
            return {key: fill(name, item) for key, item in value.items()}
        if isinstance(value, list):
            return [fill(name, item) for item in value]
        return value

    result = {name: fill(name, variations) for name, variations in responses.items()}
    if missing:
        raise InvalidDomain("\n".join(missing))
    return result
