"""Payloads taken apart, and when a meaning is sure."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.dialogue.journeys import Journey
from bot.dialogue.situation import SURE, read_payload
from tests.bot.dialogue.builder import Talk


def test_a_payload_is_an_intent_with_details() -> None:
    button = read_payload("Blue bin", '/answer{"question": "container", "value": "blue_bin"}')
    assert (button.intent, button.details) == ("answer", {"question": "container", "value": "blue_bin"})
    assert button.offered.value == "blue_bin" and button.offered.title == "Blue bin"


def test_a_payload_may_be_an_intent_alone() -> None:
    button = read_payload("Talk to a person", "/speak_to_person")
    assert (button.intent, button.details) == ("speak_to_person", {})
    assert button.offered.value == "/speak_to_person"


@pytest.mark.parametrize(("confidence", "sure"), [(SURE, True), (SURE - 0.01, False)])
def test_a_typed_meaning_is_sure_from_a_confidence_on(
    known: Mapping[str, Journey], confidence: float, sure: bool
) -> None:
    assert Talk(known).says("my bin", "bin_missed", confidence).is_sure is sure


def test_a_refused_meaning_is_never_sure_and_a_pressed_one_always(known: Mapping[str, Journey]) -> None:
    assert not Talk(known).says("my bin", "bin_missed", 0.99, refused=True).is_sure
    assert Talk(known).presses("/bin_missed").is_sure


def test_the_first_detail_of_a_kind_counts(known: Mapping[str, Journey]) -> None:
    now = Talk(known).says("SK1 3XE or SK4 3AA", entities=[("postcode", "SK1 3XE"), ("postcode", "SK4 3AA")])
    assert now.entity("postcode") == "SK1 3XE" and now.entity("email") is None
