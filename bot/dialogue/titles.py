"""What the queries are called, on buttons and at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bot.queries import read_queries
from bot.settings import settings


@lru_cache(maxsize=1)
def _cached(data: str) -> Mapping[str, str]:
    return {name: query.title for query in read_queries(Path(data)).values() for name in query.intents}


def query_titles() -> Mapping[str, str]:
    """The title of each query of this process's content, by every name that it is understood by; read once."""
    return _cached(settings().data_dir)
