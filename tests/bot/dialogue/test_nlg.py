"""Words filled with answers and with lists, each row worded by a response of its own."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.dialogue.nlg import ContentNaturalLanguageGenerator, said

DOMAIN = Domain.from_dict(
    {
        "slots": {"address": {"type": "any", "mappings": [{"type": "custom"}]}},
        "responses": {
            "utter_dates": [{"text": "For {address}:\n{collections}"}],
            "utter_dates_collections": [{"text": "{container}: {date}"}],
            "utter_dates_today": [{"text": "{container}: today, at {address}"}],
            "utter_ask": [{"text": "Which one?"}],
        },
    }
)


@pytest.fixture
def generator() -> ContentNaturalLanguageGenerator:
    return ContentNaturalLanguageGenerator(EndpointConfig(), DOMAIN)


async def told(generator: ContentNaturalLanguageGenerator, name: str, **values: Any) -> dict[str, Any]:
    tracker = DialogueStateTracker("one", DOMAIN.slots)
    tracker.slots["address"].value = {"value": "100", "said": "1 Greek Street"}
    response = await generator.generate(name, tracker, "webchat", **values)
    assert response is not None
    return response


async def test_a_list_is_told_a_row_at_a_time(generator: ContentNaturalLanguageGenerator) -> None:
    moved = {"container": "Brown bin", "row": "utter_dates_today"}
    rows = [{"container": "Blue bin", "date": "Tuesday 4 March"}, moved]
    response = await told(generator, "utter_dates", collections=rows)
    assert response["text"] == (
        "For 1 Greek Street:\n- Blue bin: Tuesday 4 March\n- Brown bin: today, at 1 Greek Street"
    )


async def test_an_empty_list_leaves_nothing(generator: ContentNaturalLanguageGenerator) -> None:
    assert (await told(generator, "utter_dates", collections=[]))["text"].rstrip() == "For 1 Greek Street:"


async def test_a_row_without_words_is_left_out(generator: ContentNaturalLanguageGenerator) -> None:
    rows = [{"row": "utter_there_is_none"}, {"container": "Blue bin", "date": "today"}]
    assert (await told(generator, "utter_dates", collections=rows))["text"].endswith(":\n- Blue bin: today")


async def test_buttons_are_no_list_to_be_told(generator: ContentNaturalLanguageGenerator) -> None:
    """Rasa puts them below the words by itself."""
    buttons = [{"title": "Blue bin", "payload": "/x"}]
    assert (await told(generator, "utter_ask", buttons=buttons))["text"] == "Which one?"


@pytest.mark.parametrize(
    ("value", "words"),
    [({"value": "1", "said": "one"}, "one"), ({"value": 1}, {"value": 1}), ("x", "x"), (None, None)],
)
def test_said(value: Any, words: Any) -> None:
    assert said(value) == words
