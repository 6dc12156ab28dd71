"""The sentences of page, widget, errors and calendar feed: content, in one language file, data/shared/page.yml.

Apart from the pages so that the interface, the inbox and the calendar say things in the same words. Placeholders
such as ``{council.name}`` are filled once from the council's profile; the others when a sentence is said. A language
that lacks a sentence says it in English, the first language of the file.
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

DEFAULT = "en"
_PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_.]*)\}")


@dataclass(frozen=True)
class Words:
    """One language's sentences, by section: ``words()["page"]["heading"]``.

    ``language`` is its BCP 47 tag, ``name`` what its speakers call it, ``direction`` ltr or rtl.
    """

    language: str
    name: str
    direction: str
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


def _over(base: Any, own: Any) -> Any:
    """A language's own sentences, with English ones where it has none."""
    if not isinstance(base, Mapping) or not isinstance(own, Mapping):
        return own
    return {key: _over(value, own[key]) if key in own else value for key, value in base.items()}


def read_words(path: Path, placeholders: Mapping[str, str]) -> dict[str, Words]:
    """The languages of a file, in its order, with the council's placeholders filled."""
    content = YAML(typ="safe", pure=True).load(path)
    first = content[DEFAULT]
    found = {}
    for tag, own in content.items():
        sections = _fill_all(_over(first, own), placeholders)
        about = sections.pop("language")
        found[tag] = Words(tag, about["name"], about["direction"], sections)
    return found


@lru_cache(maxsize=4)
def _read(data_dir: str, _council: str) -> dict[str, Words]:
    return read_words(Path(data_dir) / "shared" / "page.yml", council().placeholders())


def languages() -> Mapping[str, Words]:
    """Every language of this process's file, read once, by tag."""
    return _read(settings().data_dir, settings().council)


def words(language: str = DEFAULT) -> Words:
    """The sentences in a language; English for one that the file does not have."""
    known = languages()
    return known.get(language) or known[DEFAULT]
