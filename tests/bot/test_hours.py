"""Opening hours: reading them, and whether a place is open, over holidays, midnight and both clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.hours import (
    LONDON,
    HoursError,
    Interval,
    closes_at,
    intervals,
    is_open,
    next_opening,
    opening_today,
    parse_week,
    seconds_open,
)

OFFICE = parse_week(
    "mo-fr 08:00-12:00,13:00-18:00; sa-su 09:00-17:00; bank closed; 2026-12-25 closed; 2026-12-24 09:00-12:00"
)
BAR = parse_week("fr,sa 20:00-02:00")
ALWAYS = parse_week("mo-su 00:00-24:00")
NONE: frozenset[date] = frozenset()


def at(text: str, fold: int = 0) -> datetime:
    """A time on the wall in London."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold)


def test_several_intervals_a_day() -> None:
    assert intervals(OFFICE, date(2026, 11, 23), False) == (
        Interval(time(8), time(12)),
        Interval(time(13), time(18)),
    )
    assert is_open(OFFICE, at("2026-11-23T08:00"), NONE)
    assert not is_open(OFFICE, at("2026-11-23T12:00"), NONE)
    assert not is_open(OFFICE, at("2026-11-23T12:30"), NONE)
    assert is_open(OFFICE, at("2026-11-23T17:59"), NONE)
    assert next_opening(OFFICE, at("2026-11-23T12:30"), NONE) == at("2026-11-23T13:00")
    assert closes_at(OFFICE, at("2026-11-23T09:00"), NONE) == at("2026-11-23T12:00")


def test_a_day_not_named_is_closed() -> None:
    assert intervals(BAR, date(2026, 11, 23), False) == ()
    assert opening_today(BAR, at("2026-11-23T21:00"), NONE) == ()


def test_bank_holidays_from_a_set_or_a_function() -> None:
    boxing = at("2026-12-28T10:00")
    assert is_open(OFFICE, boxing, NONE)
    assert not is_open(OFFICE, boxing, {date(2026, 12, 28)})
    assert not is_open(OFFICE, boxing, {date(2026, 12, 28): "Boxing Day"}.get)
    assert next_opening(OFFICE, boxing, {date(2026, 12, 28)}) == at("2026-12-29T08:00")


def test_without_a_bank_clause_a_bank_holiday_is_a_day_like_any_other() -> None:
    week = parse_week("mo-fr 09:00-17:00")
    assert is_open(week, at("2026-12-28T10:00"), {date(2026, 12, 28)})


def test_a_date_beats_a_bank_holiday_which_beats_the_weekday() -> None:
    week = parse_week("mo-su 09:00-17:00; bank 10:00-14:00; 2026-12-25 11:00-12:00")
    christmas = frozenset({date(2026, 12, 25), date(2026, 12, 28)})
    assert opening_today(week, at("2026-12-25T08:00"), christmas) == (Interval(time(11), time(12)),)
    assert opening_today(week, at("2026-12-28T08:00"), christmas) == (Interval(time(10), time(14)),)
    assert opening_today(OFFICE, at("2026-12-24T08:00"), NONE) == (Interval(time(9), time(12)),)


def test_past_midnight() -> None:
    assert is_open(BAR, at("2026-11-28T01:59"), NONE)
    assert not is_open(BAR, at("2026-11-28T02:00"), NONE)
    assert is_open(BAR, at("2026-11-29T01:00"), NONE)
    assert not is_open(BAR, at("2026-11-30T01:00"), NONE)
    assert closes_at(BAR, at("2026-11-27T23:00"), NONE) == at("2026-11-28T02:00")


def test_all_day_every_day_never_closes_and_so_never_opens() -> None:
    assert is_open(ALWAYS, at("2026-11-23T00:00"), NONE)
    assert next_opening(ALWAYS, at("2026-11-23T12:00"), NONE) is None


def test_the_night_the_clocks_go_forward() -> None:
    """At 1am on 29 March 2026 it is 2am at once: the bar, open since 8pm, closes after five hours."""
    assert is_open(BAR, datetime(2026, 3, 29, 0, 59, tzinfo=UTC), NONE)
    assert not is_open(BAR, datetime(2026, 3, 29, 1, 0, tzinfo=UTC), NONE)
    closing = closes_at(BAR, at("2026-03-28T20:00"), NONE)
    assert closing is not None
    assert closing.astimezone(UTC) - at("2026-03-28T20:00").astimezone(UTC) == timedelta(hours=5)


def test_the_night_the_clocks_go_back() -> None:
    """On 25 October 2026 the hour from 1am comes twice: the bar is open through both, for seven hours."""
    assert is_open(BAR, at("2026-10-25T01:30", fold=0), NONE)
    assert is_open(BAR, at("2026-10-25T01:30", fold=1), NONE)
    closing = closes_at(BAR, at("2026-10-24T20:00"), NONE)
    assert closing is not None
    assert closing.astimezone(UTC) - at("2026-10-24T20:00").astimezone(UTC) == timedelta(hours=7)


def test_the_morning_after_a_clock_change_opens_by_the_wall() -> None:
    assert next_opening(OFFICE, at("2026-03-28T18:00"), NONE) == datetime(2026, 3, 29, 8, 0, tzinfo=UTC)
    assert next_opening(OFFICE, at("2026-10-24T18:00"), NONE) == datetime(2026, 10, 25, 9, 0, tzinfo=UTC)


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    assert not is_open(OFFICE, datetime(2026, 7, 6, 6, 59, tzinfo=UTC), NONE)
    assert is_open(OFFICE, datetime(2026, 7, 6, 7, 0, tzinfo=UTC), NONE)


def test_nothing_opens_when_the_only_date_is_past() -> None:
    assert next_opening(parse_week("2026-01-05 09:00-10:00"), at("2026-01-06T00:00"), NONE) is None


def test_a_range_over_the_end_of_the_week_and_groups() -> None:
    week = parse_week("fr-mo 10:00-16:00")
    assert week.groups() == [
        ([0], (Interval(time(10), time(16)),)),
        ([1, 2, 3], ()),
        ([4, 5, 6], (Interval(time(10), time(16)),)),
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no opening hours"),
        ("bank closed", "no opening hours"),
        ("mon-fri 09:00-17:00", "'mon-fri' is not a day"),
        ("mo", "must give hours"),
        ("mo open", "must give hours"),
        ("mo 9-17", "must give hours"),
        ("mo 25:00-26:00", "not a time of day"),
        ("mo 09:60-10:00", "not a time of day"),
        ("mo-we 09:00-17:00; we closed", "'we' are given twice"),
        ("mo closed; bank closed; bank closed", "Bank holidays are given twice"),
        ("mo closed; 2026-12-25 closed; 2026-12-25 closed", "given twice"),
        ("mo closed; 2026-02-30 closed", "is not a date"),
        ("mo 09:00-13:00,12:00-17:00", "must end before"),
        ("mo 20:00-02:00,21:00-22:00", "must end before"),
    ],
)
def test_what_cannot_be_read_is_told_in_plain_words(text: str, complaint: str) -> None:
    with pytest.raises(HoursError, match=complaint):
        parse_week(text)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(HoursError, match="time zone"):
        is_open(OFFICE, datetime(2026, 11, 23, 9, 0), NONE)


def hours_open(week_text: str, start: datetime, end: datetime, holidays: frozenset[date] = NONE) -> float:
    return seconds_open(parse_week(week_text), start, end, holidays) / 3600


def test_what_is_open_between_two_moments() -> None:
    day = "mo-fr 09:00-12:00,13:00-17:00"
    monday = "2026-11-23"
    assert hours_open(day, at(f"{monday}T10:00"), at(f"{monday}T10:30")) == 0.5
    assert hours_open(day, at(f"{monday}T08:00"), at(f"{monday}T18:00")) == 7
    assert hours_open(day, at(f"{monday}T11:30"), at(f"{monday}T13:15")) == 0.75, "not the break"
    assert hours_open(day, at(f"{monday}T18:00"), at("2026-11-24T08:00")) == 0, "not the night"
    assert hours_open(day, at("2026-11-20T16:00"), at(f"{monday}T10:00")) == 2, "not the weekend"
    assert hours_open(day, at(f"{monday}T12:00"), at(f"{monday}T10:00")) == 0
    assert hours_open(day, at(f"{monday}T10:00"), at(f"{monday}T10:00")) == 0


def test_open_over_midnight_and_overlapping_is_counted_once() -> None:
    assert hours_open("fr,sa 20:00-02:00", at("2026-11-27T23:00"), at("2026-11-28T23:00")) == 6
    assert hours_open("fr,sa 20:00-02:00", at("2026-11-28T00:30"), at("2026-11-28T12:00")) == 1.5
    assert hours_open("mo-su 00:00-24:00", at("2026-11-23T00:00"), at("2026-11-30T00:00")) == 7 * 24
    assert hours_open("mo 20:00-10:00; tu 08:00-12:00", at("2026-11-23T20:00"), at("2026-11-24T12:00")) == 16


def test_open_on_bank_holidays_and_dated_days() -> None:
    week = "mo-fr 09:00-17:00; bank 10:00-12:00; 2026-12-24 09:00-12:00; 2026-12-25 closed"
    from_to = at("2026-12-24T08:00"), at("2026-12-29T10:00")
    # Thursday 3 hours, Friday closed, a weekend, Monday the bank holiday 2 hours, Tuesday 1 hour.
    assert hours_open(week, *from_to, frozenset({date(2026, 12, 25), date(2026, 12, 28)})) == 6
    assert hours_open(week, *from_to) == 12, "a Monday like any other"


def test_open_while_the_clocks_change() -> None:
    """The night of 29 March 2026 has one hour less, that of 25 October 2026 one more; the day shift has neither."""
    for night, length in (("2026-03-28", 5), ("2026-10-24", 7)):
        began = at(f"{night}T18:00")
        assert hours_open("sa 20:00-02:00", began, began + timedelta(days=1)) == length
        assert hours_open("mo-su 00:00-24:00", at(f"{night}T20:00"), at(f"{night}T02:00") + timedelta(days=1)) == length
        assert hours_open("mo-su 09:00-17:00", began, began + timedelta(days=1)) == 8
    twice = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert hours_open("mo-su 00:00-24:00", *twice) == 1, "1.30am to 1.30am by the wall"


def test_open_seconds_need_a_time_zone() -> None:
    with pytest.raises(HoursError):
        seconds_open(OFFICE, datetime(2026, 11, 23, 9), at("2026-11-23T10:00"), NONE)
