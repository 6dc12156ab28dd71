"""What is said about danger: every kind has its message, every number a placeholder, and no number is old."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.utils.io import read_yaml_file

from bot.clock import today
from bot.nlu.signals import SafetySignals
from bot.safety_numbers import Number, load_numbers, placeholders, stale_numbers, unverified_numbers

SAFETY = Path(__file__).parents[2] / "data" / "safety"
RESPONSES: dict[str, list[dict[str, Any]]] = read_yaml_file(SAFETY / "messages.yml")["responses"]


def test_every_kind_has_a_message_that_begins_with_a_number() -> None:
    kinds = SafetySignals.from_file(SAFETY / "signals.yml").kinds
    assert set(RESPONSES) == {f"utter_safety_{kind}" for kind in kinds}
    for variations in RESPONSES.values():
        for variation in variations:
            assert "{number." in variation["text"].splitlines()[0]
            assert variation["metadata"]["owner"]
            assert date.fromisoformat(variation["metadata"]["review_by"])


def test_domestic_abuse_asks_whether_it_is_safe_and_names_the_way_out() -> None:
    for variation in RESPONSES["utter_safety_domestic_abuse"]:
        assert "Is it safe to talk here?" in variation["text"]
        assert "Leave now" in variation["text"]


def test_messages_name_every_number_by_a_placeholder_that_exists() -> None:
    known = placeholders(load_numbers(SAFETY / "numbers.yml"))
    used: set[str] = set()
    for variation in (v for variations in RESPONSES.values() for v in variations):
        named = re.findall(r"\{([^{}]+)\}", variation["text"])
        used.update(named)
        assert set(named) <= set(known)
        assert not any(number in variation["text"] for number in known.values())
    assert used == set(known), "a number that no message names"


def test_every_number_was_checked_in_the_last_six_months() -> None:
    numbers = load_numbers(SAFETY / "numbers.yml")
    assert len({number.id for number in numbers}) == len(numbers)
    assert stale_numbers(numbers, today()) == []


def test_samples_are_told_apart_and_fictitious() -> None:
    numbers = {number.id: number for number in load_numbers(SAFETY / "numbers.yml")}
    assert "adult_care" in unverified_numbers(numbers.values())
    assert all(n.number.startswith("0161 496 0") for n in numbers.values() if n.source == "sample")


@pytest.mark.parametrize(
    ("checked_on", "verified", "is_stale"),
    [
        (date(2026, 11, 1), True, False),
        (date(2026, 10, 30), True, False),
        (date(2026, 10, 29), True, True),
        (None, True, True),
        (None, False, False),
    ],
)
def test_a_number_is_stale_after_six_months(checked_on: date | None, verified: bool, is_stale: bool) -> None:
    number = Number("gas", "Gas", "0800 111 999", "day and night", "https://example.org", verified, checked_on)
    assert stale_numbers([number], date(2027, 5, 1)) == (["gas"] if is_stale else [])
