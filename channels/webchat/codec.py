"""The bytes of the web chat's interface to values: JSON (RFC 8259) and the query of a read. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from channels.messages import Problem

MAX_BODY = 16 * 1024  # four bytes for each of 1000 characters, escaped, and room to spare
_CURSOR = re.compile(r"[0-9]{1,9}")
_SECONDS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")


@dataclass(frozen=True)
class Posted:
    """The body of POST /webchat/messages: an id and either a text or a choice."""

    id: str
    text: str | None
    choice: str | None


def parse_message(body: bytes) -> Posted:
    """Read a posted message. Raises Problem: too_large, not_text (not UTF-8) or bad_request."""
    if len(body) > MAX_BODY:
        raise Problem("too_large")
    try:
        value = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Problem("not_text") from None
    except (ValueError, RecursionError):
        raise Problem("bad_request") from None
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        raise Problem("bad_request")
    text, choice = value.get("text"), value.get("choice")
    if not all(part is None or isinstance(part, str) for part in (text, choice)):
        raise Problem("bad_request")
    return Posted(value["id"], text, choice)


def parse_read(after: str, wait: str) -> tuple[int, float]:
    """The cursor and the seconds to wait of a read, 0 where they are not given. Raises Problem bad_request."""
    if not _CURSOR.fullmatch(after or "0") or not _SECONDS.fullmatch(wait or "0"):
        raise Problem("bad_request")
    return int(after or 0), float(wait or 0)
