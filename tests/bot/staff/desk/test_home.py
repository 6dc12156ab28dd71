"""The desk's first page: what stands where, what a row says, and that the list is sent only when it is another."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from bot.handover import END
from bot.store import attention, ownership
from bot.store.ownership import Change

HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }}"


def section(page: str, name: str) -> str:
    """The words of one section of the page; "" when it is not there."""
    found = re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", found[0])).split()) if found else ""


async def opened(browser: Any, username: str) -> str:
    await browser.sign_in(username)
    return (await browser.get("/desk")).text


async def test_the_first_page_is_the_desk(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent")
    await browser.sign_in("sam")
    assert (await browser.get("/")).headers["location"] == "/desk"


@pytest.mark.parametrize(("role", "begins_at"), [("analyst", "/wall"), ("administrator", "/desk")])
async def test_who_has_no_desk_begins_elsewhere(desk: Any, browser: Any, role: str, begins_at: str) -> None:
    desk.person("sam", role)
    await browser.sign_in("sam")
    assert (await browser.get("/")).headers["location"] == begins_at


async def test_each_conversation_stands_where_it_belongs(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent", teams=("waste_streets",))
    desk.person("jo", "agent")
    desk.take(desk.ask("Missed bin", "waste_streets"), "sam")
    desk.take(desk.ask("Council tax bands", "money"), "jo")
    desk.ask("Fly-tipping", "waste_streets")
    desk.ask("Renew a library card", "general")
    desk.talk()
    page = await opened(browser, "sam")
    assert "Missed bin" in section(page, "mine") and "1 of 4" in section(page, "mine")
    assert "Fly-tipping" in section(page, "queue") and "library" not in section(page, "queue")
    assert "Renew a library card" in section(page, "others")
    assert "Council tax bands" not in page, "an agent does not see what colleagues have"
    assert section(page, "assistant") == ""


@pytest.mark.parametrize("role", ["senior", "administrator"])
async def test_seniors_see_what_colleagues_and_the_assistant_have(desk: Any, browser: Any, role: str) -> None:
    desk.person("sam", role)
    desk.person("jo", "agent")
    desk.take(desk.ask("Council tax bands", "money"), "jo")
    talk = desk.talk("a resident's words")
    page = await opened(browser, "sam")
    assert "With Jo" in section(page, "colleagues")
    assert f"/desk/c/{talk}" in page and "1 message" in section(page, "assistant")
    assert "a resident's words" not in page


async def test_who_is_of_no_team_looks_after_all(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent")
    desk.ask("Fly-tipping", "waste_streets")
    page = await opened(browser, "sam")
    assert "Fly-tipping" in section(page, "queue") and section(page, "others") == ""


async def test_danger_comes_first_and_is_told_in_words(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent")
    desk.ask("Missed bin", reason="missed")
    desk.office.pass_time(minutes=5)
    desk.ask("Gas smell", reason="danger")
    shown = section(await opened(browser, "sam"), "queue")
    assert shown.index("Gas smell") < shown.index("Missed bin")
    for words in ("Possible danger", "The assistant did not understand", "Waiting 5 minutes", "Web chat", "English"):
        assert words in shown


async def test_a_row_says_who_looks_and_offers_to_take_what_was_seen(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent")
    desk.person("jo", "agent")
    talk = desk.ask("Missed bin")
    for who in ("jo", "sam", attention.RESIDENT):
        attention.look(desk.office.db, talk, who, 1, False, desk.office.now)
    page = await opened(browser, "sam")
    assert "Jo is looking at it" in section(page, "queue")
    button = re.search(r"<button form=\"take\"[^>]*>", page)
    assert button and f'formaction="/desk/c/{talk}/take"' in button[0] and 'name="version" value="1"' in button[0]
    assert re.search(r'<form id="take" method="post" hidden><input type="hidden" name="form_token" value="\S+">', page)


async def test_what_is_mine_says_what_is_unread_and_who_waits_for_an_answer(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent", is_available=True)
    talk = desk.ask("Missed bin")
    desk.take(talk, "sam")
    attention.look(desk.office.db, talk, "sam", 1, False, desk.office.now)
    page = await opened(browser, "sam")
    assert "unread" not in section(page, "mine") and "less than a minute for an answer" in section(page, "mine")
    desk.write(talk, "Hello?", "p2")
    desk.office.pass_time(minutes=3)
    shown = section((await browser.get("/desk")).text, "mine")
    assert "1 unread" in shown and "Slow. The resident has waited 3 minutes for an answer" in shown
    ownership.staff_says(desk.office.db, talk, "sam", "Sam", "Hello", "m1aaaaaa", desk.office.now)
    assert "Answered" in section((await browser.get("/desk")).text, "mine")


async def test_what_has_ended_waits_to_be_wrapped_up(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent")
    talk = desk.ask("Missed bin")
    desk.take(talk, "sam")
    standing = ownership.standing(desk.office.db, talk)
    assert standing
    ownership.change(desk.office.db, talk, Change(END, "sam"), desk.office.now)
    desk.office.pass_time(minutes=2)
    page = await opened(browser, "sam")
    assert "Missed bin Ended 2 minutes ago" in section(page, "wrap-up")
    assert f'href="/desk/wrap-up/{standing.handover}"' in page


async def test_nothing_in_a_title_is_taken_for_markup(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent")
    desk.ask(HOSTILE)
    page = await opened(browser, "sam")
    assert "<script>alert" not in page and html.escape(HOSTILE, quote=False) in page


async def test_an_empty_desk_says_so(desk: Any, browser: Any) -> None:
    desk.person("sam", "senior")
    page = await opened(browser, "sam")
    for words in ("You have no conversation", "Nobody waits", "No colleague has", "Nobody has talked to the assistant"):
        assert words in page


async def test_the_list_is_sent_only_when_it_is_another(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent")
    await browser.sign_in("sam")
    first = await browser.get("/desk/list")
    assert first.status_code == 200 and "<html" not in first.text and "Nobody waits" in first.text
    tag = {"If-None-Match": first.headers["etag"]}
    known = await browser.get("/desk/list", headers=tag)
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", first.headers["etag"])
    desk.ask("Missed bin")
    news = await browser.get("/desk/list", headers=tag)
    assert news.status_code == 200 and "Missed bin" in news.text and news.headers["etag"] != first.headers["etag"]


async def test_the_page_works_without_scripts(desk: Any, browser: Any) -> None:
    desk.person("sam", "agent")
    page = await opened(browser, "sam")
    assert '<a href="/desk">Refresh</a>' in page and "data-settings hidden" in page
