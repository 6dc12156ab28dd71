"""The figures of `assistant bench nlu`, on answers that were worked out by hand; and what data it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bench.nlu.exams import ExamError, Lesson, Question, Span, crossed, given
from bench.nlu.rivals import Answer
from bench.nlu.scores import entity_f1, judge, refusal_curve


def answer(label: str, belief: float, *, refused: bool = False, spans: tuple[Span, ...] = ()) -> Answer:
    return Answer(label, belief, belief, refused, spans)


QUESTIONS = [
    Question("a", "bin"),
    Question("b", "bin"),
    Question("c", "tax"),
    Question("d", "out"),
    Question("e", "out"),
]
ANSWERS = [
    answer("bin", 0.9),
    answer("tax", 0.6),
    answer("tax", 0.7, refused=True),
    answer("bin", 0.2, refused=True),
    answer("tax", 0.65),
]


def test_accuracy_refusal_and_calibration() -> None:
    scores = judge(QUESTIONS, ANSWERS, "out")
    assert (scores.in_scope, scores.out_of_scope) == (3, 2)
    assert scores.accuracy == pytest.approx(2 / 3)
    assert scores.macro_f1 == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert scores.answered_right == pytest.approx(1 / 3)
    assert (scores.refused_outside, scores.refused_inside) == (0.5, pytest.approx(1 / 3))
    assert scores.auroc == pytest.approx(5 / 6)  # of six pairs one is the wrong way round
    # The best is to refuse what is believed less than 0.6, one of "out" alone.
    assert scores.best_matthews == pytest.approx(0.667, abs=0.001)
    assert scores.matthews == pytest.approx(1 / 6, abs=0.001)
    assert scores.calibration_error == pytest.approx((0.1 + 0.6 + 0.3) / 3)


def test_without_anything_out_of_scope_refusal_has_no_figure() -> None:
    scores = judge(QUESTIONS[:3], ANSWERS[:3], None)
    assert scores.auroc is None and scores.best_matthews is None and scores.refused_outside is None


def test_details_are_right_in_the_same_place_and_of_the_same_kind() -> None:
    asked = [
        Question("x", None, (Span(0, 4, "street"), Span(5, 8, "date"))),
        Question("y", None, ()),
        Question("z", "bin"),
    ]
    said = [answer("", 0, spans=(Span(0, 4, "street"), Span(5, 7, "date"))), answer("", 0), answer("", 0)]
    assert entity_f1(asked, said) == pytest.approx(0.5)
    assert entity_f1(asked[2:], said[2:]) is None


def test_the_curve_goes_from_refusing_nothing_to_answering_nothing_wrongly() -> None:
    refused, answered = refusal_curve(QUESTIONS, ANSWERS, "out")
    assert (refused[0], answered[0]) == (0.0, pytest.approx(2 / 3))
    assert refused == sorted(refused) and answered == sorted(answered, reverse=True)


def test_every_example_is_asked_once_of_a_training_without_it() -> None:
    data = TrainingData([Message.build(f"text {number}", f"intent{number % 3}") for number in range(30)])
    asked = []
    for exam in crossed(data, 3, None):
        texts = [question.text for question in exam.sets["cross-validation"]]
        assert not set(texts) & {message.get(TEXT) for message in exam.training.intent_examples}
        asked += texts
    assert sorted(asked) == sorted(message.get(TEXT) for message in data.intent_examples)


@pytest.mark.parametrize(
    ("csv", "complaint"),
    [("text,label\na,bin\n", "sentence and label"), ("sentence,label\n", "rows"), ("sentence,label\na,moon\n", "moon")],
)
def test_data_of_another_form_is_refused_in_plain_words(tmp_path: Path, csv: str, complaint: str) -> None:
    (tmp_path / "nlu.yml").write_text('version: "3.1"\nnlu:\n- intent: bin\n  examples: |\n    - my bin\n    - bins\n')
    (tmp_path / "asked.csv").write_text(csv)
    with pytest.raises(ExamError, match=complaint):
        list(given(tmp_path / "nlu.yml", tmp_path / "asked.csv", None, 0, Lesson()))


def test_a_lesson_is_cut_down_for_both_alike(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(
        "nlu:\n- intent: bins\n  examples: |\n    - bin day\n    - when is my bin day please tell me\n    - my bins\n"
        "- intent: roads\n  examples: |\n    - pothole\n"
    )
    (tmp_path / "asked.csv").write_text("sentence,label\nbins,bins\n")
    (exam,) = given(tmp_path / "nlu.yml", tmp_path / "asked.csv", None, 0, Lesson(words=3))
    assert {message.get(TEXT) for message in exam.training.intent_examples} == {"bin day", "my bins", "pothole"}
    (exam,) = given(tmp_path / "nlu.yml", tmp_path / "asked.csv", None, 0, Lesson(most=1))
    assert len(exam.training.intent_examples) == 2
