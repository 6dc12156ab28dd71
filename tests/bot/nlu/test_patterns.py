"""Details known by their form, together in one message."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.patterns import PatternExtractor, find_details
from bot.settings import settings
from tests.support.nlu import parts

TODAY = date(2026, 11, 25)
HOLIDAYS = {date(2026, 12, 28): "Boxing Day"}


@pytest.fixture
def _pretended(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ASSISTANT_NOW", "2026-11-25T10:00")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 Hillcrest Road SK1 3XE", [("house_number", "12"), ("postcode", "SK1 3XE")]),
        ("my bin wasn't collected on tuesday", [("date", "2026-11-24")]),
        ("collect my sofa on tuesday", [("date", "2026-12-01")]),
        ("07700 900123 or jo@example.com", [("phone", "07700 900123"), ("email", "jo@example.com")]),
        ("where is sbx-7k3m9p", [("reference", "SBX-7K3M9P")]),
        ("permit for van FX19 ZTC", [("registration", "FX19 ZTC")]),
        ("it cost \u00a335.50", [("money", "35.50")]),
        ("are you open bank holiday monday", [("date", "2026-12-28")]),
        ("flat 2b, 14 Hall St sk1, 3xe", [("house_number", "2B"), ("house_number", "14"), ("postcode", "SK1 3XE")]),
        ("forty two buxton road, S K one three X E", [("house_number", "42"), ("postcode", "SK1 3XE")]),
        ("oh one six one four nine six oh one two three", [("phone", "0161 496 0123")]),
        ("2 bins please", []),
        ("", []),
    ],
)
def test_details(text: str, found: list[tuple[str, str]]) -> None:
    assert [(entity, match.value) for entity, match in find_details(text, TODAY, HOLIDAYS.get)] == found


def test_none_lies_over_another() -> None:
    text = "ref SBX-7K3M9P at 12 Hill Road SK1 3XE on 3/4/2027 call 0161 496 0123 reg AB12 CDE jo12@example.com"
    spans = [(match.start, match.end) for _, match in find_details(text, TODAY, HOLIDAYS.get)]
    assert all(one[1] <= other[0] for one, other in zip(spans, spans[1:], strict=False))
    assert len(spans) == 7


@pytest.mark.usefixtures("_pretended")
def test_as_rasa_runs_it_by_the_clock(tmp_path: Path) -> None:
    extractor = PatternExtractor.create(*parts(tmp_path))
    sent = [Message.build(text) for text in ("tomorrow at SK1 3XE", "open bank holiday monday", "/bin_day tomorrow")]
    message, holiday, command = extractor.process(sent)
    every = {"confidence": 1.0, "extractor": "PatternExtractor"}
    assert message.get("entities") == [
        {"entity": "date", "value": "2026-11-26", "start": 0, "end": 8, **every},
        {"entity": "postcode", "value": "SK1 3XE", "start": 12, "end": 19, **every},
    ]
    assert [item["value"] for item in holiday.get("entities")] == ["2026-12-28"]
    assert command.get("entities") is None


@pytest.mark.parametrize(
    "text",
    ["on 3rd 12 road " * 66, "07700 900123 " * 76, "SK1 3XE " * 120, "1 " * 500, "one oh " * 140,
     "second of may " * 70, "hall st. " * 110, "a week on tuesday " * 55],
)  # fmt: skip
def test_no_message_takes_long(text: str) -> None:
    start = time.perf_counter()
    find_details(text[:1000], TODAY, HOLIDAYS.get)
    assert time.perf_counter() - start < 1
