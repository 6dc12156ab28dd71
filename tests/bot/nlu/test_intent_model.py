"""The classifier's mathematics on small data: right, calibrated, deterministic, and never at a loss."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.intent_model import IntentModel, Options, Prediction
from bot.nlu.minilm import embed

EXAMPLES = {
    "bin_day": ["when is my bin collected", "what day are the bins", "bin day", "which bin is it this week",
                "when do you empty the bins", "next collection date", "is it bin day tomorrow", "collection day"],
    "bin_missed": ["my bin was not emptied", "you missed my bin", "missed collection", "they forgot our bin",
                   "bin still full nobody came", "the bin men drove past", "not collected today", "bin not taken"],
    "faq/food_waste": ["what goes in the food caddy", "can I put bones in the caddy", "food waste rules",
                       "why recycle food", "is cooked food allowed in the caddy", "maggots in my food caddy",
                       "how does food waste work", "what happens to food waste"],
    "out_of_scope": ["tell me a joke", "who won the football", "what is the weather", "order a pizza",
                     "translate this to french", "play some music", "capital of france", "write a poem"],
}  # fmt: skip


def fit(examples: dict[str, list[str]], options: Options | None = None) -> IntentModel:
    pairs = [(text, name) for name, texts in examples.items() for text in texts]
    texts = [text for text, _ in pairs]
    return IntentModel.fit(texts, [name for _, name in pairs], embed([*texts, "pad"])[:-1], options or Options())


def ask(model: IntentModel, text: str) -> Prediction:
    return model.predict([text], embed([text]))[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [("what day do you collect my bins", "bin_day"), ("my bn was nt emptyd", "bin_missed"),
     ("can chicken bones go in the food caddy", "faq/food_waste")],
)  # fmt: skip
def test_unseen_and_misspelt_words_are_understood(text: str, label: str) -> None:
    prediction = ask(fit(EXAMPLES), text)
    assert prediction.ranking[0][0] == label and not prediction.refused
    assert sum(chance for _, chance in prediction.ranking) == pytest.approx(1, abs=1e-4)
    assert [chance for _, chance in prediction.ranking] == sorted((c for _, c in prediction.ranking), reverse=True)


def test_what_it_does_not_know_is_refused() -> None:
    known = {name: texts for name, texts in EXAMPLES.items() if name != "out_of_scope"}
    model = fit(known, Options(refuse_share=0.1))
    assert ask(model, "qwertyuiop").refused
    assert ask(model, "how tall is the eiffel tower").refused
    assert not ask(model, "when is my bin collected").refused


def test_an_intent_for_the_rest_is_refused_whatever_its_score() -> None:
    model = fit(EXAMPLES, Options(out_of_scope="out_of_scope"))
    prediction = ask(model, "tell me a joke please")
    assert prediction.refused and "out_of_scope" not in dict(prediction.ranking)
    assert not ask(fit(EXAMPLES), "tell me a joke please").refused


def test_what_is_refused_is_told_apart_still() -> None:
    model = fit(EXAMPLES, Options(out_of_scope="out_of_scope"))
    jokes = [ask(model, text).score for text in ("tell me a joke", "can you write me a poem about bins")]
    assert jokes[0] < jokes[1] < 0, "beliefs that are cut off at nought would be one"


def test_a_larger_share_refuses_more() -> None:
    thresholds = [fit(EXAMPLES, Options(refuse_share=share)).calibration.threshold for share in (0.0, 0.1, 0.5)]
    assert thresholds == sorted(thresholds) and thresholds[0] < thresholds[2]


def test_order_of_the_examples_changes_nothing() -> None:
    turned = {name: texts[::-1] for name, texts in reversed(EXAMPLES.items())}
    one, other = ask(fit(EXAMPLES), "is it bins tomorrow"), ask(fit(turned), "is it bins tomorrow")
    assert [name for name, _ in one.ranking] == [name for name, _ in other.ranking]
    assert one.score == pytest.approx(other.score, abs=1e-3)


def test_trained_twice_it_answers_the_same() -> None:
    one, other = (
        fit(EXAMPLES, Options(out_of_scope="out_of_scope")),
        fit(EXAMPLES, Options(out_of_scope="out_of_scope")),
    )
    for text in ("bins tomorrow?", "a joke", "caddy", "my bin wasnt emtied", "qwertyuiop"):
        assert ask(one, text) == ask(other, text)


def test_saved_and_read_it_answers_the_same(tmp_path: Path) -> None:
    model = fit(EXAMPLES, Options(out_of_scope="out_of_scope"))
    model.save(tmp_path)
    read = IntentModel.load(tmp_path)
    for text in ("bins tomorrow?", "a joke", "caddy"):
        one, other = ask(model, text), ask(read, text)
        assert [name for name, _ in one.ranking] == [name for name, _ in other.ranking]
        assert (one.refused, one.score) == (other.refused, pytest.approx(other.score, abs=1e-5))
    assert read.options == model.options


@pytest.mark.parametrize(
    "examples",
    [{"a": ["hi"]}, {"a": ["hi", "hello"]}, {"a": ["hi"], "b": ["bye"]}, {"a": ["hi", "hello"], "b": ["bye", "ta ra"]},
     {"a": ["?"], "b": ["!"]}, {"a": ["hi"], "b": ["hi"]}, {"a": ["hi", "hello", "hey"], "b": ["bye"], "c": ["no"]}],
)  # fmt: skip
def test_tiny_data(examples: dict[str, list[str]], tmp_path: Path) -> None:
    model = fit(examples)
    model.save(tmp_path)
    read = IntentModel.load(tmp_path)
    for text, name in [(texts[0], name) for name, texts in examples.items()]:
        prediction = ask(read, text)
        assert {label for label, _ in prediction.ranking} == set(examples)
        assert prediction.ranking[0][0] == name or examples == {"a": ["hi"], "b": ["hi"]}


def test_what_speaks_for_out_of_scope_speaks_against_the_rest() -> None:
    alike = {**EXAMPLES, "out_of_scope": [*EXAMPLES["out_of_scope"], "when is my bus collected from the depot"]}
    with_weight, without = (
        ask(fit(alike, Options(out_of_scope="out_of_scope", outside_weight=weight)), "when is my bus collected")
        for weight in (2.0, 0.0)
    )
    assert with_weight.score < without.score


def test_several_texts_at_once_mean_what_each_means_alone() -> None:
    model, texts = fit(EXAMPLES), ["when is bin day", "qwertyuiop", "bones in the caddy"]
    for alone, together in zip((ask(model, text) for text in texts), model.predict(texts, embed(texts)), strict=True):
        assert alone.ranking[0][0] == together.ranking[0][0] and alone.refused == together.refused
        assert alone.score == pytest.approx(together.score, abs=0.02)


def test_fewer_components_than_examples_span_still_understand() -> None:
    model = fit(EXAMPLES, Options(components=12))
    assert ask(model, "what day do you collect my bins").ranking[0][0] == "bin_day"
