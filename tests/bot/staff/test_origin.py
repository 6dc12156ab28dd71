"""From where staff sign in: an address in a header counts from our own proxies only."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from sanic.compat import Header

from bot.staff.origin import network_of


@pytest.mark.parametrize(
    ("peer", "forwarded", "network"),
    [
        ("192.0.2.7", "", "192.0.2.0/24"),
        ("10.1.2.3", "198.51.100.9", "198.51.100.0/24"),
        ("192.0.2.7", "198.51.100.9", "192.0.2.0/24"),
        ("", "", "unknown"),
    ],
)
def test_a_header_counts_from_our_own_proxies(
    set_settings: Callable[..., None], peer: str, forwarded: str, network: str
) -> None:
    set_settings(trusted_proxies="10.0.0.0/8")
    request = SimpleNamespace(ip=peer, headers=Header({"x-forwarded-for": forwarded} if forwarded else {}))
    assert network_of(request) == network
