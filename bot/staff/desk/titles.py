"""What the queries are called, for whatever conversations are about."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bot.queries import read_queries
from bot.settings import settings


def titles() -> Mapping[str, str]:
    """The titles of the queries, by every name that they are understood by. Read once."""
    return _titles(settings().data_dir)


@lru_cache(maxsize=4)
def _titles(data_dir: str) -> Mapping[str, str]:
    return {name: query.title for query in read_queries(Path(data_dir)).values() for name in query.intents}
