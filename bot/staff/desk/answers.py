"""The assistant's own answers, for staff to give: found as they type, in the words that residents would read."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from threading import Lock

from bot.content import ContentError
from bot.council import ProfileError
from bot.settings import settings
from bot.staff.desk import answer_files
from bot.staff.desk.answer_files import Answer
from bot.staff.desk.answer_index import Index

__all__ = ["Answer", "search"]

logger = logging.getLogger(__name__)


def search(words: str, limit: int = 8) -> list[Answer]:
    """The answers that fit the words best, best first. Reads files that have changed: not for an event loop."""
    return _shelf(Path(settings().data_dir), settings().council).index().search(words, limit)


@lru_cache(maxsize=4)
def _shelf(data: Path, council: str) -> _Shelf:
    return _Shelf(data, council)


class _Shelf:
    """The answers of one council, read once and again whenever a file has changed.

    Files that cannot be used, as in the middle of somebody's work on them, leave the answers as they were.
    """

    def __init__(self, data: Path, council: str) -> None:
        self._data, self._council = data, council
        self._lock = Lock()
        self._state: answer_files.State | None = None
        self._index = Index(())

    def index(self) -> Index:
        """What to search, of the files as they are now."""
        with self._lock:
            state = answer_files.state(self._data, self._council)
            if state != self._state:
                self._state = state
                self._read()
            return self._index

    def _read(self) -> None:
        try:
            self._index = Index(answer_files.read_answers(self._data, self._council))
        except (ContentError, ProfileError) as error:
            logger.warning("the answers for staff stay as they were: %s", error)
