"""Which address a request comes from, behind the council's own proxies. Pure.

A proxy appends to X-Forwarded-For the address that it was called from, and anybody may send that header. So it is
read from its end, and only as far as the proxies are the council's own (the setting TRUSTED_PROXIES).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """The first address, seen from here, that is no trusted proxy; ``peer`` is who opened the connection."""
    address = peer
    for hop in reversed([hop.strip() for hop in forwarded_for.split(",") if hop.strip()]):
        if not _is_within(address, trusted):
            break
        address = _without_port(hop)
    return address


def _without_port(hop: str) -> str:
    """An address as some proxies write it: "192.0.2.1:51234", "[2001:db8::1]:443"."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _is_within(address: str, trusted: Sequence[Network]) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # "unknown", or a slip of a proxy: nothing before it can be believed
        return False
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return any(ip in network for network in trusted)


def network_of(address: str) -> str:
    """The range that an address belongs to: /24 of IPv4, /64 of IPv6, which is what one connection gets."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # a Unix socket has none, a proxy may write "unknown": all of these share one
        return ""
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))
