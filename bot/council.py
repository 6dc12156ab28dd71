"""The council that this process serves: the profile that the settings name, read once.

Everything that differs from council to council is data (bot/profile.py says what, bot/profile_reader.py reads it),
so that a second council is a folder and not a fork.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.profile import Council, ProfileError
from bot.profile_reader import load_council
from bot.settings import settings

__all__ = ["Council", "ProfileError", "council", "load_council"]


def council() -> Council:
    """The profile of the council that the settings name, read once."""
    return _load(settings().data_dir, settings().council)


@lru_cache(maxsize=4)
def _load(data_dir: str, name: str) -> Council:
    return load_council(Path(data_dir) / "councils" / name)
