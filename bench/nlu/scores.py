"""How good answers are: the figures of the table, by scikit-learn where it has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import f1_score, matthews_corrcoef, roc_auc_score

from bench.nlu.exams import Question
from bench.nlu.rivals import Answer

BINS = 10


@dataclass(frozen=True)
class Scores:
    """``accuracy``: the best label is right, refused or not, of what is in scope; so ``macro_f1``.

    Refusal tells what is out of scope from what is in it: ``auroc`` of the belief; Matthews' correlation at the best
    threshold and as shipped; the shares that are refused. ``calibration_error``: expected difference of confidence
    and being right, in ten bins. None where there is nothing to judge by.
    """

    in_scope: int
    out_of_scope: int
    accuracy: float
    macro_f1: float
    answered_right: float
    auroc: float | None
    best_matthews: float | None
    matthews: float | None
    refused_outside: float | None
    refused_inside: float
    calibration_error: float


def judge(questions: Sequence[Question], answers: Sequence[Answer], out_of_scope: str | None) -> Scores:
    """The figures of one set of questions."""
    is_outside = np.array([question.label == out_of_scope for question in questions])
    inside = [(q, a) for q, a, outside in zip(questions, answers, is_outside, strict=True) if not outside]
    wanted, got = [str(q.label) for q, _ in inside], [a.label for _, a in inside]
    right = np.array([one == other for one, other in zip(wanted, got, strict=True)])
    refused = np.array([answer.refused for answer in answers])
    belief = np.array([answer.belief for answer in answers])
    both = bool(is_outside.any() and not is_outside.all())
    return Scores(
        in_scope=len(inside),
        out_of_scope=int(is_outside.sum()),
        accuracy=float(right.mean()),
        macro_f1=float(f1_score(wanted, got, labels=sorted(set(wanted)), average="macro", zero_division=0)),
        answered_right=float((right & ~refused[~is_outside]).mean()),
        auroc=float(roc_auc_score(~is_outside, belief)) if both else None,
        best_matthews=_best_matthews(is_outside, belief) if both else None,
        matthews=float(matthews_corrcoef(is_outside, refused)) if both else None,
        refused_outside=float(refused[is_outside].mean()) if both else None,
        refused_inside=float(refused[~is_outside].mean()),
        calibration_error=_calibration_error(np.array([a.confidence for _, a in inside]), right),
    )


def _best_matthews(is_outside: np.ndarray, belief: np.ndarray) -> float:
    """Matthews' correlation of "out of scope" at the threshold of belief that makes it largest."""
    order = np.argsort(belief, kind="stable")
    hits = np.cumsum(is_outside[order]).astype(float)
    count = np.arange(1, len(order) + 1)
    total, outside = len(order), float(is_outside.sum())
    spread = np.sqrt(count * (total - count) * outside * (total - outside))
    is_step = np.append(np.diff(belief[order]) > 0, False)  # equal beliefs cannot be told apart
    found = (hits * total - count * outside)[is_step] / spread[is_step]
    return float(found.max(initial=0.0))


def _calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    in_each = [bins == number for number in set(bins.tolist())]
    return float(sum(abs(right[here].mean() - confidence[here].mean()) * here.mean() for here in in_each))


def entity_f1(questions: Sequence[Question], answers: Sequence[Answer]) -> float | None:
    """Micro F1 of details: right is the same kind in just the same place."""
    pairs = [(set(q.spans), set(a.spans)) for q, a in zip(questions, answers, strict=True) if q.spans is not None]
    wanted, got = sum(len(one) for one, _ in pairs), sum(len(other) for _, other in pairs)
    if not wanted:
        return None
    return 2 * sum(len(one & other) for one, other in pairs) / (wanted + got)


def refusal_curve(
    questions: Sequence[Question], answers: Sequence[Answer], label: str
) -> tuple[list[float], list[float]]:
    """For every threshold: the share of "out of scope" refused, and of the rest answered right."""
    outside = np.sort([a.belief for q, a in zip(questions, answers, strict=True) if q.label == label])
    inside = np.sort([a.belief for q, a in zip(questions, answers, strict=True) if q.label == a.label != label])
    count = sum(question.label != label for question in questions)
    thresholds = np.unique([a.belief for a in answers])
    refused = np.searchsorted(outside, thresholds) / max(len(outside), 1)
    answered = (len(inside) - np.searchsorted(inside, thresholds)) / max(count, 1)
    return refused.tolist(), answered.tolist()
