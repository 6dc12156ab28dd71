"""Who owns a conversation, and what may happen next: pure, no clock, no database.

A conversation is owned by the assistant, by the queue, or by one member of staff. Each change of owner is a *step*,
caused by an event; the pairs in ``OWNERS`` are all there are. A step belongs to a *handover*: one time that a
conversation went to staff. Its record goes on after the conversation has gone back: whoever had it wraps up.

    assistant --ask--> queued --take--> staff --hand_back, end--> assistant      (record: wrap_up, then closed)
    queued --give_up, expire--> assistant                                       (record: abandoned)
    assistant --pull--> staff; staff --requeue--> queued; staff --transfer--> staff; queued --move--> queued

A message that a resident leaves is a record of its own, ``message_left`` until somebody has dealt with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

ASSISTANT, QUEUED, STAFF = "assistant", "queued", "staff"
WRAP_UP, CLOSED, MESSAGE_LEFT, ABANDONED = "wrap_up", "closed", "message_left", "abandoned"
STATES = (QUEUED, STAFF, WRAP_UP, CLOSED, MESSAGE_LEFT, ABANDONED)

ASK, PULL, TAKE, MOVE, GIVE_UP, EXPIRE = "ask", "pull", "take", "move", "give_up", "expire"
TRANSFER, REQUEUE, HAND_BACK, END, LEAVE = "transfer", "requeue", "hand_back", "end", "leave"
# Who owns a conversation after an event, by who owned it before. What is not here cannot happen.
OWNERS: Mapping[tuple[str, str], str] = {
    (ASSISTANT, ASK): QUEUED,
    (ASSISTANT, PULL): STAFF,
    (QUEUED, TAKE): STAFF,
    (QUEUED, MOVE): QUEUED,
    (QUEUED, GIVE_UP): ASSISTANT,
    (QUEUED, EXPIRE): ASSISTANT,
    (QUEUED, LEAVE): ASSISTANT,
    (STAFF, TRANSFER): STAFF,
    (STAFF, REQUEUE): QUEUED,
    (STAFF, HAND_BACK): ASSISTANT,
    (STAFF, END): ASSISTANT,
    (STAFF, LEAVE): ASSISTANT,
}
# The state of the handover's record after an event, where it is not the new owner.
RECORDS: Mapping[tuple[str, str], str] = {
    (QUEUED, GIVE_UP): ABANDONED,
    (QUEUED, EXPIRE): ABANDONED,
    (QUEUED, LEAVE): ABANDONED,
    (STAFF, HAND_BACK): WRAP_UP,
    (STAFF, END): WRAP_UP,
    (STAFF, LEAVE): WRAP_UP,
}
# Why a conversation came to staff.
ASKED, MISSED, TOPIC, DANGER, FAILED, PULLED = REASONS = ("asked", "missed", "topic", "danger", "failed", "pulled")
# What Rasa is told when a conversation comes back to it, and when nobody came (intents of domain.yml).
BACK, IN_VAIN = "back_from_person", "nobody_came"
# Danger is served first; a conversation that was put back waits no longer than it has to.
URGENT, AGAIN, NORMAL = 0, 1, 2


class IllegalStep(ValueError):
    """There is no such step from where the conversation stands."""


def next_owner(owner: str, event: str) -> str:
    """Who owns the conversation after ``event``. Raises IllegalStep."""
    try:
        return OWNERS[owner, event]
    except KeyError:
        raise IllegalStep(f"{event} is not possible while the conversation is with: {owner}") from None


def next_record(owner: str, event: str) -> str:
    """The state of the handover after ``event``, which was possible while ``owner`` owned the conversation."""
    return RECORDS.get((owner, event)) or next_owner(owner, event)


def priority(reason: str) -> int:
    """How urgent a new handover is; the smallest number is served first."""
    return URGENT if reason == DANGER else NORMAL


class Times(Protocol):
    """How long each kind of silence may last before something is done about it, in seconds (bot/profile_desk.py)."""

    @property
    def nobody_came(self) -> int: ...
    @property
    def staff_silent_warn(self) -> int: ...
    @property
    def staff_silent_requeue(self) -> int: ...
    @property
    def staff_gone(self) -> int: ...
    @property
    def staff_gone_requeue(self) -> int: ...
    @property
    def resident_silent_ask(self) -> int: ...
    @property
    def resident_silent_close(self) -> int: ...


@dataclass(frozen=True)
class Watched:
    """What decides whether the time has come to do something about a conversation that the assistant does not own.

    ``staff_seen_at``: when its owner's desk was last heard of. ``unanswered_since``: the oldest message of the
    resident after the owner's last words, or when it was taken if nothing was said yet. ``quiet_since``: the owner's
    last words, when the resident has said nothing since. ``said``: which notices were given since then.
    """

    owner: str
    owner_since: datetime
    staff_seen_at: datetime | None = None
    unanswered_since: datetime | None = None
    quiet_since: datetime | None = None
    said: frozenset[str] = frozenset()


# What may be due. The first four change the owner; the others only say something, once.
NOBODY_CAME, STAFF_GONE_REQUEUE, STAFF_SILENT_REQUEUE, RESIDENT_SILENT_CLOSE = (
    "nobody_came",
    "staff_gone_requeue",
    "staff_silent_requeue",
    "resident_silent_close",
)
STAFF_GONE, RESIDENT_SILENT_ASK = "staff_gone", "resident_silent_ask"


def due(watched: Watched, times: Times, now: datetime) -> str | None:
    """The one thing that is to be done about a conversation at this moment; None when there is nothing."""
    if watched.owner == QUEUED:
        return NOBODY_CAME if _since(watched.owner_since, now) >= times.nobody_came else None
    if watched.owner != STAFF:
        return None
    gone = _since(watched.staff_seen_at or watched.owner_since, now)
    silent, quiet = _since(watched.unanswered_since, now), _since(watched.quiet_since, now)
    for name, lasted, limit in (
        (STAFF_GONE_REQUEUE, gone, times.staff_gone_requeue),
        (STAFF_SILENT_REQUEUE, silent, times.staff_silent_requeue),
        (RESIDENT_SILENT_CLOSE, quiet, times.resident_silent_close),
        (STAFF_GONE, gone, times.staff_gone),
        (RESIDENT_SILENT_ASK, quiet, times.resident_silent_ask),
    ):
        if lasted >= limit and name not in watched.said:
            return name
    return None


def is_slow(watched: Watched, times: Times, now: datetime) -> bool:
    """Whether a conversation's owner should be warned that the resident waits for an answer."""
    return watched.owner == STAFF and _since(watched.unanswered_since, now) >= times.staff_silent_warn


def _since(moment: datetime | None, now: datetime) -> float:
    """Seconds; 0 for what has not begun."""
    return (now - moment).total_seconds() if moment else 0.0


@dataclass(frozen=True)
class Colleague:
    """Somebody who may be given a conversation: how many they have, how many they can have, and since when idle."""

    username: str
    teams: frozenset[str]
    has: int
    capacity: int
    idle_since: datetime


def fairest(colleagues: list[Colleague], team: str) -> Colleague | None:
    """Who of a team takes the next conversation: the least loaded, and of these who has been idle for longest."""
    free = [each for each in colleagues if team in each.teams and each.has < each.capacity]
    return min(free, key=lambda each: (each.has / each.capacity, each.idle_since, each.username), default=None)


FEWEST_WAITS = 3  # below that a typical wait would be an accident


def typical_wait(waits: list[timedelta]) -> timedelta | None:
    """The middle one of the waits of the last hour's handovers; None when there were too few to tell."""
    if len(waits) < FEWEST_WAITS:
        return None
    ordered = sorted(waits)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
