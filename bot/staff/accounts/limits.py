"""How often a name may be tried from one network before the door stays shut for a while.

Kept in memory: a restart forgets it, which is as rare as it is harmless. A try counts before its password is
checked, so that many at once cannot slip through, and is forgotten when the password was right.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from datetime import datetime, timedelta

TRIES = 5
WINDOW = timedelta(minutes=15)
_LARGEST = 10_000  # names tried at once; the one that was tried longest ago is forgotten


class Limits:
    """The tries of the last quarter of an hour, by name and network."""

    def __init__(self) -> None:
        self._tries: OrderedDict[tuple[str, str], list[datetime]] = OrderedDict()

    def take(self, username: str, network: str, now: datetime) -> timedelta | None:
        """Count a try. None when it may be made; otherwise how long to wait."""
        key = (username, network)
        recent = [moment for moment in self._tries.pop(key, []) if now - moment < WINDOW]
        self._tries[key] = recent
        if len(recent) >= TRIES:
            return recent[0] + WINDOW - now
        recent.append(now)
        if len(self._tries) > _LARGEST:
            self._tries.popitem(last=False)
        return None

    def forget(self, username: str, network: str) -> None:
        """The right password was given: earlier slips no longer count."""
        self._tries.pop((username, network), None)


def network_of(address: str) -> str:
    """The range that one household or office commonly has: /24 of IPv4, /64 of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ipaddress.ip_network(f"{mapped}/{24 if mapped.version == 4 else 64}", strict=False))
