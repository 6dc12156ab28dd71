"""What a resident is told when a conversation changes hands, and staff of their files: data/shared/notices.yml.

Read by the staff's process as well as by the assistant's, whoever makes the step.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bot.content import read
from bot.council import council
from bot.settings import settings


def notice(kind: str, **values: str) -> str:
    """What a resident is told, by its kind, such as "joined"; raises KeyError for one that the file does not have."""
    return _sentences(settings().data_dir, settings().council)["notices"][kind].format(**values)


def told(kind: str) -> str:
    """What staff are told, by its kind, such as "no_file"; raises KeyError for one that the file does not have."""
    return _sentences(settings().data_dir, settings().council)["staff"][kind]


@lru_cache(maxsize=4)
def _sentences(data_dir: str, _council: str) -> Mapping[str, Mapping[str, str]]:
    known = council().placeholders()
    sections = read(Path(data_dir) / "shared" / "notices.yml")
    return {section: {kind: _filled(text, known) for kind, text in sections[section].items()} for section in sections}


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
