"""What the classifier's result looks like to Rasa and to our policy."""

from __future__ import annotations

from bot.nlu.intent_model import Prediction
from bot.nlu.output import rasa_ranking, selection, understanding
from bot.nlu.reading import Reading

FOOD = Prediction((("faq/food_waste", 0.6), ("bin_day", 0.3), ("faq/privacy", 0.1)), 0.5, False)


def test_understanding_has_full_names_and_the_second_request() -> None:
    seen = understanding(Reading(FOOD, "bin_day"))
    assert (seen["query"], seen["second"], seen["refused"]) == ("faq/food_waste", "bin_day", False)
    assert [other["query"] for other in seen["also"]] == ["bin_day", "faq/privacy"]


def test_rasa_sees_base_intents_once_each() -> None:
    assert [item["name"] for item in rasa_ranking(FOOD)] == ["faq", "bin_day"]


def test_a_refusal_is_rasas_fallback_before_the_ranking() -> None:
    refused = Prediction(FOOD.ranking, 0.1, True)
    assert [item["name"] for item in rasa_ranking(refused)] == ["nlu_fallback", "faq", "bin_day"]
    assert rasa_ranking(refused)[0]["confidence"] == 0.9


def test_without_retrieval_intents_nothing_is_selected() -> None:
    assert selection(Prediction((("bin_day", 1.0),), 0.9, False)) == {}
