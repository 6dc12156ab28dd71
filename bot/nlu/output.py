"""What the classifier writes into a message: Rasa's own properties, and ``understanding`` with full names.

Rasa knows a retrieval intent by its base ("faq") and finds the answer in a response selector's output; both are
made here in the shape in which Rasa's own components make them.
"""

from __future__ import annotations

from typing import Any

from rasa.nlu.constants import (
    RESPONSE_SELECTOR_PREDICTION_KEY,
    RESPONSE_SELECTOR_RANKING_KEY,
    RESPONSE_SELECTOR_RESPONSES_KEY,
    RESPONSE_SELECTOR_RETRIEVAL_INTENTS,
    RESPONSE_SELECTOR_UTTER_ACTION_KEY,
)
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME, UTTER_PREFIX
from rasa.shared.nlu.constants import (
    INTENT_NAME_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
    RESPONSE_IDENTIFIER_DELIMITER,
)

from bot.nlu.intent_model import Prediction
from bot.nlu.reading import Reading

RANKING_LENGTH = 10
ALSO_LENGTH = 4


def _base(label: str) -> str:
    return label.split(RESPONSE_IDENTIFIER_DELIMITER)[0]


def understanding(reading: Reading) -> dict[str, Any]:
    """The query's full name with its rivals; ``second`` is another request in the same message, or None."""
    prediction = reading.prediction
    first, *others = ({"query": name, "confidence": chance} for name, chance in prediction.ranking)
    return {
        **first,
        "also": others[:ALSO_LENGTH],
        "refused": prediction.refused,
        "score": prediction.score,
        "second": reading.second,
    }


def rasa_ranking(prediction: Prediction) -> list[dict[str, Any]]:
    """Base intents, each with the confidence of its best full name, so that the first stays the first."""
    best: dict[str, float] = {}
    for name, chance in prediction.ranking:
        best.setdefault(_base(name), chance)
    pairs = list(best.items())[:RANKING_LENGTH]
    ranking = [{INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: chance} for name, chance in pairs]
    if not prediction.refused:
        return ranking
    # As Rasa's FallbackClassifier does it, so that policies and rules written for it work.
    fallback = {
        INTENT_NAME_KEY: DEFAULT_NLU_FALLBACK_INTENT_NAME,
        PREDICTED_CONFIDENCE_KEY: 1.0 - prediction.score,
    }
    return [fallback, *ranking]


def selection(prediction: Prediction) -> dict[str, Any]:
    """What Rasa's ResponseSelector would say for each retrieval intent; empty if there are none."""
    groups: dict[str, list[tuple[str, float]]] = {}
    for name, chance in prediction.ranking:
        if RESPONSE_IDENTIFIER_DELIMITER in name:
            groups.setdefault(_base(name), []).append((name, chance))
    if not groups:
        return {}
    found: dict[str, Any] = {RESPONSE_SELECTOR_RETRIEVAL_INTENTS: sorted(groups)}
    for base, members in groups.items():
        name, chance = members[0]
        found[base] = {
            RESPONSE_SELECTOR_PREDICTION_KEY: {
                # The texts stay in the domain: they would be copied into every event of the tracker.
                RESPONSE_SELECTOR_RESPONSES_KEY: [],
                PREDICTED_CONFIDENCE_KEY: chance,
                INTENT_RESPONSE_KEY: name,
                RESPONSE_SELECTOR_UTTER_ACTION_KEY: f"{UTTER_PREFIX}{name}",
            },
            RESPONSE_SELECTOR_RANKING_KEY: [
                {PREDICTED_CONFIDENCE_KEY: chance, INTENT_RESPONSE_KEY: name} for name, chance in members[:3]
            ],
        }
    return found
