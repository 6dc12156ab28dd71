"""What was understood: how often it was refused, which queries there were, and which of them go wrong; journeys."""

from __future__ import annotations

from collections.abc import Iterable

from bot.staff.insights.measures import share
from bot.staff.insights.question import Question
from bot.staff.insights.tables import SHARE, TEXT, Column, Row, Table
from bot.store.insights import Figures

SHOWN = 20  # queries in a list
_QUERY = (Column("Query", TEXT), Column("Name", TEXT))


def understanding(question: Question, figures: Figures) -> list[Table]:
    """Refused, the most frequent queries, the most refused, and those before staff."""
    return [_refused(figures), _top(question, figures), _unsure(question, figures), _before_staff(question, figures)]


def _refused(figures: Figures) -> Table:
    times = sum(each.times for each in figures.understood)
    refused = sum(each.refused for each in figures.understood)
    return Table(
        "understood",
        "Understood and refused",
        "Messages that the assistant dealt with. It refuses one when it is too unsure of what it means.",
        (Column("Messages", TEXT), Column("How many"), Column("Refused"), Column("Share refused", SHARE)),
        (("All", times, refused, share(refused, times)),),
    )


def _top(question: Question, figures: Figures) -> Table:
    sure = [(each.query, each.times - each.refused) for each in figures.understood]
    total = sum(times for _, times in sure)
    return Table(
        "queries",
        "Most frequent queries",
        f"What messages were understood as; refused ones are left out. The {SHOWN} most frequent.",
        (*_QUERY, Column("Messages"), Column("Share", SHARE)),
        tuple((*_named(question, query), times, share(times, total)) for query, times in _most(sure)),
        drawn=2,
    )


def _unsure(question: Question, figures: Figures) -> Table:
    known = {each.query: each for each in figures.understood}
    most = _most((each.query, each.refused) for each in figures.understood)
    return Table(
        "refused_queries",
        "Queries most often refused",
        "By the query that the assistant took to be the likeliest. The share is of all its messages.",
        (*_QUERY, Column("Refused"), Column("Share", SHARE)),
        tuple((*_named(question, query), times, share(times, known[query].times)) for query, times in most),
        drawn=2,
    )


def _before_staff(question: Question, figures: Figures) -> Table:
    total = sum(figures.before_staff.values())
    most = _most(figures.before_staff.items())
    return Table(
        "queries_before_staff",
        "Queries most often followed by staff",
        "The last query before a conversation went to staff or a message was left for them, apart from the wish "
        "to talk to a person itself.",
        (*_QUERY, Column("Times"), Column("Share", SHARE)),
        tuple((*_named(question, query), times, share(times, total)) for query, times in most),
        drawn=2,
    )


def journeys(question: Question, figures: Figures) -> list[Table]:
    """How the journeys went, and with which endings."""
    return [_went(question, figures), _endings(question, figures)]


def _went(question: Question, figures: Figures) -> Table:
    rows: list[Row] = []
    for each in figures.journeys:
        stopped = each.begun - each.done - each.failed - each.open
        counts = (each.begun, each.done, share(each.done, each.begun), each.failed, each.open, stopped)
        rows.append((*_named(question, each.form.removesuffix("_form")), *counts))
    return Table(
        "journeys",
        "How journeys went",
        "Conversations in which a journey began, each once for a journey. Completed: it came to one of its endings. "
        "Failed: a system behind it did not answer, and it was not completed later. Left: it was still asking when "
        "the resident last said something. Stopped: the resident stopped it or went on to something else.",
        (
            Column("Journey", TEXT),
            Column("Name", TEXT),
            Column("Begun"),
            Column("Completed"),
            Column("Share completed", SHARE),
            Column("Failed"),
            Column("Left"),
            Column("Stopped"),
        ),
        tuple(rows),
        drawn=4,
    )


def _endings(question: Question, figures: Figures) -> Table:
    return Table(
        "journey_endings",
        "How journeys ended",
        "How often each ending was told.",
        (Column("Journey", TEXT), Column("Name", TEXT), Column("Ending", TEXT), Column("Times")),
        tuple((*_named(question, each.journey), each.ending, each.times) for each in figures.endings),
        drawn=3,
    )


def _named(question: Question, query: str) -> tuple[str, str]:
    return question.query(query), query


def _most(counted: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """The most frequent ones, without those that never were."""
    found = sorted((pair for pair in counted if pair[1]), key=lambda pair: (-pair[1], pair[0]))
    return found[:SHOWN]
