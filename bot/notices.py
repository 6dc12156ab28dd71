"""What a resident is told when a conversation changes hands: content, in data/shared/notices.yml.

Read by the staff's process as well as by the assistant's, whoever makes the step.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.content import read
from bot.council import council
from bot.settings import settings


def notice(kind: str, **values: str) -> str:
    """The sentence of a kind, such as "joined"; raises KeyError for one that the file does not have."""
    return _notices(settings().data_dir, settings().council)[kind].format(**values)


@lru_cache(maxsize=4)
def _notices(data_dir: str, _council: str) -> dict[str, str]:
    known = council().placeholders()
    sentences = read(Path(data_dir) / "shared" / "notices.yml")["notices"]
    for name, value in known.items():
        sentences = {kind: text.replace(f"{{{name}}}", value) for kind, text in sentences.items()}
    return dict(sentences)
