"""The wall: figures by team, who is on, and no word about a resident for those who only count."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from bot.store import ownership, presence


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


async def shown(browser: Any, username: str) -> str:
    await browser.sign_in(username)
    return words((await browser.get("/wall/board")).text)


async def test_figures_by_team(desk: Any, browser: Any) -> None:
    desk.person("sam", "senior", teams=("waste_streets",), is_available=True)
    desk.take(desk.ask("Missed bin", "waste_streets"), "sam")
    desk.ask("Fly-tipping", "waste_streets")
    desk.office.pass_time(minutes=4)
    presence.seen(desk.office.db, "sam", desk.office.now)
    desk.ask("Renew a library card", "general")
    text = await shown(browser, "sam")
    everything, teams = text.split("By team")
    assert "Waiting now 2 Longest wait 4 minutes With staff 1 Take conversations 1 of 1 here" in everything
    assert "Taken within 2 minutes, today 50% below the target of 80%, 1 of 2" in everything
    assert "Waste and streets Waiting 1 Longest wait 4 minutes With staff 1 Take conversations 1 of 1 here" in teams
    assert "Housing Waiting 0 Longest wait – With staff 0 Take conversations 0 of 0 here" in teams


async def test_the_first_reply_counts_from_the_taking(desk: Any, browser: Any) -> None:
    desk.person("sam", "senior", is_available=True)
    talk = desk.ask("Missed bin")
    desk.office.pass_time(minutes=1)
    desk.take(talk, "sam")
    ownership.staff_says(desk.office.db, talk, "sam", "Sam", "Hello", "m1aaaaaa", desk.office.now)
    assert "First reply within 1 minute, today 100% 1 of 1" in await shown(browser, "sam")


async def test_who_asks_outside_of_opening_hours_counts_in_no_share(desk: Any, browser: Any) -> None:
    desk.person("sam", "senior")
    desk.office.pass_time(hours=12)
    desk.ask("Missed bin")
    desk.office.pass_time(minutes=10)
    text = await shown(browser, "sam")
    assert "All teams: closed now" in text and "Waiting now 1" in text and "%" not in text.split("Who waits")[0]


async def test_who_is_on_and_why_not(desk: Any, browser: Any) -> None:
    desk.person("sam", "senior", teams=("general",), is_available=True)
    desk.person("jo", "agent")
    presence.change(desk.office.db, "jo", False, "break", desk.office.now)
    desk.person("kim", "agent", is_available=True)
    desk.take(desk.ask("Missed bin"), "kim")
    desk.person("lee", "agent")
    desk.office.pass_time(minutes=2)
    for username in ("sam", "jo"):
        presence.seen(desk.office.db, username, desk.office.now)
    text = (await shown(browser, "sam")).split("Who is on")[1]
    assert text.startswith(" Sam Takes conversations, since 10am 0 of 4 conversations General enquiries")
    assert "Jo Is away: Break, since 10am 0 of 4 conversations" in text
    assert "Kim Their desk is closed, since 10am 1 of 4 conversations Missed bin" in text
    assert "Lee" not in text


async def test_seniors_get_to_conversations_and_analysts_only_count(desk: Any, browser: Any, new_browser: Any) -> None:
    for username, role in (("sam", "senior"), ("ana", "analyst"), ("jo", "agent")):
        desk.person(username, role, is_available=True)
    waits, held = desk.ask("Fly-tipping"), desk.ask("Missed bin")
    desk.take(held, "jo")
    await browser.sign_in("sam")
    page = (await browser.get("/wall")).text
    assert f'href="/desk/c/{waits}"' in page and f'href="/desk/c/{held}"' in page
    other = new_browser()
    await other.sign_in("ana")
    page = (await other.get("/wall")).text
    assert "1 of 4" in page and "/desk/c/" not in page and "Missed bin" not in page and "Fly-tipping" not in page


@pytest.mark.parametrize("path", ["/wall", "/wall/board"])
async def test_an_agent_has_no_wall(agent: Any, path: str) -> None:
    assert (await agent.get(path)).status_code == 403


async def test_the_board_is_sent_only_when_it_is_another(desk: Any, browser: Any) -> None:
    desk.person("sam", "senior")
    await browser.sign_in("sam")
    tag = {"If-None-Match": (await browser.get("/wall/board")).headers["etag"]}
    assert (await browser.get("/wall/board", headers=tag)).status_code == 304
    desk.ask("Missed bin")
    assert (await browser.get("/wall/board", headers=tag)).status_code == 200
