"""Links that others give us: shown only when they are plain https, so that none of them can break out. Pure."""

from __future__ import annotations

import re

_PLAIN = re.compile(
    r"https://[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::[0-9]{1,5})?(?:[/?#][^\s<>()\[\]\\\"'`{}|^]*)?", re.IGNORECASE
)


def https_link(url: str) -> str:
    """The link, or "" for anything but plain https without a user's name, spaces or brackets."""
    return url if len(url) <= 2000 and _PLAIN.fullmatch(url) else ""
