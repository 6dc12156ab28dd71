"""Collections: the ordinary calendar, bank holidays, and every story on every day of two years."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from actions.sandbox.rounds import STORIES, Due, dues, events, is_working_day, moved, working_days_from
from actions.sandbox.seed import Home, Service, read_seed
from bot.clock import LONDON

DAY = timedelta(days=1)
SEED = read_seed()
REFUSE, MIXED, GARDEN = (SEED.services[name] for name in ("refuse", "mixed", "garden"))
TWO_YEARS = [date(2026, 1, 1) + offset * DAY for offset in range(730)]


def home(plan: str) -> Home:
    return replace(SEED.addresses[0], plan=plan)


def around(plan: str, service: Service, now: datetime) -> tuple[Due, Due]:
    """The last collection that is past or done, and the first that is to come."""
    found = dues(home(plan), service, now.date() - 42 * DAY, now.date() + 42 * DAY, now)
    to_come = [due for due in found if due.collected_at is None and due.date >= now.date()]
    return [due for due in found if due not in to_come][-1], to_come[0]


@pytest.fixture(params=[time(0, 20), time(12, 0), time(23, 50)], ids=str)
def moments(request: pytest.FixtureRequest) -> list[datetime]:
    return [datetime.combine(day, request.param, LONDON) for day in TWO_YEARS]


def test_an_ordinary_round_is_fixed_to_the_calendar() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=LONDON)
    refuse = dues(home("tu-a"), REFUSE, date(2026, 11, 1), date(2026, 12, 1), now)
    mixed = dues(home("tu-a"), MIXED, date(2026, 11, 1), date(2026, 12, 1), now)
    garden = dues(home("tu-a"), GARDEN, date(2026, 11, 1), date(2026, 12, 1), now)
    assert [due.date.day for due in refuse] == [3, 17, 1]
    assert [due.date.day for due in mixed] == [10, 24]
    assert [due.date.day for due in garden] == [3, 10, 17, 24, 1]
    assert [bool(due.collected_at) for due in garden] == [True, True, True, False, False]


def test_the_other_week_is_the_other_week() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=LONDON)
    refuse = dues(home("tu-b"), REFUSE, date(2026, 11, 1), date(2026, 11, 30), now)
    assert [due.date.day for due in refuse] == [10, 24]


@pytest.mark.parametrize(
    ("day", "actual"),
    [
        (date(2026, 8, 28), date(2026, 8, 28)),  # the Friday before the bank holiday
        (date(2026, 8, 31), date(2026, 9, 1)),  # the bank holiday itself, a Monday
        (date(2026, 9, 4), date(2026, 9, 5)),  # the Friday of that week
        (date(2026, 4, 2), date(2026, 4, 2)),  # the day before Good Friday
        (date(2026, 4, 3), date(2026, 4, 4)),  # Good Friday
        (date(2026, 12, 25), date(2026, 12, 27)),  # Christmas on a Friday, with Boxing Day after it
        (date(2027, 12, 27), date(2027, 12, 29)),  # two substitute days together
    ],
)
def test_bank_holidays_move_the_rest_of_their_week(day: date, actual: date) -> None:
    assert moved(day) == actual


def test_nothing_is_collected_on_christmas_day() -> None:
    now = datetime(2026, 12, 1, 12, tzinfo=LONDON)
    for plan in ("fr-a", "fr-b"):
        (due,) = dues(home(plan), GARDEN, date(2026, 12, 23), date(2026, 12, 29), now)
        assert (due.scheduled, due.date, due.reason) == (date(2026, 12, 25), date(2026, 12, 27), "Bank holiday")


def test_working_days_skip_weekends_and_bank_holidays() -> None:
    assert working_days_from(date(2026, 12, 24), 2) == date(2026, 12, 30)
    assert working_days_from(date(2026, 12, 29), -1) == date(2026, 12, 24)


def test_moved_story(moments: list[datetime]) -> None:
    for now in moments:
        _, to_come = around("moved", REFUSE, now)
        assert to_come.date == to_come.scheduled + DAY > now.date() + DAY
        assert to_come.reason == "Bank holiday"


def test_emptied_story(moments: list[datetime]) -> None:
    for now in moments:
        last, to_come = around("emptied", REFUSE, now)
        assert last.collected_at is not None
        assert now.timestamp() - last.collected_at.timestamp() == 3600
        assert last.date == last.collected_at.date()
        assert to_come.date > now.date()


def test_today_story(moments: list[datetime]) -> None:
    for now in moments:
        _, to_come = around("today", REFUSE, now)
        assert (to_come.date, to_come.collected_at) == (now.date(), None)


def test_not_due_story(moments: list[datetime]) -> None:
    for now in moments:
        last, to_come = around("not_due", REFUSE, now)
        assert last.date < now.date() - 7 * DAY
        assert last.collected_at is not None
        assert to_come.date > now.date()


@pytest.mark.parametrize("plan", ["missed", "no_access", "report_open"])
def test_missed_stories(plan: str, moments: list[datetime]) -> None:
    for now in moments:
        for service in (REFUSE, MIXED, GARDEN):
            last, to_come = around(plan, service, now)
            assert is_working_day(last.date) and last.date < now.date()
            assert not any(is_working_day(last.date + gap * DAY) for gap in range(1, (now.date() - last.date).days))
            assert last.collected_at is None
            assert to_come.date > now.date()


def test_contaminated_story(moments: list[datetime]) -> None:
    for now in moments:
        last, _ = around("contaminated", MIXED, now)
        other, _ = around("contaminated", REFUSE, now)
        (event,) = events(home("contaminated"), now)
        assert last.collected_at is None and other.collected_at is not None
        assert (event.type, event.at.date(), event.whole_street) == ("Contaminated", last.date, False)


def test_no_access_is_about_the_street() -> None:
    (event,) = events(home("no_access"), datetime(2026, 11, 23, 12, tzinfo=LONDON))
    assert (event.type, event.whole_street, event.at.date()) == ("Inaccessible road", True, date(2026, 11, 20))


def test_too_late_story(moments: list[datetime]) -> None:
    for now in moments:
        last, to_come = around("too_late", REFUSE, now)
        days_since = sum(is_working_day(last.date + gap * DAY) for gap in range(1, (now.date() - last.date).days))
        assert days_since >= 5
        assert last.collected_at is None
        assert to_come.date > now.date()


def test_every_story_has_a_street() -> None:
    assert set(STORIES) <= {each.plan for each in SEED.addresses}
