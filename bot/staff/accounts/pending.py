"""Sign-ins that have begun at the council's own sign-in and are not back yet.

Kept in memory: a restart forgets them, and whoever was on the way starts once more. Each comes back once, within ten
minutes, to the browser that began it.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LASTS = timedelta(minutes=10)
_LARGEST = 10_000  # on the way at once; the one that began longest ago is forgotten


def _random() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Started:
    """One sign-in on its way: ``browser`` is the secret of the cookie that it is bound to."""

    browser: str
    at: datetime
    nonce: str = field(default_factory=_random)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))


class Pending:
    """The sign-ins on their way, by state."""

    def __init__(self) -> None:
        self._started: OrderedDict[str, Started] = OrderedDict()

    def begin(self, browser: str, now: datetime) -> tuple[str, Started]:
        """A new one, and the state that the provider sends back with the browser."""
        state, started = _random(), Started(browser, now)
        self._started[state] = started
        if len(self._started) > _LARGEST:
            self._started.popitem(last=False)
        return state, started

    def take(self, state: str, browser: str, now: datetime) -> Started | None:
        """The sign-in of this state, once; None when it is unknown, too old or another browser's."""
        started = self._started.pop(state, None)
        if started is None or now - started.at >= LASTS:
            return None
        return started if secrets.compare_digest(started.browser.encode(), browser.encode()) else None
