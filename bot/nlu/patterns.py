"""Rasa's extractor of details known by their form: postcode, date, phone and the like (bot.text finds them)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.clock import today
from bot.council import council
from bot.nlu.cleanup import is_command
from bot.text.dates import find_dates
from bot.text.emails import find_emails
from bot.text.houses import find_house_numbers, find_money
from bot.text.match import Match
from bot.text.phones import find_phones
from bot.text.postcodes import find_postcodes
from bot.text.references import find_references
from bot.text.registrations import find_registrations
from bot.text.working_days import Holiday

# Someone who tells what happened means the Tuesday that was, not the one to come.
_PAST = re.compile(
    r"\b(?:was|were|did|had|last|since|missed|ago|already)\b|\b(?:was|were|did|had|has|have)n'?t\b|\bnot been\b",
    re.IGNORECASE,
)


def _dates(text: str, day: date, holiday: Holiday) -> list[Match]:
    found = find_dates(text, day, past=bool(_PAST.search(text)), holiday=holiday)
    return [Match(match.value.isoformat(), match.start, match.end) for match in found]


def find_details(text: str, day: date, holiday: Holiday) -> list[tuple[str, Match]]:
    """Each detail's entity and place, none over another.

    ``day`` is today, for what people say relative to it, ``holiday`` knows the bank holidays.
    """
    # The surest forms come first, and what they claim is not looked at again.
    finders: list[tuple[str, Callable[[str], Iterable[Match]]]] = [
        ("email", find_emails),
        ("postcode", find_postcodes),
        ("phone", find_phones),
        ("reference", find_references),
        ("date", lambda words: _dates(words, day, holiday)),
        ("registration", find_registrations),
        ("money", find_money),
        ("house_number", find_house_numbers),
    ]
    found: list[tuple[str, Match]] = []
    for entity, find in finders:
        for match in find(text):
            if not any(match.start < other.end and other.start < match.end for _, other in found):
                found.append((entity, match))
    return sorted(found, key=lambda item: item[1].start)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PatternExtractor(GraphComponent, EntityExtractorMixin):
    """Adds an entity, its value in normal form, for every detail in a message."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PatternExtractor:
        """See the parent class."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the details found to each message's entities."""
        for message in messages:
            if message.get(TEXT) and not is_command(message):
                found = find_details(message.get(TEXT), today(), council().bank_holiday)
                entities = self.add_extractor_name([_entity(kind, match) for kind, match in found])
                message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
        return messages


def _entity(kind: str, match: Match) -> dict[str, Any]:
    return {"entity": kind, "value": match.value, "start": match.start, "end": match.end, "confidence": 1.0}
