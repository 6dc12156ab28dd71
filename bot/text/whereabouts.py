"""How people say where something is: "outside number 12", "corner of Hall Street and Turncroft Lane". Pure."""

from __future__ import annotations

import re

_BEFORE = (
    "outside|near|nearby|next to|opposite|behind|in front of|beside|by|between|on|at|in|under|along|across from|round"
    "|around|corner of|junction of|end of|top of|bottom of|corner|junction"
)
_OPENING = rf"\s*(?:(?:it'?s|its|just|right|the|up|down|over)\s+)*(?:the )?(?:{_BEFORE})\b"
_STARTS = re.compile(_OPENING, re.IGNORECASE)
_LEADING = re.compile(rf"^(?:{_OPENING}|\s*(?:the|number|no\.?)\s)*\s*(?:number|no\.?)?\s*", re.IGNORECASE)
_JUNCTION = re.compile(
    r"(?:\b(?:corner|junction|crossroads?|where)\b(?: of)?)?\s*(.{4,60}?)\s+(?:and|/|&|with|meets|joins)\s+(.{4,60})",
    re.IGNORECASE,
)


def says_where(text: str) -> bool:
    """Whether a message begins as people begin to say where something is."""
    return bool(_STARTS.match(text))


def bare_place(text: str) -> str:
    """The place without the words before it: "just outside the library" -> "library"."""
    return _LEADING.sub("", text).strip()


def junction(text: str) -> tuple[str, str] | None:
    """The two names of a junction, or None; whether they are streets is for a gazetteer to say."""
    found = _JUNCTION.search(text)
    return (bare_place(found[1]), bare_place(found[2])) if found else None
