"""What this conversation has sent already, so that it can be asked after without a reference, and a slip in one put
right. Nobody else's is ever offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

MOST = 10


@dataclass(frozen=True)
class Own:
    """Something that was sent: its reference, or the token for one that is to come; what and where it is about."""

    reference: str
    token: str
    title: str
    where: str
    uprn: str


def with_one_more(slots: Mapping[str, Any], title: str, values: Mapping[str, Any]) -> list[dict[str, str]] | None:
    """The slot ``own`` after an ending with these values; None when it names no reference, so that nothing changes."""
    reference, token = str(values.get("reference") or ""), str(values.get("token") or "")
    if not reference and not token:
        return None
    home = slots.get("address") or {}
    where = str(values.get("where") or home.get("line") or "")
    new = asdict(Own(reference, token, title, where, str(home.get("value") or "")))
    before = [entry for entry in slots.get("own") or [] if not reference or entry["reference"] != reference]
    return [*before, new][-MOST:]


def own(slots: Mapping[str, Any]) -> list[Own]:
    """What this conversation has sent, oldest first."""
    return [Own(**entry) for entry in slots.get("own") or []]
