"""One request, two, or the ask in a story. A table stands in for the classifier: only the choosing is tested here."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from bot.nlu.intent_model import IntentModel, Prediction
from bot.nlu.reading import Reading, read


def meaning(*ranking: tuple[str, float], score: float = 0.8, refused: bool = False) -> Prediction:
    return Prediction((*ranking, ("other", 0.0)), score, refused)


class Table:
    """Predicts what it is told to for each text; anything else is refused."""

    def __init__(self, meanings: dict[str, Prediction]) -> None:
        self.meanings = meanings

    def predict(self, texts: list[str], vectors: np.ndarray) -> list[Prediction]:
        return [self.meanings.get(text, meaning(("other", 0.2), score=0.1, refused=True)) for text in texts]


def reading(text: str, whole: Prediction, meanings: dict[str, Prediction]) -> Reading:
    model = cast(IntentModel, Table(meanings))
    return read(text, whole, model, lambda texts: np.zeros((len(texts), 3)), ("chitchat", "cancel"))


MISSED, CADDY = meaning(("bin_missed", 0.99)), meaning(("bin_new", 0.99))
BOTH = "my bin was missed and I need a caddy"
PARTS = {"my bin was missed": MISSED, "I need a caddy": CADDY}


def test_two_requests_in_the_order_said() -> None:
    found = reading(BOTH, meaning(("bin_new", 0.7), ("bin_missed", 0.3)), PARTS)
    assert (found.prediction, found.second) == (MISSED, "bin_new")


def test_the_second_must_be_among_the_meanings_of_the_whole() -> None:
    whole = meaning(("bin_missed", 0.9), ("bin_day", 0.05), ("tip_hours", 0.03), ("bin_new", 0.02))
    assert reading(BOTH, whole, PARTS) == Reading(whole)


@pytest.mark.parametrize(
    "second",
    [
        meaning(("bin_new", 0.6)),
        meaning(("bin_new", 0.99), score=0.3),
        meaning(("bin_new", 0.99), refused=True),
        meaning(("bin_missed", 0.99)),
        meaning(("cancel", 0.99)),
        meaning(("chitchat/thanks", 0.99)),
    ],
    ids=["unsure", "far from the examples", "refused", "the same", "a command", "small talk"],
)
def test_no_second_request(second: Prediction) -> None:
    whole = meaning(("bin_missed", 0.7), ("bin_new", 0.2), ("cancel", 0.05))
    assert reading(BOTH, whole, {**PARTS, "I need a caddy": second}) == Reading(whole)


LIKELY = {**PARTS, "I need a caddy": meaning(("bin_new", 0.85), score=0.45)}


def test_likely_parts_will_do_for_the_two_first_meanings_of_the_whole() -> None:
    found = reading(BOTH, meaning(("bin_new", 0.7), ("bin_missed", 0.2)), LIKELY)
    assert (found.prediction, found.second) == (MISSED, "bin_new")


@pytest.mark.parametrize(
    "whole",
    [
        meaning(("bin_missed", 0.9), ("bin_new", 0.05)),
        meaning(("bin_missed", 0.5), ("bin_day", 0.3), ("bin_new", 0.2)),
    ],
    ids=["one meaning outweighs", "another comes before"],
)
def test_likely_parts_will_not_do_for_another_message(whole: Prediction) -> None:
    assert reading(BOTH, whole, LIKELY) == Reading(whole)


def test_what_only_adds_detail_is_no_second_request() -> None:
    parts = {"my bin was missed": MISSED, "they left a tag on it": meaning(("bin_contaminated", 0.99))}
    whole = meaning(("bin_contaminated", 0.7), ("bin_missed", 0.3))
    assert reading("my bin was missed and they left a tag on it", whole, parts) == Reading(whole)


def test_the_ask_inside_a_story_that_was_refused() -> None:
    whole = meaning(("bin_assisted", 0.3), score=0.1, refused=True)
    story = "Hi, my mum is 84. She moved in. So basically nobody came for the bin."
    assert reading(story, whole, {"nobody came for the bin": MISSED}) == Reading(MISSED)


def test_a_message_that_is_clear_as_a_whole_stays_what_it_is() -> None:
    whole = meaning(("tip_permit", 0.9), ("tip_hours", 0.1), score=0.75)
    parts = {"do I need a permit": meaning(("tip_hours", 0.95), score=0.8)}
    assert reading("I've got a van, do I need a permit", whole, parts) == Reading(whole)
