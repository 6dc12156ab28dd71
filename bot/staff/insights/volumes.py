"""Conversations and messages by day and by hour of the day, and how many conversations stayed with the assistant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, time

from bot.clock import LONDON
from bot.staff.desk.rows import CHANNELS
from bot.staff.insights.measures import share
from bot.staff.insights.question import Question
from bot.staff.insights.tables import DAY, SHARE, TEXT, Column, Table, hide_small_cells
from bot.store.insights import Figures
from bot.store.insights_volumes import Hourly, Kept
from bot.text import say


def volumes(question: Question, figures: Figures) -> list[Table]:
    """In all, by day, by hour."""
    return [_in_all(figures), _by_day(question, figures), _by_hour(figures)]


def _in_all(figures: Figures) -> Table:
    return Table(
        "volume",
        "In all",
        "A conversation counts on the day on which it began, once the resident has said something. "
        "A press of a button counts as a message.",
        (Column("What", TEXT), Column("How many")),
        (
            ("Conversations", _sum(figures.conversations)),
            ("Residents’ messages", _sum(figures.messages)),
            ("Chats opened, and nothing said", figures.opened - _sum(figures.conversations)),
        ),
    )


def _by_day(question: Question, figures: Figures) -> Table:
    conversations = _grouped(figures.conversations, lambda at: at.date())
    messages = _grouped(figures.messages, lambda at: at.date())
    return Table(
        "by_day",
        "By day",
        "Days in London.",
        (Column("Day", DAY), Column("Conversations"), Column("Messages")),
        tuple((day.isoformat(), conversations[day], messages[day]) for day in question.period.days),
        drawn=1,
    )


def _by_hour(figures: Figures) -> Table:
    conversations = _grouped(figures.conversations, lambda at: at.hour)
    messages = _grouped(figures.messages, lambda at: at.hour)
    rows = [(_from_to(hour), conversations[hour], messages[hour]) for hour in range(24)]
    return Table(
        "by_hour",
        "By hour of the day",
        "All days of the period together, by the clock in London.",
        (Column("Hour", TEXT), Column("Conversations"), Column("Messages")),
        hide_small_cells(rows),
        drawn=1,
    )


def containment(question: Question, figures: Figures) -> list[Table]:
    """Who kept the conversations. Not for a team: what it had went to staff."""
    if question.scope.team:
        return []
    rows = [_kept(CHANNELS.get(each.channel, each.channel), [each]) for each in figures.kept]
    return [
        Table(
            "containment",
            "Kept by the assistant",
            "Conversations that never went to staff: none was passed to them or taken by them, and no message was "
            "left. Of the others, one that was in several of these ways counts in each.",
            (
                Column("Channel", TEXT),
                Column("Conversations"),
                Column("Kept by the assistant"),
                Column("Share", SHARE),
                Column("Passed to staff"),
                Column("Taken by staff"),
                Column("Message left"),
            ),
            (*rows, _kept("All", figures.kept)),
            drawn=3,
        )
    ]


def _kept(name: str, kept: Sequence[Kept]) -> tuple[str | float | None, ...]:
    conversations, alone = sum(each.conversations for each in kept), sum(each.with_assistant for each in kept)
    asked, pulled = sum(each.asked for each in kept), sum(each.pulled for each in kept)
    left = sum(each.left_message for each in kept)
    return name, conversations, alone, share(alone, conversations), asked, pulled, left


def _sum(hours: Sequence[Hourly]) -> int:
    return sum(each.count for each in hours)


def _grouped(hours: Sequence[Hourly], by: Callable[[datetime], object]) -> Counter[object]:
    """The counts added up by what ``by`` makes of the hour in London."""
    found: Counter[object] = Counter()
    for each in hours:
        found[by(each.at.astimezone(LONDON))] += each.count
    return found


def _from_to(hour: int) -> str:
    return f"{say.clock(time(hour))} to {say.clock(time((hour + 1) % 24))}"
