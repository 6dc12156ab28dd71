"""How answers are filled: Rasa's response templates, and lists of things told a row at a time.

A list handed to a response (``collections=[{...}, ...]``) is told by another response, one row each:
``utter_bin_day_dates`` with ``{collections}`` uses ``utter_bin_day_dates_collections``, or the response that the
row itself names as ``row``. So a list, too, is worded by editors and not by code.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from bot.text.say import inert


class ContentNaturalLanguageGenerator(TemplatedNaturalLanguageGenerator):
    """Rasa's own generator, with lists and with answers kept as ``{"value", "said"}``."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)

    def generate_from_slots(
        self, utter_action: str, filled_slots: dict[str, Any], output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """See the parent; lists among ``kwargs`` become lines first, buttons are left to Rasa."""
        slots = {name: said(value) for name, value in filled_slots.items()}
        told = {
            name: self._lines(utter_action, name, value, slots, output_channel) if name != "buttons" else value
            for name, value in kwargs.items()
        }
        response = super().generate_from_slots(utter_action, slots, output_channel, **told)
        if response and response.get("text"):
            response["text"] = without_gaps(response["text"])
        return response

    def _lines(self, utter: str, name: str, value: Any, slots: dict[str, Any], channel: str) -> Any:
        if not isinstance(value, list):
            return value
        rows = []
        for row in value:
            response = super().generate_from_slots(row.get("row") or f"{utter}_{name}", slots, channel, **row)
            rows.append(f"- {without_gaps(response['text'])}" if response else "")
        return "\n".join(row for row in rows if row)


def without_gaps(text: str) -> str:
    """The words without the spaces and empty lines that a value which is empty leaves behind."""
    lines = [re.sub(r"(?<=\S) {2,}", " ", line).rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def said(value: Any) -> Any:
    """An answer as it is said back, without power over the text around it; any other slot value as it is."""
    return inert(value["said"]) if isinstance(value, dict) and "said" in value else value
