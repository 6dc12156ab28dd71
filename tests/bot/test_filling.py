"""The council's facts in the words of responses; what a conversation fills is left for it."""

from __future__ import annotations

from pathlib import Path

from bot.council import load_council
from bot.filling import facts_of, fill, unknown
from tests.conftest import ROOT
from tests.support.profile import copy_profile

FACTS = {"fact.fee": "£5", "council.name": "Stockport Council"}


def test_facts_are_filled_wherever_texts_stand() -> None:
    value = {"text": "{fact.fee} to {council.name}", "buttons": [{"title": "Pay {fact.fee}"}], "number": 1}
    assert fill(value, FACTS) == {"text": "£5 to Stockport Council", "buttons": [{"title": "Pay £5"}], "number": 1}


def test_what_no_fact_fills_is_left_and_told() -> None:
    value = ["{fact.fee} {fact.lost} {address}", {"a": "{number.gas}"}]
    assert fill(value, FACTS) == ["£5 {fact.lost} {address}", {"a": "{number.gas}"}]
    assert list(unknown(value, FACTS)) == ["fact.lost", "number.gas"]


def test_numbers_are_links_that_a_phone_can_call(tmp_path: Path) -> None:
    facts = facts_of(load_council(copy_profile(tmp_path)), ROOT / "data")
    assert facts["council.phone"] == facts["fact.contact_phone"] == "[0161 496 0100](tel:01614960100)"
    assert facts["council.name"] == "Stockport Council" and facts["number.emergency"] == "[999](tel:999)"
