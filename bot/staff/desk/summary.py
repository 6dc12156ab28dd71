"""What a resident's message to staff, or a conversation given to them, says about itself: the ledger's JSON, read.

Every field is optional there, and an older assistant may have written something else: what does not fit is left
out, so that a page about it can always be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CONTACT = ("name", "phone", "email")


@dataclass(frozen=True)
class Summary:
    """``title``: the subject in words; ``about``: what they wrote; ``missed``: what was not understood.

    ``step`` is the question of the ``journey`` at which they were.
    """

    title: str
    query: str
    about: str
    journey: str
    contact: Mapping[str, str]
    details: tuple[tuple[str, str], ...]
    missed: tuple[str, ...]
    step: str = ""


def read(raw: Mapping[str, Any]) -> Summary:
    """The summary in a handover's JSON."""
    contact = _mapping(raw.get("contact"))
    return Summary(
        title=_text(raw.get("title")),
        query=_text(raw.get("query")),
        about=_text(raw.get("about")),
        journey=_text(raw.get("journey")),
        contact={kind: contact[kind] for kind in CONTACT if kind in contact},
        details=tuple(_mapping(raw.get("details")).items()),
        missed=tuple(filter(None, map(_text, raw["missed"]))) if isinstance(raw.get("missed"), list) else (),
        step=_text(raw.get("step")),
    )


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _mapping(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {str(key): _text(item) for key, item in value.items() if _text(item)}
