"""``assistant bench nlu``: our pipeline and stock Rasa's on the same data in the same run, as a table and a plot.

Our own content by the sentences of tests/sentences and by cross-validation; or any Rasa NLU file with a labelled CSV.
Stock Rasa learns 17,000 examples for many hours on two cores, and for each fold again: ``--examples 12`` gives both
at most 12 of each label, ``--words 13`` none of more words (DIET takes every batch as long as its longest message),
``--only ours`` leaves stock Rasa out.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.nlu import exams, rivals, tables
from bench.nlu.exams import Exam, ExamError, Question
from bench.nlu.rivals import Answer, Cost
from bench.nlu.scores import Scores, entity_f1, judge, refusal_curve

Asked = dict[str, dict[str, tuple[list[Question], list[Answer]]]]


def grammar() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="assistant bench nlu", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    top.add_argument("--train", type=Path, help="a Rasa NLU file; our own content if left out")
    top.add_argument("--test", type=Path, help="with --train: a CSV file with the columns sentence and label")
    top.add_argument("--out-of-scope", help="with --train: the label of what must be refused")
    top.add_argument("--folds", type=int, default=5, help="parts of the cross-validation; 0 for none (default: 5)")
    top.add_argument("--examples", type=int, help="learn at most so many of each label; all if left out")
    top.add_argument("--words", type=int, help="learn no example that is longer; all if left out")
    top.add_argument("--only", choices=("ours",), help="measure our pipeline alone")
    top.add_argument("--plot", type=Path, help="write the plot of refusal against answers there (PNG)")
    return top


def compete(found: Iterator[Exam], names: tuple[str, ...]) -> tuple[Asked, dict[str, Cost], str | None]:
    """All questions with both pipelines' answers by set, and the costs of the first exam, that of all examples."""
    asked: Asked = defaultdict(lambda: {name: ([], []) for name in names})
    costs: dict[str, Cost] = {}
    label = None
    for exam in found:
        label = exam.out_of_scope
        texts = [question.text for questions in exam.sets.values() for question in questions]
        for name in names:
            sys.stderr.write(f"{exam.name}: {name}...\n")
            with tempfile.TemporaryDirectory() as folder:
                answers, cost = rivals.compete(name, exam.training, texts, label, Path(folder) / "work")
            costs.setdefault(name, cost)
            rest = iter(answers)
            for title, questions in exam.sets.items():
                asked[title][name][0].extend(questions)
                asked[title][name][1].extend(next(rest) for _ in questions)
    return dict(asked), costs, label


def report(asked: Asked, costs: dict[str, Cost], label: str | None, plot: Path | None) -> Iterator[str]:
    """The table; the plot is of the first set that has something out of scope."""
    judged: dict[str, dict[str, Scores]] = {}
    details: dict[str, dict[str, float]] = {}
    for title, by_rival in asked.items():
        for name, (questions, answers) in by_rival.items():
            if any(question.label is not None for question in questions):
                judged.setdefault(title, {})[name] = judge(questions, answers, label)
            if (f1 := entity_f1(questions, answers)) is not None:
                details.setdefault(title, {})[name] = f1
    yield from tables.lines(judged, details, costs)
    drawn = [title for title, by_rival in judged.items() if all(s.auroc is not None for s in by_rival.values())]
    if plot and drawn and label is not None:
        title = drawn[-1] if "held back" not in drawn else "held back"
        curves = {name: refusal_curve(*pair, label) for name, pair in asked[title].items()}
        shipped = {name: (s.refused_outside or 0.0, s.answered_right) for name, s in judged[title].items()}
        tables.draw(curves, shipped, plot)


def main() -> int:
    """Measure and print; 1 with a sentence that says why if the data cannot be used."""
    given = grammar().parse_args()
    names = (rivals.OURS,) if given.only else rivals.RIVALS
    try:
        lesson = exams.Lesson(given.examples, given.words)
        if given.train:
            if not given.test:
                raise ExamError("--train needs --test as well.")
            found = exams.given(given.train, given.test, given.out_of_scope, given.folds, lesson)
        else:
            found = exams.own(given.folds, lesson)
        asked, costs, label = compete(found, names)
    except (ExamError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(report(asked, costs, label, given.plot)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
