"""Taking conversations and being away: what is chosen, what is shown, and that an open desk alone chooses nothing."""

from __future__ import annotations

from typing import Any

import pytest

from bot.store import presence


async def stands(browser: Any, state: str) -> Any:
    return await browser.send_form("/desk", "/desk/presence", state=state)


async def test_opening_the_desk_makes_nobody_available(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent")
    await browser.sign_in("sam")
    page = (await browser.get("/desk")).text
    me = presence.one(desk.office.db, "sam")
    assert me and not me.is_available and me.seen_at == desk.office.now
    assert "You are away</h2>" in page and "0 of 4" in page


async def test_taking_conversations_and_going_away(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent")
    await browser.sign_in("sam")
    sent = await stands(browser, "available")
    assert (sent.status_code, sent.headers["location"]) == (303, "/desk")
    assert "You take conversations</h2>" in (await browser.get("/desk")).text
    desk.office.pass_time(minutes=5)
    presence.seen(desk.office.db, "sam", desk.office.now)
    await stands(browser, "break")
    page = (await browser.get("/desk")).text
    assert "You are away: Break</h2>" in page and "Since 10.05am" in page
    me = presence.one(desk.office.db, "sam")
    assert me and (me.is_available, me.reason) == (False, "break")


@pytest.mark.parametrize("state", ["", "holiday", "Break"])
async def test_a_reason_that_the_council_does_not_know_changes_nothing(desk: Any, browser: Any, state: str) -> None:
    desk.person("sam", "agent", is_available=True)
    await browser.sign_in("sam")
    assert (await stands(browser, state)).status_code == 400
    me = presence.one(desk.office.db, "sam")
    assert me and me.is_available


async def test_whose_desk_was_closed_is_away_when_they_open_it_again(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent", is_available=True)
    await browser.sign_in("sam")
    desk.office.pass_time(minutes=1)
    assert "You take conversations" in (await browser.get("/desk")).text, "a reload is no closing"
    desk.office.pass_time(minutes=5)
    assert "You are away</h2>" in (await browser.get("/desk")).text
    me = presence.one(desk.office.db, "sam")
    assert me and not me.is_available


async def test_no_room_is_told(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent", is_available=True)
    for number in range(4):
        desk.take(desk.ask(f"Bin {number}"), "sam")
    await browser.sign_in("sam")
    page = (await browser.get("/desk")).text
    assert "4 of 4" in page and "you have no room for more" in page
