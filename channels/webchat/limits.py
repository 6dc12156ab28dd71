"""How often is too often: sliding windows in memory, per session and per range of addresses.

A whole library, school or mobile network shares one range, so its limits are far above what one session may do:
they stop floods, while the session's stop one client that runs wild. Each process counts for itself.
"""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]

MINUTE = 60.0
SESSION_MESSAGES = 60  # one a second: buttons are pressed quickly, nobody types faster
SESSION_READS = 600  # several tabs that each ask again after every message
NETWORK_MESSAGES = 3000  # a library or an office of people, all busy, behind one address
NETWORK_SESSIONS = 600  # a whole mobile network's exit on a snow day
MOST_KEYS = 10_000  # bounds the memory; the key that was quiet longest is forgotten first


class Window:
    """At most ``most`` times in ``seconds`` for each key."""

    def __init__(self, most: int, seconds: float, clock: Clock) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._taken: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, key: str) -> int | None:
        """Count one for ``key``: None if it is within the limit, otherwise whole seconds until it will be."""
        now = self._clock()
        times = self._taken.setdefault(key, deque())
        self._taken.move_to_end(key)
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) >= self._most:
            return max(1, math.ceil(times[0] + self._seconds - now))
        times.append(now)
        if len(self._taken) > MOST_KEYS:
            self._taken.popitem(last=False)
        return None


@dataclass(frozen=True)
class Limits:
    """The windows of one web chat."""

    messages: Window
    reads: Window
    network_messages: Window
    network_sessions: Window


def default_limits(clock: Clock) -> Limits:
    return Limits(
        messages=Window(SESSION_MESSAGES, MINUTE, clock),
        reads=Window(SESSION_READS, MINUTE, clock),
        network_messages=Window(NETWORK_MESSAGES, MINUTE, clock),
        network_sessions=Window(NETWORK_SESSIONS, MINUTE, clock),
    )


def network_of(address: str) -> str:
    """The range that an address belongs to: /24 of IPv4, /64 of IPv6, which is what one connection gets."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # a Unix socket has none
        return address
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))
