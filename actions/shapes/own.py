"""What this conversation has sent already: its own reports and cases, so that they can be asked after without a
reference, and a slip in one can be put right. Nobody else's is ever offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from actions.base import Facts

MOST = 10


@dataclass(frozen=True)
class Own:
    """Something that was sent: its reference, or the token for one that is to come, and what it is about."""

    reference: str
    token: str
    title: str
    where: str


def remember(facts: Facts, reference: str, token: str = "", where: str = "", **more: Any) -> Mapping[str, Any]:
    """The slots that keep what was sent, with ``more`` beside them."""
    new = asdict(Own(reference, token, facts.journey.title, where))
    return {"own": [*(facts.slots.get("own") or []), new][-MOST:], **more}


def own(facts: Facts) -> list[Own]:
    """What this conversation has sent, oldest first."""
    return [Own(**entry) for entry in facts.slots.get("own") or []]
