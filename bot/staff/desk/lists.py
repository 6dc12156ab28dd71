"""The board as one member of staff reads it: their own conversations, the queue, what others have. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.handover import QUEUED, STAFF
from bot.profile_desk import Desk
from bot.staff.desk import rows
from bot.staff.desk.board import Board
from bot.staff.desk.moments import waiting
from bot.staff.desk.rows import Row
from bot.store.desk import Open


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
    """What one member of staff finds at the desk. ``others`` waits for teams that are not theirs; ``colleagues`` and
    ``assistant`` are for those who see all."""

    mine: tuple[Row, ...]
    queue: tuple[Row, ...]
    others: tuple[Row, ...]
    colleagues: tuple[Row, ...] = ()
    assistant: tuple[Talk, ...] = ()


def lists(board: Board, desk: Desk, username: str, teams: tuple[str, ...], sees_all: bool) -> Lists:
    """The board as somebody of these teams reads it; who is of no team looks after all of them."""

    def read(found: list[Open]) -> tuple[Row, ...]:
        return tuple(_read(each, board, username) for each in found)

    waits = [each for each in board.open if each.owner == QUEUED]
    is_ours = {each.conversation_id: not teams or rows.team_of(each, desk)[0] in teams for each in waits}
    mine = [each for each in board.open if each.owner == STAFF and each.staff == username]
    found = Lists(
        mine=read(sorted(mine, key=lambda each: each.owner_since)),  # so that none moves while it is read
        queue=read([each for each in waits if is_ours[each.conversation_id]]),
        others=read([each for each in waits if not is_ours[each.conversation_id]]),
    )
    if not sees_all:
        return found
    return replace(
        found,
        colleagues=read([each for each in board.open if each.owner == STAFF and each.staff != username]),
        assistant=tuple(
            Talk(
                each.conversation_id,
                rows.channel(each.channel),
                rows.language(each.language),
                waiting(each.last_at, board.at),
                each.last_seq,
            )
            for each in board.active
        ),
    )


def _read(each: Open, board: Board, username: str) -> Row:
    """The row of a conversation for its reader, who looks at few of them."""
    row, looks = board.rows[each.conversation_id], board.looks.get(each.conversation_id, ())
    seen = next((look.seen_seq for look in looks if look.who == username), None)
    if seen is None:
        return row
    viewers = tuple(board.name(look.who) for look in looks if look.is_viewing and look.who != username)
    return replace(row, unread=max(each.last_seq - seen, 0), viewers=viewers)
