"""What the forms of the chat page are checked by, so that no other site can send one in a resident's name.

The signed double-submit pattern (OWASP): a random cookie that only this site can read, and its signature in a
hidden field. It works before there is a session, and stays valid when another tab opens one. The browser's own
word on where a request came from (Origin, Sec-Fetch-Site) is checked as well.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from itsdangerous import Signer

from bot.secrets import secret
from channels.messages import Problem
from channels.webchat.codec import MAX_BODY

_MAX_FIELDS = 8


def new_cookie() -> str:
    """A cookie for a browser that has none."""
    return secrets.token_urlsafe(24)


def signature(cookie: str) -> str:
    """What the hidden field of a form holds for a browser with this cookie."""
    return Signer(secret(), salt="chat-form").get_signature(cookie).decode()


def read_form(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """The fields of a form as a browser sends them. Raises Problem for anything else."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Problem("unsupported")
    if len(body) > MAX_BODY:
        raise Problem("too_large")
    try:
        fields = parse_qs(body.decode("ascii"), True, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise Problem("not_text") from None
    return {name: values[0] for name, values in fields.items()}


def is_from_us(headers: Mapping[str, str], hosts: set[str]) -> bool:
    """Whether a browser says that a page of one of ``hosts`` sent this. Other programs say nothing, and may."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    try:
        return origin is None or urlsplit(origin).netloc in hosts
    except ValueError:  # no address at all, like "http://[::1"
        return False


def check_origin(cookie: str | None, field: str, headers: Mapping[str, str], hosts: set[str]) -> None:
    """Raises Problem unless the form was made for this browser and sent from a page of one of ``hosts``."""
    is_signed = bool(cookie) and Signer(secret(), salt="chat-form").verify_signature(cookie or "", field)
    if not (is_from_us(headers, hosts) and is_signed):
        raise Problem("forbidden")
