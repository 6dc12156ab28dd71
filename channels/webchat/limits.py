"""How often is too often, and how many are too many at once: counted in memory, per session and range of addresses.

A whole library, school or mobile network shares one range, so its limits are far above what one session may do:
they stop floods, while the session's stop one client that runs wild. Each process counts for itself.
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from channels.messages import Problem

Clock = Callable[[], float]

MINUTE = 60.0
SESSION_MESSAGES = 60  # one a second: buttons are pressed quickly, nobody types faster
SESSION_READS = 600  # several tabs that each ask again after every message
NETWORK_MESSAGES = 3000  # a library or an office of people, all busy, behind one address
NETWORK_SESSIONS = 600  # a whole mobile network's exit on a snow day
SESSION_ATTENTION = 120  # several tabs that each say every few seconds that somebody reads and types
SESSION_STREAMS = 12  # tabs and windows that are open at once, and some that a proxy has not given up yet
NETWORK_STREAMS = 2000
SESSION_UPLOADS = 20  # tries an hour: a file that was made to be slow costs seconds of a core
NETWORK_UPLOADS = 200  # an hour
SESSION_UPLOADING = 2  # at once: the same file comes twice when its sender is impatient
NETWORK_UPLOADING = 20
ALL_UPLOADING = 40  # each may hold 16 MB of memory until it is cleaned
SESSION_EMAILS = 3  # an hour: the mail goes to an address that anybody can type
RECIPIENT_EMAILS = 5  # a day, from whoever says that it is theirs
NETWORK_EMAILS = 60  # an hour
HOUR = 60 * MINUTE
DAY = 24 * HOUR
TRY_AGAIN = 30  # seconds until somebody else's connection may have ended
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


class Gauge:
    """At most ``most`` at the same time for each key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    @contextmanager
    def enter(self, key: str) -> Iterator[None]:
        """Count one for the block. Raises Problem too_many when there are too many already."""
        if self._open[key] >= self._most:
            raise Problem("too_many", retry_after=TRY_AGAIN)
        self._open[key] += 1
        try:
            yield
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]


@dataclass(frozen=True)
class Limits:
    """The limits of one web chat."""

    messages: Window
    reads: Window
    attention: Window
    network_messages: Window
    network_sessions: Window
    emails: Window
    recipients: Window
    network_emails: Window
    uploads: Window
    network_uploads: Window
    uploading: Gauge = field(default_factory=lambda: Gauge(SESSION_UPLOADING))
    network_uploading: Gauge = field(default_factory=lambda: Gauge(NETWORK_UPLOADING))
    all_uploading: Gauge = field(default_factory=lambda: Gauge(ALL_UPLOADING))
    streams: Gauge = field(default_factory=lambda: Gauge(SESSION_STREAMS))
    network_streams: Gauge = field(default_factory=lambda: Gauge(NETWORK_STREAMS))


def take(window: Window, key: str) -> None:
    """Count one. Raises Problem too_many over the limit."""
    seconds = window.take(key)
    if seconds is not None:
        raise Problem("too_many", retry_after=seconds)


def default_limits(clock: Clock) -> Limits:
    return Limits(
        messages=Window(SESSION_MESSAGES, MINUTE, clock),
        reads=Window(SESSION_READS, MINUTE, clock),
        attention=Window(SESSION_ATTENTION, MINUTE, clock),
        network_messages=Window(NETWORK_MESSAGES, MINUTE, clock),
        network_sessions=Window(NETWORK_SESSIONS, MINUTE, clock),
        emails=Window(SESSION_EMAILS, HOUR, clock),
        recipients=Window(RECIPIENT_EMAILS, DAY, clock),
        network_emails=Window(NETWORK_EMAILS, HOUR, clock),
        uploads=Window(SESSION_UPLOADS, HOUR, clock),
        network_uploads=Window(NETWORK_UPLOADS, HOUR, clock),
    )
