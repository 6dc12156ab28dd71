"""The sentences of ``tests/sentences/``: what was said, the query that it must reach and the details in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rasa.shared.utils.io import read_yaml_file

from bot.content import service_folders

FOLDER = Path(__file__).parent.parent / "sentences"
# Files of another form: what must be refused, danger, two requests, what is kept for measuring.
APART = ("details", "held_back", "known_misses", "out_of_scope", "requests", "safety", "safety_unseen")


@dataclass(frozen=True)
class Sentence:
    """``query`` is the id alone (``food_waste``), small talk with its prefix (``chitchat/greet``)."""

    text: str
    query: str
    entities: dict[str, str] = field(default_factory=dict)


def short(name: str | None) -> str | None:
    """An intent's name as the sentence files write it: answers without their ``faq/``."""
    return name.removeprefix("faq/") if name else None


def read_sentences(service: str) -> list[Sentence]:
    """All sentences of one file."""
    found = []
    for query, items in read_yaml_file(FOLDER / f"{service}.yml")["sentences"].items():
        for item in items:
            entry = {"text": item} if isinstance(item, str) else item
            found.append(Sentence(entry["text"], short(query) or "", entry.get("entities", {})))
    return found


def sentence_files() -> list[str]:
    """The files that name a query for each sentence, in order: one a service, and what all services share."""
    return [path.stem for path in sorted(FOLDER.glob("*.yml")) if path.stem not in APART]


def read_examples(data: Path) -> list[str]:
    """Every training example, as it is typed."""
    found: list[str] = []
    for folder in service_folders(data):
        for item in read_yaml_file(folder / "nlu.yml")["nlu"]:
            if "intent" in item:
                found += [line.strip().removeprefix("- ") for line in item["examples"].splitlines() if line.strip()]
    return found
