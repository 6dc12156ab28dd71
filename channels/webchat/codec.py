"""The bytes of the web chat's interface to values: JSON (RFC 8259) and the query of a read. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from channels.messages import Location, Problem

MAX_BODY = 16 * 1024  # four bytes for each of 1000 characters, escaped, and room to spare
_CURSOR = re.compile(r"[0-9]{1,9}")
_SECONDS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")


@dataclass(frozen=True)
class Posted:
    """The body of POST /webchat/messages: an id and either a text, a choice or a location."""

    id: str
    text: str | None
    choice: str | None
    location: Location | None


def parse_message(body: bytes) -> Posted:
    """Read a posted message. Raises Problem: too_large, not_text (not UTF-8) or bad_request."""
    value = _object(body)
    text, choice = value.get("text"), value.get("choice")
    if not isinstance(value.get("id"), str):
        raise Problem("bad_request")
    if not all(part is None or isinstance(part, str) for part in (text, choice)):
        raise Problem("bad_request")
    location = _location(value["location"]) if value.get("location") is not None else None
    if sum(part is not None for part in (text, choice, location)) != 1:
        raise Problem("bad_request")
    return Posted(value["id"], text, choice, location)


def parse_rating(body: bytes) -> tuple[str, str]:
    """Read a rating: its score as text, and its comment. Raises Problem as ``parse_message``, or bad_rating."""
    value = _object(body)
    score, comment = value.get("score"), value.get("comment", "")
    if not isinstance(score, int) or isinstance(score, bool) or not isinstance(comment, str):
        raise Problem("bad_rating")
    return str(score), comment


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_BODY:
        raise Problem("too_large")
    try:
        value = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Problem("not_text") from None
    except (ValueError, RecursionError):
        raise Problem("bad_request") from None
    if not isinstance(value, dict):
        raise Problem("bad_request")
    return value


def _location(value: Any) -> Location:
    if not isinstance(value, dict):
        raise Problem("bad_request")
    latitude, longitude = (_degrees(value.get(name)) for name in ("latitude", "longitude"))
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # which is false for NaN, that Python's JSON reads
        raise Problem("bad_request")
    return Location(latitude, longitude)


def _degrees(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > 180:
        raise Problem("bad_request")
    return float(value)


def parse_read(after: str, wait: str) -> tuple[int, float]:
    """The cursor and the seconds to wait of a read, 0 where they are not given. Raises Problem bad_request."""
    if not _CURSOR.fullmatch(after or "0") or not _SECONDS.fullmatch(wait or "0"):
        raise Problem("bad_request")
    return int(after or 0), float(wait or 0)
