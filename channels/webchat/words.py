"""The sentences of the chat page, its errors and the calendar feed: content, read from data/shared/page.yml.

Apart from the pages so that the interface, the inbox and the calendar say things in the same words. Placeholders
such as ``{council.name}`` are filled once from the council's profile; the others when a sentence is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.council import council
from bot.settings import settings

_PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_.]*)\}")


@dataclass(frozen=True)
class Words:
    """One language's sentences, by section: ``words["page"]["heading"]``."""

    language: str
    sections: Mapping[str, Any]

    def __getitem__(self, section: str) -> Any:
        return self.sections[section]

    def problem(self, kind: str, **values: object) -> str:
        """What a person is told about a problem; a kind without a sentence of its own gets the general one."""
        problems = self.sections["problems"]
        return fill(problems.get(kind, problems["bad_request"]), values)


def fill(text: str, values: Mapping[str, object]) -> str:
    """The text with each ``{name}`` that has a value replaced by it; the others stay as they are."""
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)


def _fill_all(node: Any, values: Mapping[str, object]) -> Any:
    if isinstance(node, Mapping):
        return {key: _fill_all(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [_fill_all(value, values) for value in node]
    return fill(str(node), values)


def read_words(path: Path, language: str, placeholders: Mapping[str, str]) -> Words:
    """The sentences of one language from a file, with the council's placeholders filled."""
    content = YAML(typ="safe", pure=True).load(path)
    return Words(language, _fill_all(content[language], placeholders))


@lru_cache(maxsize=1)
def words() -> Words:
    """The process's sentences, read once."""
    return read_words(Path(settings().data_dir) / "shared" / "page.yml", "en", council().placeholders())
