"""Links of back ends."""

from __future__ import annotations

import pytest

from bot.text.links import https_link


@pytest.mark.parametrize(
    "url", ["https://example.org", "https://www.example.org/a?b=c#d", "https://example.org:8443/x"]
)
def test_plain_https_is_shown(url: str) -> None:
    assert https_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        *("", "http://example.org", "javascript:alert(1)", "https://user@example.org", "https://[bad", "https://"),
        *("https://x) [Pay here](https://evil.example", "https://example.org/a b", "https://example.org/\nx"),
    ],
)
def test_anything_else_is_not(url: str) -> None:
    assert https_link(url) == ""
