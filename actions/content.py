"""The short words of buttons and answers, and the titles of queries, from the content."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.content import read
from bot.queries import read_queries
from bot.settings import settings
from bot.text.answers import Answer


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    return {
        str(name): str(text) for name, text in read(Path(settings().data_dir) / "shared" / "words.yml")["words"].items()
    }


def word(name: str) -> str:
    """A button's words from data/shared/words.yml. KeyError for an unknown name."""
    return _words()[name]


def said_back(kind: str, answer: Answer) -> str:
    """An answer to a question of this type as it is shown in the summary."""
    if kind == "yes_no":
        return word(answer.value)
    if kind == "photo":
        return word("photo_added")
    if kind == "document":
        return word("document_added")
    return answer.said or word("my_location")


@lru_cache(maxsize=1)
def query_titles() -> dict[str, str]:
    """The title of each query, by its id."""
    return {query.id: query.title for query in read_queries(Path(settings().data_dir)).values()}
