"""Links to a home's calendar of bin collections.

The link is a capability: whoever has it may read the calendar, and nobody can make one up, since it carries a
signature. It stands apart because an action gives the link and a channel serves it.
"""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from bot.secrets import secret
from bot.settings import settings


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(secret(), salt="calendar")


def sign(uprn: str) -> str:
    """A token for the calendar of the home with this UPRN, fit for a path."""
    token = _serializer().dumps(uprn)
    return token.decode() if isinstance(token, bytes) else token


def unsign(token: str) -> str | None:
    """The UPRN that a token stands for; None when it is not one of ours."""
    try:
        uprn = _serializer().loads(token)
    except BadSignature:
        return None
    return uprn if isinstance(uprn, str) and uprn.isdecimal() else None


def calendar_link(uprn: str) -> str:
    """The address of the calendar of the home with this UPRN, as a phone subscribes to it."""
    return f"{settings().public}/calendar/{sign(uprn)}.ics"
