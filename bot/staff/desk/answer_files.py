"""Reading the answers that staff can give: the packs' own, with the council's facts filled in.

Only the answer to a query (``utter_faq/<query>``) says something by itself: the words of a journey belong into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content import read, service_folders
from bot.council import load_council
from bot.filling import facts_of, fill
from bot.queries import Query, read_queries

ANSWER = "utter_faq/"
OPEN = re.compile(r"\{\w[\w.]*\}")  # a placeholder, once the facts are in place

State = frozenset[tuple[Path, int, int]]


@dataclass(frozen=True)
class Answer:
    """One answer; ``title`` is its query's, ``service`` its service's in words, ``text`` as residents get it."""

    query: str
    title: str
    service: str
    text: str


def state(data: Path, council: str) -> State:
    """What differs as soon as a file that answers come from has changed: each with its time and its size."""
    return frozenset(_marks([*_packs(data), *_own(data, council), data / "safety" / "numbers.yml"]))


def _marks(paths: list[Path]) -> Iterator[tuple[Path, int, int]]:
    for path in paths:
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        yield path, found.st_mtime_ns, found.st_size


def read_answers(data: Path, council: str) -> tuple[Answer, ...]:
    """All of them, by title. Raises ContentError or ProfileError."""
    facts = facts_of(load_council(data / "councils" / council), data)
    texts = {name: fill(text, facts) for name, text in _texts(data, council).items()}
    answers = (
        Answer(query.id, query.title, query.service, texts[name])
        for query in read_queries(data).values()
        if (name := _name(query)) in texts and not OPEN.search(texts[name])
    )
    return tuple(sorted(answers, key=lambda answer: answer.title))


def _name(query: Query) -> str:
    return f"{ANSWER}{query.id}"


def _texts(data: Path, council: str) -> dict[str, str]:
    """The text of each answer by its response's name; a council's own stands in for the shared one."""
    texts: dict[str, str] = {}
    for path in [*_packs(data), *_own(data, council)]:
        for name, variations in (read(path).get("responses") or {}).items() if path.exists() else ():
            text = _first_text(variations)
            if str(name).startswith(ANSWER) and text:
                texts[str(name)] = text
    return texts


def _first_text(variations: Any) -> str:
    texts = (item.get("text") for item in variations if isinstance(item, dict)) if isinstance(variations, list) else ()
    return next((text for text in texts if isinstance(text, str)), "")


def _packs(data: Path) -> list[Path]:
    return [folder / name for folder in service_folders(data) for name in ("queries.yml", "responses.yml")]


def _own(data: Path, council: str) -> list[Path]:
    return sorted((data / "councils" / council).rglob("*.yml"))
