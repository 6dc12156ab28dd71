"""The board in words, as one member of staff reads it: their own conversations, the queue, what others have. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.handover import ASKED, DANGER, FAILED, MISSED, PULLED, QUEUED, STAFF, TOPIC, is_slow
from bot.profile_desk import Desk
from bot.staff.desk import summary
from bot.staff.desk.board import Board
from bot.staff.desk.moments import waiting
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
    empty where nobody waits. ``staff`` is its owner's name, ``unread`` what the reader has not seen of it.
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


@dataclass(frozen=True)
class Talk:
    """A conversation with the assistant, for those who may listen in."""

    conversation_id: str
    channel: str
    language: str
    last: str
    messages: int


@dataclass(frozen=True)
class Lists:
    """What one member of staff finds at the desk. ``others`` waits for teams that are not theirs."""

    mine: tuple[Row, ...]
    queue: tuple[Row, ...]
    others: tuple[Row, ...]
    colleagues: tuple[Row, ...]
    assistant: tuple[Talk, ...]


def lists(board: Board, desk: Desk, titles: Mapping[str, str], username: str, teams: tuple[str, ...]) -> Lists:
    """The board as somebody of these teams reads it; who is of no team looks after all of them."""

    def rows(found: list[Open]) -> tuple[Row, ...]:
        return tuple(_row(each, board, desk, titles, username) for each in found)

    waits = [each for each in board.open if each.owner == QUEUED]
    is_ours = {each.conversation_id: not teams or team_of(each, desk)[0] in teams for each in waits}
    mine = [each for each in board.open if each.owner == STAFF and each.staff == username]
    return Lists(
        mine=rows(sorted(mine, key=lambda each: each.owner_since)),  # so that none moves while it is read
        queue=rows([each for each in waits if is_ours[each.conversation_id]]),
        others=rows([each for each in waits if not is_ours[each.conversation_id]]),
        colleagues=rows([each for each in board.open if each.owner == STAFF and each.staff != username]),
        assistant=tuple(
            Talk(
                each.conversation_id,
                channel(each.channel),
                language(each.language),
                waiting(each.last_at, board.at),
                each.last_seq,
            )
            for each in board.active
        ),
    )


def _row(each: Open, board: Board, desk: Desk, titles: Mapping[str, str], username: str) -> Row:
    looks = board.looks.get(each.conversation_id, ())
    seen = next((look.seen_seq for look in looks if look.who == username), 0)
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
        waits=waiting(since, board.at) if since else "",
        is_slow=is_slow(each.watched(None), desk.times, board.at),
        staff=board.name(each.staff),
        unread=max(each.last_seq - seen, 0),
        viewers=tuple(board.name(look.who) for look in looks if look.is_viewing and look.who != username),
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
