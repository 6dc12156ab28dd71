"""Every table of the reports of one day, worked out by hand from tests/support/reporting.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.queries import Query
from bot.staff.desk.rows import REASONS
from bot.staff.insights.periods import CUSTOM, Period
from bot.staff.insights.question import WISHES, Question
from bot.staff.insights.sections import SECTIONS, glance, section_of, sections_for
from bot.staff.insights.tables import FEWER, Table
from bot.store import insights
from bot.store.engine import Database, migrate
from bot.store.insights import Figures
from bot.store.insights_scope import Scope
from bot.store.insights_staff import Stretch
from bot.store.insights_volumes import Hourly
from tests.support.reporting import DESK, write_monday

MONDAY = Period(CUSTOM, date(2025, 3, 3), date(2025, 3, 3))
MISSED = Query("bin_missed", "Report a missed bin", "", "", date.max, 0, 0, ("bin_missed",), Path(), 0)
EMPTY = Figures(0, [], [], [], [], [], {}, [], [], [], [])


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path_factory.mktemp('reports') / 'ledger.db'}"
    migrate(url)
    database = Database(url)
    write_monday(database)
    yield database
    database.close()


def asked(period: Period = MONDAY, team: str = "") -> Question:
    return Question(period, Scope(period.start, period.end, "", team), DESK, frozenset(), {"bin_missed": MISSED})


def tables(db: Database, question: Question | None = None) -> dict[str, Table]:
    question = question or asked()
    return made(question, insights.read(db, question.scope, WISHES))


def made(question: Question, figures: Figures) -> dict[str, Table]:
    return {table.name: table for section in SECTIONS for table in section.tables(question, figures)}


def test_volumes(ledger: Database) -> None:
    found = tables(ledger)
    assert found["volume"].rows == (
        ("Conversations", 5),
        ("Residents’ messages", 9),
        ("Chats opened, and nothing said", 1),
    )
    assert found["by_day"].rows == (("2025-03-03", 5, 9),)
    assert found["by_hour"].rows[9] == ("9am to 10am", FEWER, FEWER) and len(found["by_hour"].rows) == 24


def test_days_and_hours_are_londons() -> None:
    """26 October 2025: midnight is 23.00 UTC the day before, and the hour from 1am comes twice."""
    period = Period(CUSTOM, date(2025, 10, 26), date(2025, 10, 27))
    moments = [(25, 23, 5), (26, 0, 3), (26, 1, 4), (26, 2, 6), (27, 0, 7)]
    messages = [Hourly(datetime(2025, 10, day, hour, tzinfo=UTC), count) for day, hour, count in moments]
    found = made(asked(period), Figures(0, [], messages, [], [], [], {}, [], [], [], []))
    assert found["by_day"].rows == (("2025-10-26", 0, 18), ("2025-10-27", 0, 7))
    by_hour = {name: count for name, _, count in found["by_hour"].rows}
    assert by_hour["midnight to 1am"] == 5 + 7
    assert by_hour["1am to 2am"] == 3 + 4
    assert by_hour["2am to 3am"] == 6 and by_hour["3am to 4am"] == FEWER


def test_containment(ledger: Database) -> None:
    assert tables(ledger)["containment"].rows == (
        ("Web chat", 4, 1, 0.25, 2, 1, 1),
        ("whatsapp", 1, 0, 0.0, 1, 0, 0),
        ("All", 5, 1, 0.2, 3, 1, 1),
    )
    assert "containment" not in tables(ledger, asked(team="waste"))


def test_understanding(ledger: Database) -> None:
    found = tables(ledger)
    assert found["understood"].rows == (("All", 9, 1, 1 / 9),)
    assert found["queries"].rows == (
        ("Report a missed bin", "bin_missed", 3, 3 / 8),
        ("Speak to person", "speak_to_person", 2, 2 / 8),
        ("Bin day", "bin_day", 1, 1 / 8),
        ("Ct pay", "ct_pay", 1, 1 / 8),
        ("Flytip report", "flytip_report", 1, 1 / 8),
    )
    assert found["refused_queries"].rows == (("Report a missed bin", "bin_missed", 1, 0.25),)
    assert found["queries_before_staff"].rows == (
        ("Report a missed bin", "bin_missed", 2, 0.4),
        ("Flytip report", "flytip_report", 2, 0.4),
        ("Ct pay", "ct_pay", 1, 0.2),
    )


def test_journeys(ledger: Database) -> None:
    found = tables(ledger)
    assert found["journeys"].rows == (
        ("Bin day", "bin_day", 1, 0, 0.0, 1, 0, 0),
        ("Report a missed bin", "bin_missed", 1, 1, 1.0, 0, 0, 0),
        ("Flytip report", "flytip_report", 1, 0, 0.0, 0, 1, 0),
    )
    assert found["journey_endings"].rows == (
        ("Bin day", "bin_day", "failed", 1),
        ("Report a missed bin", "bin_missed", "reported", 1),
    )


def test_what_went_to_staff(ledger: Database) -> None:
    found = tables(ledger)
    assert found["handovers_by_reason"].rows == (
        (REASONS["asked"], 2, 1, 0.5),
        (REASONS["topic"], 1, 1, 1.0),
        (REASONS["pulled"], 1, 1, 1.0),
    )
    assert found["handovers_by_team"].rows == (
        ("Council tax", 2, 2, 1.0),
        ("Waste and streets", 2, 1, 0.5),
    )
    assert found["handovers_by_outcome"].rows == (("Not recorded", 2, 2 / 3), ("Answered", 1, 1 / 3))
    assert found["handovers_by_tag"].rows == (("Complaint", 1, 1 / 3),)


def test_nobody_came_and_messages_left(ledger: Database) -> None:
    found = tables(ledger)
    assert found["abandoned"].rows == (
        ("The resident stopped waiting", 0, None, None),
        ("Nobody came in time", 1, 600, 600),
        ("The resident ended the conversation", 0, None, None),
    )
    assert found["messages_left"].rows == (("All", 1, 1, 12 * 3600, 12 * 3600),)


def test_waits_by_the_clock_and_in_opening_hours(ledger: Database) -> None:
    """Council tax waited 240 seconds, of which 60 were before five. Whom nobody came to had waited when all was shut:
    that was within the target of opening hours, so that it is no wait that was missed."""
    assert tables(ledger)["waits"].rows == (
        ("Council tax", 1, 240, 240, 60, 60, 1.0),
        ("Waste and streets", 2, 120, 180, 120, 180, 0.5),
        ("All", 3, 180, 240, 60, 180, 2 / 3),
    )


def test_whom_nobody_came_to_in_time_counts_as_missed(ledger: Database) -> None:
    """On Tuesday somebody gave up after five minutes in opening hours."""
    tuesday = Period(CUSTOM, date(2025, 3, 4), date(2025, 3, 4))
    found = tables(ledger, asked(tuesday))
    nothing = (0, None, None, None, None, 0.0)
    assert found["waits"].rows == (("Waste and streets", *nothing), ("All", *nothing))
    assert found["abandoned"].rows[0] == ("The resident stopped waiting", 1, 300, 300)
    assert found["handovers_by_reason"].rows == ((REASONS["danger"], 1, 0, 0.0),)


def test_first_replies_and_time_with_staff(ledger: Database) -> None:
    """Three had it: 900 seconds without the minute in the queue; 600 until the resident left; 600 over midnight.
    Only one was wrapped up by somebody."""
    found = tables(ledger)
    assert found["first_replies"].rows == (
        ("Waste and streets", 1, 30, 30, 30, 30, 1.0),
        ("All", 1, 30, 30, 30, 30, 1.0),
    )
    assert found["handling"].rows == (
        ("Council tax", 2, 600, 600, 0, None, None),
        ("Waste and streets", 1, 900, 900, 1, 180, 180),
        ("All", 3, 600, 900, 1, 180, 180),
    )


def test_ratings(ledger: Database) -> None:
    found = tables(ledger)
    assert found["ratings"].rows == (
        ("All", 5, 2, 0.4, 3.5, 1),
        ("With staff", 3, 1, 1 / 3, 2.0, 0),
        ("Without staff", 2, 1, 0.5, 5.0, 1),
    )
    assert found["scores"].rows == (("5", 1, 0, 1), ("4", 0, 0, 0), ("3", 0, 0, 0), ("2", 1, 1, 0), ("1", 0, 0, 0))


def test_load_is_by_name_and_hidden_below_five(ledger: Database) -> None:
    assert tables(ledger)["load"].rows == tuple((name, FEWER, FEWER) for name in ("kim", "pat", "sam"))
    start = MONDAY.start
    many = [
        Stretch(str(number // 2), "staff", "waste", "sam", start, start + timedelta(seconds=60), "end")
        for number in range(10)
    ]
    lasting = Stretch("0", "staff", "waste", "kim", start, None, None)
    found = made(asked(), Figures(0, [], [], [], [], [], {}, [], [], [], [*many, lasting]))
    assert found["load"].rows == (("kim", FEWER, FEWER), ("sam", 5, 600))


def test_one_teams_stretches(ledger: Database) -> None:
    found = tables(ledger, asked(team="money"))
    assert [row[:2] for row in found["waits"].rows] == [("Council tax", 1), ("All", 1)]
    assert found["handling"].rows[-1][:3] == ("All", 2, 600)
    assert [row[0] for row in found["load"].rows] == ["kim", "sam"]
    assert found["abandoned"].rows[1][1] == 0


def test_teams_tags_and_queries_that_are_no_more_keep_their_ids() -> None:
    question = asked()
    assert (question.team("gone"), question.team(""), question.query("")) == (
        "gone",
        "No team",
        "Nothing was understood",
    )


def test_a_period_without_anything_has_tables_all_the_same() -> None:
    found = made(asked(), EMPTY)
    assert found["volume"].rows[0] == ("Conversations", 0)
    assert found["waits"].rows == (("All", 0, None, None, None, None, None),)
    assert found["ratings"].rows[0] == ("All", 0, 0, None, None, 0)
    assert found["queries"].rows == found["load"].rows == ()


def test_every_table_is_named_among_its_sections_files() -> None:
    for section in SECTIONS:
        assert tuple(table.name for table in section.tables(asked(), EMPTY)) == section.names
        assert all(section_of(name) is section for name in section.names)
        for table in section.tables(asked(), EMPTY):
            assert all(len(row) == len(table.columns) for row in table.rows)


def test_only_seniors_see_the_load() -> None:
    assert "load" not in {section.id for section in sections_for(("analyst", "administrator"))}
    assert "load" in {section.id for section in sections_for(("agent", "senior"))}


def test_the_figures_at_the_top(ledger: Database) -> None:
    question = asked()
    figures = insights.read(ledger, question.scope, WISHES)
    parts = [(section, section.tables(question, figures)) for section in SECTIONS]
    assert [(name, cell) for name, cell, _ in glance(parts)] == [
        ("Conversations", 5),
        ("Kept by the assistant", 0.2),
        ("Messages refused", 1 / 9),
        ("Median wait for staff", 180),
        ("Waits within target", 2 / 3),
        ("Mean rating", 3.5),
    ]
