"""What channels and inbox tell each other: one incoming message, and why one is refused. Pure: no I/O, no clock.

Kept apart so that a codec can be tested without Rasa, Sanic or a database. The statuses are those of HTTP
(RFC 9110); the kinds name a sentence of the content, since no sentence for a resident is written in Python.
"""

from __future__ import annotations

from dataclasses import dataclass

STATUS = {
    "bad_request": 400,
    "no_session": 401,
    "forbidden": 403,
    "not_found": 404,
    "not_allowed": 405,
    "conflict": 409,
    "ended": 410,
    "full": 410,
    "too_large": 413,
    "upload_too_large": 413,
    "unsupported": 415,
    "upload_type": 415,
    "too_long": 422,
    "empty": 422,
    "not_text": 422,
    "unknown_choice": 422,
    "not_wanted": 422,
    "bad_rating": 422,
    "bad_email": 422,
    "upload_broken": 422,
    "no_file": 422,
    "sensitive": 422,
    "email_failed": 503,
    "too_many": 429,
    "unavailable": 503,
    "switched_off": 503,
}


class Problem(Exception):
    """A request that is refused. ``kind`` is a key of STATUS and of the sentences for people."""

    def __init__(self, kind: str, retry_after: int | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.status = STATUS[kind]
        self.retry_after = retry_after


@dataclass(frozen=True)
class Location:
    """Where a device says it is, in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Incoming:
    """One message from a resident. ``provider_id`` is the sender's own id for it, unique in the conversation;
    ``text`` is what the ledger shows, ``payload`` what Rasa is given."""

    conversation_id: str
    provider_id: str
    text: str
    payload: str
