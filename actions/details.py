"""The questions that a back end puts itself (Open311's attributes), one after the other behind one of ours.

The slot holds ``rows``, an answer each in the order asked: code, label, value (a key, several, or words) and how it
is said; it has a ``value`` once all are answered. So a council's own questions need no slot and no code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from actions.backends.reading import LONDON
from actions.backends.reports import Attribute, w3c
from bot.clock import today
from bot.text import say
from bot.text.answers import Question, parse
from bot.text.dates import find_dates
from bot.text.picking import Offered

LONGEST = {"string": 250, "text": 2000}  # characters
LISTS = ("singlevaluelist", "multivaluelist")
_DECIMAL = re.compile(r"(?<![\w.-])\d{1,9}(?:\.\d{1,4})?(?![\w.]\d|\d)")
_KINDS = {"singlevaluelist": "choice", "multivaluelist": "choice", "datetime": "date", "number": "number"}


def next_question(questions: Sequence[Attribute], given: Mapping[str, Any] | None) -> Attribute | None:
    """The first question without an answer; None when all have one."""
    answered = {row["code"] for row in (given or {}).get("rows", ())}
    return next((each for each in questions if each.is_asked and each.code not in answered), None)


def complete(questions: Sequence[Attribute], given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The whole answer when nothing is left to ask, else None. Rows of questions that are no more are let go."""
    if next_question(questions, given):
        return None
    asked = {each.code for each in questions if each.is_asked}
    rows = [row for row in (given or {}).get("rows", ()) if row["code"] in asked]
    return {"value": {row["code"]: row["value"] for row in rows if row["value"]}, "said": "", "rows": rows}


def notice(questions: Sequence[Attribute], before: Attribute | None) -> str:
    """The texts for residents that stand right before a question in the definition."""
    texts: list[str] = []
    for each in questions:
        if each.is_asked and each is before:
            return " ".join(texts)
        texts = [] if each.is_asked else [*texts, each.question] if each.is_shown else texts
    return ""


def choices(question: Attribute) -> list[Offered]:
    """What can be picked, each with its question's code: a button of an earlier question cannot answer a later one."""
    if question.datatype not in LISTS:
        return []
    return [Offered(json.dumps([question.code, key]), name, (key,)) for key, name in question.values]


def problem(question: Attribute | None) -> str:
    """Under which name it is told that an answer does not fit."""
    return _KINDS.get(question.datatype, "text") if question else "details"


def read_detail(
    questions: Sequence[Attribute], given: Mapping[str, Any] | None, text: str, pressed: str | None, skips: bool
) -> dict[str, Any] | None:
    """The answers so far with that to the next question; None when it is no answer to it."""
    question = next_question(questions, given)
    if question is None:
        return None
    rows = list((given or {}).get("rows", ()))
    may_skip = skips and pressed is None and not question.required
    # "None" may be one of the choices, and is then no wish to skip.
    found = None if may_skip and question.datatype not in LISTS else _read(question, text, pressed)
    if found is None and may_skip:
        found = ("", "")
    if found is None:
        return None
    value, said = found
    return {"value": "", "said": "", "rows": [*rows, _row(question, value, said)]}


def _row(question: Attribute, value: Any, said: str) -> dict[str, Any]:
    return {"code": question.code, "label": question.question.rstrip("?: "), "value": value, "said": said}


def _read(question: Attribute, text: str, pressed: str | None) -> tuple[Any, str] | None:
    if question.datatype in LISTS:
        return _picked(question, text, pressed)
    if pressed is not None:  # a button of an earlier question
        return None
    if question.datatype == "datetime":
        found = find_dates(text, today(), past=True)
        moment = datetime.combine(found[0].value, time.min, LONDON) if found else None
        return (w3c(moment), say.day(moment.date())) if moment else None
    if question.datatype == "number":
        figures = _DECIMAL.findall(text)
        number = parse(Question("number", least=0), text)
        value = figures[0] if len(figures) == 1 else str(number.value) if number else ""
        return (value, value) if value else None
    words = parse(Question("text", limit=LONGEST.get(question.datatype, 250)), text)
    return (words.value, words.said) if words else None


def _each(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _picked(question: Attribute, text: str, pressed: str | None) -> tuple[Any, str] | None:
    offered = choices(question)
    if pressed is not None:
        option = next((each for each in offered if each.value == pressed), None)
        keys, said = ([json.loads(option.value)[1]], option.title) if option else ([], "")
    else:
        several = question.datatype == "multivaluelist"
        answer = parse(Question("details" if several else "choice", offered), text)
        keys, said = ([json.loads(value)[1] for value in _each(answer.value)], answer.said) if answer else ([], "")
    if not keys or (question.datatype == "singlevaluelist" and len(keys) > 1):
        return None
    return (keys if question.datatype == "multivaluelist" else keys[0]), said
