"""How often a name may be tried from one network before the door stays shut for a while.

Kept in memory: a restart forgets it, which is as rare as it is harmless. A try counts before its password is
checked, so that many at once cannot slip through, and is forgotten when the password was right.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

TRIES = 5
WINDOW = timedelta(minutes=15)
_LARGEST = 10_000  # names tried at once; the one that was tried longest ago is forgotten


class Limits:
    """The tries of the last quarter of an hour, by name and network."""

    def __init__(self, tries: int = TRIES) -> None:
        self._allowed = tries
        self._tries: OrderedDict[tuple[str, str], list[datetime]] = OrderedDict()

    def take(self, username: str, network: str, now: datetime) -> timedelta | None:
        """Count a try. None when it may be made; otherwise how long to wait."""
        key = (username, network)
        recent = [moment for moment in self._tries.pop(key, []) if now - moment < WINDOW]
        self._tries[key] = recent
        if len(recent) >= self._allowed:
            return recent[0] + WINDOW - now
        recent.append(now)
        if len(self._tries) > _LARGEST:
            self._tries.popitem(last=False)
        return None

    def forget(self, username: str, network: str) -> None:
        """The right password was given: earlier slips no longer count."""
        self._tries.pop((username, network), None)
