"""The figures of the reports, from a day written into the ledger by the store's own functions.

tests/support/reporting.py tells the day; every number here was worked out by hand from it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.handover import QUEUED, STAFF
from bot.store import insights, messages
from bot.store.engine import Database
from bot.store.insights import Figures
from bot.store.insights_scope import Scope
from bot.store.insights_volumes import Hourly, Kept, Rated
from bot.store.insights_words import Ended, Journeyed, Understood
from tests.support import handing
from tests.support.reporting import at, begin, say, write_monday

MONDAY = Scope(at("00:00"), at("00:00", 4))
WISHES = ("speak_to_person",)


@pytest.fixture
def written(db: Database) -> Database:
    write_monday(db)
    return db


def read(db: Database, **only: str) -> Figures:
    return insights.read(db, Scope(MONDAY.start, MONDAY.end, **only), WISHES)


def hours(found: list[Hourly]) -> dict[int, int]:
    return {each.at.hour: each.count for each in found}


def test_conversations_and_messages_by_the_hour(written: Database) -> None:
    found = read(written)
    assert found.opened == 6, "five conversations, and one in which nothing was said"
    assert hours(found.conversations) == {9: 2, 16: 1, 20: 1, 23: 1}
    assert hours(found.messages) == {9: 4, 10: 1, 16: 1, 20: 2, 23: 1}
    assert all(each.at.tzinfo is UTC for each in found.messages)


def test_a_day_begins_and_ends_at_midnight_in_london(db: Database) -> None:
    """On 30 March 2025 the clocks go forward: it ends at 23.00 UTC, when it is midnight in London."""
    begun = datetime(2025, 3, 30, 22, 59, 59, 999_999, tzinfo=UTC)
    for when in (begun, begun + timedelta(microseconds=1)):
        say(db, begin(db, when), when, "bin_day")
    sunday = insights.read(db, Scope(at("00:00", 30), at("00:00", 31)))
    assert sunday.conversations == sunday.messages == [Hourly(datetime(2025, 3, 30, 22, tzinfo=UTC), 1)]


def test_which_conversations_stayed_with_the_assistant(written: Database) -> None:
    assert read(written).kept == [Kept("webchat", 4, 1, 2, 1, 1), Kept("whatsapp", 1, 0, 1, 0, 0)]


def test_ratings_with_and_without_staff(written: Database) -> None:
    rated = set(read(written).rated)
    # With staff: two not rated and one with 2. Without: one not rated, to whom nobody came, and one with 5.
    assert rated == {Rated(True, None, 2, 0), Rated(True, 2, 1, 0), Rated(False, None, 1, 0), Rated(False, 5, 1, 1)}


def test_what_was_understood(written: Database) -> None:
    assert read(written).understood == [
        Understood("bin_missed", 4, 1),
        Understood("speak_to_person", 2, 0),
        Understood("bin_day", 1, 0),
        Understood("ct_pay", 1, 0),
        Understood("flytip_report", 1, 0),
    ]


def test_what_came_before_staff_apart_from_the_wish_for_them(written: Database) -> None:
    found = read(written).before_staff
    assert found == {"bin_missed": 2, "ct_pay": 1, "flytip_report": 2}, "both the queue and the message left"
    assert insights.read(written, MONDAY).before_staff == {
        "bin_missed": 1,
        "speak_to_person": 2,
        "ct_pay": 1,
        "flytip_report": 1,
    }


def test_nothing_before_staff_is_told_apart(db: Database) -> None:
    talk = begin(db, at("09:00"))
    handing.ask(db, talk, at("09:00"))
    assert read(db).before_staff == {"": 1}


def test_how_journeys_went(written: Database) -> None:
    assert read(written).journeys == [
        Journeyed("bin_day_form", 1, 0, 1, 0),
        Journeyed("bin_missed_form", 1, 1, 0, 0),
        Journeyed("flytip_report_form", 1, 0, 0, 1),
    ]
    assert read(written).endings == [Ended("bin_day", "failed", 1), Ended("bin_missed", "reported", 1)]


def test_a_conversation_counts_once_for_a_journey_whatever_came_of_it(db: Database) -> None:
    """Failed and tried again with success; done, and begun again and left; begun and stopped."""
    asks, failed = {"journey": "bin_new_form"}, {"ended": ("bin_new", "failed")}
    done = {"ended": ("bin_new", "ordered")}
    for first, second in ((failed, done), (done, asks), (asks, {})):
        talk = begin(db, at("09:00"))
        say(db, talk, at("09:00"), "bin_new", **first)
        say(db, talk, at("09:01"), "bin_new", **second)
    found = read(db)
    assert found.journeys == [Journeyed("bin_new_form", 3, 2, 0, 0)]
    assert found.endings == [Ended("bin_new", "ordered", 2), Ended("bin_new", "failed", 1)]


def test_what_was_given_to_staff(written: Database) -> None:
    answered, moved, waited, message, pulled = read(written).given
    assert (answered.reason, answered.team, answered.outcome, answered.tags) == (
        *("asked", "waste", "answered"),
        ("complaint",),
    )
    assert (answered.taken_at, answered.first_reply_at) == (at("09:15"), at("09:15:30"))
    assert (answered.left_at, answered.done_at, answered.done_by) == (at("09:31"), at("09:34"), "pat")
    assert (moved.reason, moved.team, moved.state, moved.done_at) == ("topic", "money", "closed", at("00:15", 4))
    assert (waited.state, waited.taken_at, waited.left_at) == ("abandoned", None, at("20:11"))
    assert message.is_message and message.done_at == at("08:12", 4)
    assert (pulled.reason, pulled.queued_at, pulled.left_at) == ("pulled", None, at("00:05", 4))
    assert (pulled.outcome, pulled.done_by, pulled.tags) == (None, None, ())
    assert [each.is_message for each in (answered, moved, waited, pulled)] == [False] * 4


def test_each_stretch_in_the_queue_and_with_somebody(written: Database) -> None:
    found = [(each.owner, each.team, each.staff, each.start, each.end, each.event) for each in read(written).stretches]
    expected = [
        (QUEUED, "waste", None, at("09:12"), at("09:15"), "take"),
        (STAFF, "waste", "sam", at("09:15"), at("09:20"), "requeue"),
        (QUEUED, "waste", None, at("09:20"), at("09:21"), "take"),
        (STAFF, "waste", "kim", at("09:21"), at("09:25"), "transfer"),
        (STAFF, "waste", "pat", at("09:25"), at("09:31"), "end"),
        (QUEUED, "money", None, at("16:59"), at("17:03"), "take"),  # moved to another queue: the same wait
        (STAFF, "money", "sam", at("17:03"), at("17:13"), "leave"),
        (QUEUED, "waste", None, at("20:01"), at("20:11"), "expire"),
        (STAFF, "money", "kim", at("23:55"), at("00:05", 4), "end"),  # all of it, also after midnight
    ]
    assert sorted(found, key=lambda each: each[3]) == expected


def test_a_stretch_that_lasts_has_no_end(db: Database) -> None:
    waits, held = begin(db, at("09:00")), begin(db, at("09:01"))
    handing.ask(db, waits, at("09:00"))
    handing.pull(db, held, "kim", at("09:01"))
    found = sorted((each.owner, each.end, each.event) for each in read(db).stretches)
    assert found == [(QUEUED, None, None), (STAFF, None, None)]


def test_only_one_channel(written: Database) -> None:
    found = read(written, channel="whatsapp")
    assert (found.opened, hours(found.conversations), hours(found.messages)) == (1, {16: 1}, {16: 1})
    assert found.kept == [Kept("whatsapp", 1, 0, 1, 0, 0)] and found.rated == [Rated(True, None, 1, 0)]
    assert found.understood == [Understood("ct_pay", 1, 0)] and found.before_staff == {"ct_pay": 1}
    assert [each.team for each in found.given] == ["money"] and len(found.stretches) == 2
    assert found.journeys == found.endings == [] and insights.channels(written) == ["webchat", "whatsapp"]


def test_only_one_team(written: Database) -> None:
    """Conversations that it had in any of their steps; handovers that it had last."""
    found = read(written, team="money")
    assert (found.opened, hours(found.conversations), hours(found.messages)) == (2, {16: 1, 23: 1}, {16: 1, 23: 1})
    assert {each.query for each in found.understood} == {"ct_pay", "bin_missed"}
    assert [each.reason for each in found.given] == ["topic", "pulled"]
    assert found.before_staff == {"ct_pay": 1, "bin_missed": 1}
    moved_away = read(written, team="waste")
    assert hours(moved_away.conversations) == {9: 1, 16: 1, 20: 1}
    assert [each.reason for each in moved_away.given] == ["asked", "asked"]


def test_what_its_resident_deleted_is_not_counted_but_that_staff_had_it_is(db: Database) -> None:
    talk = begin(db, at("09:00"))
    say(db, talk, at("09:00"), "bin_day")
    handing.ask(db, talk, at("09:01"))
    messages.erase(db, talk)
    found = read(db)
    assert (found.opened, found.conversations, found.messages, found.kept, found.understood) == (1, [], [], [], [])
    assert len(found.given) == 1 and found.before_staff == {"": 1}


def test_an_empty_ledger_has_no_figures(db: Database) -> None:
    empty = [[] for _ in range(4)]
    assert read(db) == Figures(0, *empty, [], {}, [], [], [], [])
