"""What residents thought of their conversations, with and without staff."""

from __future__ import annotations

from collections.abc import Sequence

from bot.staff.insights.measures import share
from bot.staff.insights.question import Question
from bot.staff.insights.tables import SCORE, SHARE, TEXT, Column, Row, Table
from bot.store.insights import Figures
from bot.store.insights_volumes import Rated
from bot.store.ratings import BEST, WORST


def ratings(question: Question, figures: Figures) -> list[Table]:
    """The mean and how many rated, and how often each score was given."""
    with_staff = [each for each in figures.rated if each.with_staff]
    without = [each for each in figures.rated if not each.with_staff]
    groups = (("All", figures.rated), ("With staff", with_staff), ("Without staff", without))
    return [_in_all(groups), _scores(groups)]


def _in_all(groups: Sequence[tuple[str, Sequence[Rated]]]) -> Table:
    return Table(
        "ratings",
        "Ratings",
        "Of the conversations that began in the period; a conversation has one rating, the latest that was given. "
        f"The best is {BEST}, the worst {WORST}.",
        (
            Column("Conversations", TEXT),
            Column("How many"),
            Column("Rated"),
            Column("Share rated", SHARE),
            Column("Mean", SCORE),
            Column("With a comment"),
        ),
        tuple(_row(name, rated) for name, rated in groups),
    )


def _row(name: str, rated: Sequence[Rated]) -> Row:
    conversations = sum(each.conversations for each in rated)
    scores = [(each.score, each.conversations) for each in rated if each.score is not None]
    count = sum(number for _, number in scores)
    mean = sum(score * number for score, number in scores) / count if count else None
    comments = sum(each.comments for each in rated)
    return name, conversations, count, share(count, conversations), mean, comments


def _scores(groups: Sequence[tuple[str, Sequence[Rated]]]) -> Table:
    return Table(
        "scores",
        "Scores",
        "How often each score was given.",
        (Column("Score", TEXT), *(Column(name) for name, _ in groups)),
        tuple(
            (
                str(score),
                *(sum(each.conversations for each in rated if each.score == score) for _, rated in groups),
            )
            for score in range(BEST, WORST - 1, -1)
        ),
        drawn=1,
    )
