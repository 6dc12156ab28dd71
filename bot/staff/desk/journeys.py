"""The journeys that staff can start for a resident: their titles, and the query that begins each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.content import read, service_folders
from bot.queries import read_queries
from bot.settings import settings


def journey_titles() -> Mapping[str, str]:
    """The title of each journey by the query that begins it, in the order of the titles. Read once."""
    return _titles(settings().data_dir)


@lru_cache(maxsize=4)
def _titles(data: str) -> Mapping[str, str]:
    queries = read_queries(Path(data))
    found: dict[str, str] = {}
    for folder in service_folders(Path(data)):
        path = folder / "journeys.yml"
        entries: Mapping[str, Any] = (read(path).get("journeys") or {}) if path.exists() else {}
        for name, entry in entries.items():
            begins = str((entry.get("starts") or [name])[0])
            if begins in queries and entry.get("title"):
                found[begins] = str(entry["title"])
    return dict(sorted(found.items(), key=lambda pair: pair[1]))
