"""How values are written for a resident."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from bot.text.say import (
    attachment,
    clock,
    day,
    days,
    fee,
    hours_list,
    hours_range,
    listed,
    moment,
    money,
    size,
    weekdays,
)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (3550, "£35.50"),
        (3500, "£35"),
        (5, "£0.05"),
        (0, "£0"),
        (123456, "£1,234.56"),
        (-1250, "-£12.50"),
        (Decimal("35.50"), "£35.50"),
        (Decimal("59"), "£59"),
        (Decimal("0.07"), "£0.07"),
    ],
)
def test_money_is_pence_as_int_and_pounds_as_decimal(amount: int | Decimal, words: str) -> None:
    assert money(amount) == words


def test_nothing_to_pay_is_free() -> None:
    assert fee(0) == "free"
    assert fee(2800) == "£28"


@pytest.mark.parametrize(
    ("value", "today", "words"),
    [
        (date(2025, 3, 4), None, "Tuesday 4 March"),
        (date(2027, 1, 4), date(2026, 12, 20), "Monday 4 January"),
        (date(2026, 12, 24), date(2027, 1, 3), "Thursday 24 December"),
        (date(2027, 12, 24), date(2026, 12, 20), "Friday 24 December 2027"),
        (date(2025, 3, 4), date(2026, 3, 4), "Tuesday 4 March 2025"),
    ],
)
def test_a_day_has_a_year_only_when_it_is_months_away(value: date, today: date | None, words: str) -> None:
    assert day(value, today) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (time(9), "9am"),
        (time(16, 30), "4.30pm"),
        (time(7, 5), "7.05am"),
        (time(12), "midday"),
        (time(12, 15), "12.15pm"),
        (time(0), "midnight"),
        (time(0, 30), "12.30am"),
        (time(23, 59), "11.59pm"),
    ],
)
def test_clock(value: time, words: str) -> None:
    assert clock(value) == words


def test_days_in_a_row_and_a_moment() -> None:
    today = date(2026, 11, 24)
    assert days(today, today, today) == "Tuesday 24 November"
    assert days(today, date(2026, 11, 27), today) == "Tuesday 24 November to Friday 27 November"
    assert days(today, None, today) == "from Tuesday 24 November"
    assert moment(datetime(2026, 11, 24, 9, 40, 30), today) == "9.40am on Tuesday 24 November"


def test_hours() -> None:
    assert hours_range(time(9), time(17)) == "9am to 5pm"
    assert hours_range(time(20), time(0)) == "8pm to midnight"
    assert hours_range(time(0), time(0)) == "all day"
    assert hours_list([(time(8), time(12)), (time(13), time(18))]) == "8am to midday and 1pm to 6pm"
    assert hours_list([]) == "closed"


def test_days_of_the_week() -> None:
    assert weekdays([0, 1, 2, 3, 4]) == "Monday to Friday"
    assert weekdays([5, 6]) == "Saturday and Sunday"
    assert weekdays([0, 2, 4]) == "Monday, Wednesday and Friday"
    assert weekdays([6]) == "Sunday"


def test_listed() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 KB"), (639_700, "640 KB"), (999_499, "999 KB"), (999_500, "1.0 MB"), (1_249_999, "1.2 MB")],
)
def test_sizes(count: int, words: str) -> None:
    assert size(count) == words


def test_what_a_file_is_called() -> None:
    assert attachment("", "The gate", 2000) == "The gate"
    assert attachment("Form.pdf", "", 2000) == "Form.pdf (2 KB)"
    assert attachment("Form.pdf", "The form to sign", 2000) == "The form to sign, Form.pdf (2 KB)"
