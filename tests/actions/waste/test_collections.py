"""Bin days, the calendar, and why a bin was left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.waste.collections import BinCalendarFeed, BinContaminated, BinDay, container_name
from bot.feeds import unsign


async def test_the_next_date_of_every_bin_in_order(desk: Any) -> None:
    ending = await BinDay().finish(await desk.facts("bin_day", "SK1 3XE", 7))
    rows = ending.values["collections"]
    assert ending.name == "dates" and len(rows) == 4
    assert {row["container"] for row in rows} == {"Black bin", "Blue bin", "Brown bin", "Green bin"}
    assert all(row["date"].split()[0] == "Tuesday" for row in rows)


async def test_a_moved_collection_says_both_days_and_why(desk: Any) -> None:
    rows = (await BinDay().finish(await desk.facts("bin_day", "SK2 9AA"))).values["collections"]
    moved = [row for row in rows if row.get("row") == "utter_bin_day_dates_moved"]
    assert moved and moved[0]["date"] == "Thursday 26 November"
    assert moved[0]["usual"] == "Wednesday 25 November" and moved[0]["reason"] == "bank holiday"


@pytest.mark.parametrize(
    ("at", "row"),
    [("2026-11-24T06:00", "utter_bin_day_dates_today"), ("2026-11-23T06:00", "utter_bin_day_dates_tomorrow")],
)
async def test_today_and_tomorrow_are_said_so(desk: Any, set_settings: Callable[..., None], at: str, row: str) -> None:
    set_settings(assistant_now=at)
    rows = (await BinDay().finish(await desk.facts("bin_day", "SK1 3XE"))).values["collections"]
    assert rows[0].get("row") == row


async def test_a_bank_holiday_moves_a_collection(desk: Any, set_settings: Callable[..., None]) -> None:
    set_settings(assistant_now="2026-08-29T10:00")
    rows = (await BinDay().finish(await desk.facts("bin_day", "SK4 9BA"))).values["collections"]
    assert (rows[0]["usual"], rows[0]["date"]) == ("Monday 31 August", "Tuesday 1 September")


@pytest.mark.parametrize("action", [BinDay(), BinCalendarFeed()])
async def test_a_home_without_a_round_has_no_dates(desk: Any, action: Any) -> None:
    assert (await action.finish(await desk.facts(action.journey, "SK1 9AA"))).name == "none"


async def test_the_calendars_link_is_this_homes(desk: Any) -> None:
    facts = await desk.facts("bin_calendar_feed", "SK1 3XE", 3)
    ending = await BinCalendarFeed().finish(facts)
    token = ending.values["link"].removesuffix(".ics").rpartition("/")[2]
    assert ending.name == "link" and unsign(token) == facts.home.uprn


async def test_why_a_bin_was_left(desk: Any) -> None:
    ending = await BinContaminated().finish(await desk.facts("bin_contaminated", "SK7 9AB"))
    assert ending.name == "event" and ending.values["container"] == "Brown bin"
    assert ending.values["date"] == "Monday 23 November" and ending.values["next"]


async def test_why_a_whole_street_was_left(desk: Any) -> None:
    ending = await BinContaminated().finish(await desk.facts("bin_contaminated", "SK6 9AA"))
    assert ending.name == "street_event" and "road" in ending.values["said"]


async def test_nothing_on_record(desk: Any) -> None:
    assert (await BinContaminated().finish(await desk.facts("bin_contaminated", "SK1 3XE"))).name == "none"


async def test_a_bin_that_the_profile_does_not_know_keeps_the_back_ends_word(desk: Any) -> None:
    facts = await desk.facts("bin_day", "SK1 3XE")
    assert container_name(facts, "purple_sack") == "Purple sack"
