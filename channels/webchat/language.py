"""Which language a page speaks: what the resident chose, what the browser prefers, or the council's first."""

from __future__ import annotations

import re

from sanic.request import Request

from bot.council import council
from channels.webchat import cookies
from channels.webchat.words import Words, languages, words

_PREFERENCE = re.compile(r"\s*([A-Za-z]{2,3})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q=([01](?:\.\d{1,3})?))?\s*")


def offered() -> list[Words]:
    """The council's languages that have words, in its order."""
    return [languages()[tag] for tag in council().identity.languages if tag in languages()]


def chosen(request: Request) -> str | None:
    """The language that the address asks for, if there is one of that name."""
    asked = request.args.get("lang")
    return asked if asked in languages() else None


def spoken(request: Request) -> Words:
    """The words to answer in. A language that the council does not offer is spoken only when it is asked for."""
    asked = chosen(request) or cookies.get(request, cookies.LANGUAGE)
    if asked and asked in languages():
        return words(asked)
    tags = [each.language for each in offered()]
    preferred = [tag for tag in _preferences(request.headers.get("accept-language", "")) if tag in tags]
    return words((preferred or tags or ["en"])[0])


def _preferences(header: str) -> list[str]:
    """The primary tags of Accept-Language (RFC 9110), the most wanted first."""
    found = [_PREFERENCE.fullmatch(part) for part in header.split(",")[:20]]
    weighed = [(-float(each[2] or 1), place, each[1].lower()) for place, each in enumerate(found) if each]
    return [tag for weight, _, tag in sorted(weighed) if weight]
