"""The telephone numbers that safety messages name, and how long ago someone checked each.

Apart from the signals, since the importer puts numbers into messages and ``assistant check`` refuses old ones;
neither needs a detector. A number is checked by a person against its source, at least every six months.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot.content import read
from bot.text.say import to_call

SIX_MONTHS = timedelta(days=183)


@dataclass(frozen=True)
class Number:
    """One number; ``verified`` is false for a council's sample numbers until someone has checked the real ones."""

    id: str
    name: str
    number: str
    hours: str
    source: str
    verified: bool
    checked_on: date | None
    is_called: bool = True


def load_numbers(path: str | Path) -> list[Number]:
    """The numbers in a file like ``data/safety/numbers.yml``."""
    return [
        Number(
            id=item["id"],
            name=item["name"],
            number=item["number"],
            hours=item["hours"],
            source=item["source"],
            verified=item["verified"],
            checked_on=date.fromisoformat(item["checked_on"]) if item["checked_on"] else None,
            is_called=item.get("called", True),
        )
        for item in read(Path(path))["numbers"]
    ]


def stale_numbers(numbers: Iterable[Number], today: date) -> list[str]:
    """Ids of the verified numbers that nobody has checked in the six months before today."""
    return [n.id for n in numbers if n.verified and (n.checked_on is None or today - n.checked_on > SIX_MONTHS)]


def unverified_numbers(numbers: Iterable[Number]) -> list[str]:
    """Ids of the sample numbers that must be replaced before a council goes live."""
    return [n.id for n in numbers if not n.verified]


def placeholders(numbers: Iterable[Number]) -> dict[str, str]:
    """What ``{number.<id>}`` in a message stands for: a link that a phone can call, except for text messages."""
    return {f"number.{n.id}": to_call(n.number) if n.is_called else n.number for n in numbers}
