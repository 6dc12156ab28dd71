"""What went to staff: why, to whom, how it ended, what it was about; messages left; who gave up waiting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.handover import CLOSED, EXPIRE, GIVE_UP, LEAVE, QUEUED, WRAP_UP
from bot.staff.desk.rows import REASONS
from bot.staff.insights.measures import median, ninetieth, share
from bot.staff.insights.question import Question, title_of
from bot.staff.insights.tables import SECONDS, SHARE, TEXT, Column, Row, Table
from bot.store.insights import Figures
from bot.store.insights_staff import Given

ENDED: Mapping[str, str] = {
    GIVE_UP: "The resident stopped waiting",
    EXPIRE: "Nobody came in time",
    LEAVE: "The resident ended the conversation",
}
NOT_RECORDED, NOT_WRAPPED_UP = "Not recorded", "Not wrapped up yet"


def handovers(question: Question, figures: Figures) -> list[Table]:
    """Conversations that went to staff, by reason, team, outcome and tag."""
    talks = [each for each in figures.given if not each.is_message]
    left = [each for each in talks if each.taken_at and each.state in (WRAP_UP, CLOSED)]
    tags = [tag for each in left for tag in each.tags]
    desk = question.desk
    return [
        _went(
            "handovers_by_reason", "By reason", "Why", talks, [REASONS.get(each.reason, each.reason) for each in talks]
        ),
        _went(
            "handovers_by_team",
            "By team",
            "Team",
            talks,
            [question.team(each.team) for each in talks],
            " A conversation that was passed on counts for the team that had it last.",
        ),
        _counted(
            "handovers_by_outcome",
            "By outcome",
            "Of the conversations that staff took and that are over.",
            "Outcome",
            [_outcome(question, each) for each in left],
            len(left),
        ),
        _counted(
            "handovers_by_tag",
            "By tag",
            "Of the same conversations. One with several tags counts in each.",
            "Tag",
            [title_of(desk.tags, tag) for tag in tags],
            len(left),
        ),
    ]


def _outcome(question: Question, each: Given) -> str:
    if each.outcome:
        return title_of(question.desk.outcomes, each.outcome)
    return NOT_WRAPPED_UP if each.state == WRAP_UP else NOT_RECORDED


def _went(name: str, title: str, by: str, talks: Sequence[Given], names: Sequence[str], more: str = "") -> Table:
    """Conversations that went to staff, and how many of them staff took, by the name that each goes under."""
    all_of, taken = Counter(names), Counter(name for name, each in zip(names, talks, strict=True) if each.taken_at)
    return Table(
        name,
        title,
        "Conversations that went to staff in the period. Taken: somebody had it, at once or after a wait." + more,
        (Column(by, TEXT), Column("Conversations"), Column("Taken"), Column("Share taken", SHARE)),
        tuple((each, count, taken[each], share(taken[each], count)) for each, count in _ordered(all_of)),
        drawn=1,
    )


def _counted(name: str, title: str, about: str, by: str, names: Iterable[str], whole: int) -> Table:
    return Table(
        name,
        title,
        about,
        (Column(by, TEXT), Column("Conversations"), Column("Share", SHARE)),
        tuple((each, count, share(count, whole)) for each, count in _ordered(Counter(names))),
        drawn=1,
    )


def _ordered(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def unserved(question: Question, figures: Figures) -> list[Table]:
    """Those whom nobody came to, and the messages that were left."""
    return [_abandoned(question, figures), _messages(figures)]


def _abandoned(question: Question, figures: Figures) -> Table:
    waits: dict[str, list[float]] = {event: [] for event in ENDED}
    for each in figures.stretches:
        if each.owner == QUEUED and each.end and each.event in waits and question.is_about(each.team):
            waits[each.event].append((each.end - each.start).total_seconds())
    rows: list[Row] = [(ENDED[event], len(found), median(found), ninetieth(found)) for event, found in waits.items()]
    return Table(
        "abandoned",
        "Nobody came",
        "Waits that ended without anybody of the staff, and how long they were by the clock.",
        (Column("How it ended", TEXT), Column("Waits"), Column("Median", SECONDS), Column("9 of 10", SECONDS)),
        tuple(rows),
        drawn=1,
    )


def _messages(figures: Figures) -> Table:
    left = [each for each in figures.given if each.is_message]
    took = [(each.done_at - each.created_at).total_seconds() for each in left if each.done_at]
    return Table(
        "messages_left",
        "Messages left",
        "Messages that residents left for staff in the period, and how long until they were dealt with, by the clock.",
        (
            Column("Messages", TEXT),
            Column("How many"),
            Column("Dealt with"),
            Column("Median", SECONDS),
            Column("9 of 10", SECONDS),
        ),
        (("All", len(left), len(took), median(took), ninetieth(took)),),
    )
