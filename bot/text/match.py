"""A thing found in a text: what every finder of this package answers with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Match:
    """Its normal form and where it stands: ``text[start:end]``."""

    value: str
    start: int
    end: int
