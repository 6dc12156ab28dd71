"""One conversation of the board in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.handover import ASKED, DANGER, FAILED, MISSED, PULLED, QUEUED, TOPIC, is_slow
from bot.profile_desk import Desk
from bot.staff.desk import summary
from bot.staff.desk.moments import waiting
from bot.store.attention import Attention
from bot.store.desk import Open

REASONS: Mapping[str, str] = {
    ASKED: "Asked for a person",
    MISSED: "The assistant did not understand",
    TOPIC: "A topic for people",
    DANGER: "Possible danger",
    FAILED: "A service did not work",
    PULLED: "Staff stepped in",
}
CHANNELS: Mapping[str, str] = {"webchat": "Web chat"}
LANGUAGES: Mapping[str, str] = {"en": "English", "cy": "Welsh"}
UNNAMED = "No subject given"


@dataclass(frozen=True)
class Row:
    """One conversation. ``waits`` is how long it has waited in the queue, or the resident for its owner's answer:
    empty where nobody waits. ``staff`` is its owner's name. ``unread`` is what the reader has not seen of it, and
    ``viewers`` are those who look at it besides.
    """

    conversation_id: str
    version: int
    title: str
    reason: str
    is_danger: bool
    team: str
    channel: str
    language: str
    waits: str
    is_slow: bool
    staff: str
    unread: int
    viewers: tuple[str, ...]


def row_of(
    each: Open,
    looks: Sequence[Attention],
    names: Mapping[str, str],
    desk: Desk,
    titles: Mapping[str, str],
    at: datetime,
) -> Row:
    """A conversation in words, as it is at a moment; ``names`` are the staff's by username."""
    since = waits_since(each)
    return Row(
        conversation_id=each.conversation_id,
        version=each.version,
        title=title_of(each.summary, titles),
        reason=REASONS.get(each.reason, each.reason),
        is_danger=each.reason == DANGER,
        team=team_of(each, desk)[1],
        channel=channel(each.channel),
        language=language(each.language),
        waits=waiting(since, at) if since else "",
        is_slow=is_slow(each.watched(None), desk.times, at),
        staff=names.get(each.staff or "", each.staff or ""),
        unread=each.last_seq,
        viewers=tuple(names.get(look.who, look.who) for look in looks if look.is_viewing),
    )


def waits_since(each: Open) -> datetime | None:
    """Since when a resident waits: to be taken while they are in the queue, for an answer after that."""
    return (each.queued_at or each.created_at) if each.owner == QUEUED else each.unanswered_since


def team_of(each: Open, desk: Desk) -> tuple[str, str]:
    """The id and the title of its team; a team that is no more has left its work to the default one."""
    team = desk.team(each.team) or desk.default_team
    return team.id, team.title


def title_of(said: Mapping[str, object], titles: Mapping[str, str]) -> str:
    """What a handover is about, by its summary."""
    about = summary.read(said)
    return about.title or titles.get(about.query) or about.query or UNNAMED


def channel(name: str) -> str:
    """A channel in words."""
    return CHANNELS.get(name, name)


def language(tag: str) -> str:
    """A language in words; one that the chat does not have by its tag."""
    return LANGUAGES.get(tag, tag)
