"""The widget in Chromium, as a resident uses it: open and close, focus, room, from page to page."""

from __future__ import annotations

from typing import Any

import pytest

from bot import clock
from bot.notices import notice
from bot.store import attention
from bot.store.engine import Database
from channels.webchat.widget import LEAVE
from tests.channels.webchat.conftest import Rasa
from tests.support.browser import NEEDS_CHROMIUM
from tests.support.staff import Staff, ask, the_talk
from tests.support.widget import (
    SAID,
    Browser,
    Page,
    box,
    expect,
    has_focus,
    in_sight,
    inside,
    is_open,
    launcher,
    new_page,
    open_chat,
    panel,
    remembers,
    settled,
    visit,
)

pytest_plugins = ["tests.support.websites"]
pytestmark = NEEDS_CHROMIUM
FOCUSABLE = "body :is(a, input, button)"


@pytest.fixture
def page(live: Page) -> Page:
    """In the place of the chat page's own."""
    return live


async def test_the_mouse_opens_and_closes_it(page: Page, website: str) -> None:
    await visit(page, f"{website}/")
    assert await page.locator("iframe").count() == 0, "nothing is asked of the chat before it is opened"
    await is_open(page, False)
    frame = await open_chat(page)
    await frame.wait_for_function("document.hasFocus()")
    assert await has_focus(page, "iframe")
    assert await page.locator("iframe").get_attribute("title") == SAID["title"]
    assert await page.locator("iframe").get_attribute("allow") == "geolocation"
    await frame.fill("#text", "half a sent")
    await launcher(page).click()
    await is_open(page, False)
    assert await has_focus(page, ".launcher")
    await launcher(page).click()
    assert await frame.input_value("#text") == "half a sent", "the chat stayed as it was"
    await page.get_by_role("button", name=SAID["minimise"]).click()
    await is_open(page, False)
    assert await has_focus(page, ".launcher")


@pytest.mark.parametrize("key", ["Enter", "Space"])
async def test_keys_open_and_close_it(page: Page, website: str, key: str) -> None:
    await visit(page, f"{website}/")
    await launcher(page).focus()
    await page.keyboard.press(key)
    await is_open(page)
    await expect(page.frame_locator("iframe").locator(":focus")).to_have_count(1)
    await page.keyboard.press("Escape")
    await is_open(page, False)
    assert await has_focus(page, ".launcher")
    await page.keyboard.press(key)
    await page.get_by_role("button", name=SAID["minimise"]).press(key)
    await is_open(page, False)
    assert await has_focus(page, ".launcher")
    assert await page.evaluate("scrollY") == 0, "Space did not scroll"


async def test_escape_closes_it_wherever_the_focus_is_in_it(page: Page, website: str) -> None:
    await visit(page, f"{website}/")
    for part in (page.get_by_role("link", name=SAID["full"]), launcher(page)):
        await open_chat(page)
        await part.focus()
        await page.keyboard.press("Escape")
        await is_open(page, False)
        assert await has_focus(page, ".launcher")
    await open_chat(page)
    await page.focus("#search")
    await page.keyboard.press("Escape")
    await is_open(page)


@pytest.mark.parametrize("how", [{"modifiers": ["Control"]}, {"button": "middle"}])
async def test_it_is_a_link_for_who_wants_a_new_tab(page: Page, website: str, base: str, how: dict[str, Any]) -> None:
    await visit(page, f"{website}/")
    for link in (launcher(page), page.locator("[data-council-chat]")):
        async with page.context.expect_page() as opened:
            await link.click(**how)
        await (await opened.value).wait_for_url(f"{base}/")
        await is_open(page, False)


async def test_a_link_of_the_page_opens_it_and_gets_the_focus_back(page: Page, website: str) -> None:
    await visit(page, f"{website}/bins")
    link = page.locator("main [data-council-chat]")
    await expect(link).to_have_role("button")
    await expect(link).to_have_attribute("aria-expanded", "false")
    for key in ("Enter", "Space"):
        await link.press(key)
        await is_open(page)
        await expect(link).to_have_attribute("aria-expanded", "true")
        await expect(page.frame_locator("iframe").locator(":focus")).to_have_count(1)
        await page.keyboard.press("Escape")
        await is_open(page, False)
        assert await has_focus(page, "main [data-council-chat]")
    await link.click()
    await is_open(page)
    await link.evaluate("(link) => link.remove()")
    await page.get_by_role("button", name=SAID["minimise"]).click()
    assert await has_focus(page, ".launcher"), "where the link is gone"


async def test_a_link_that_came_later_opens_it_too(page: Page, website: str) -> None:
    await visit(page, f"{website}/")
    await page.evaluate(
        """document.querySelector("main").insertAdjacentHTML("afterbegin", '<a href="/" data-council-chat>Ask</a>')"""
    )
    await page.get_by_text("Ask", exact=True).click()
    await is_open(page)


async def test_the_page_is_not_blocked(page: Page, website: str) -> None:
    """What is beside the open chat can be read and pressed: it is no dialog that has to be closed first."""
    await visit(page, f"{website}/")
    await open_chat(page)
    await page.get_by_role("link", name="Council tax").click()
    await is_open(page)
    assert page.url.endswith("/#")


@pytest.mark.parametrize("size", [(1000, 720), (700, 600), (420, 600)])
async def test_what_has_the_focus_is_never_hidden(page: Page, website: str, size: tuple[int, int]) -> None:
    """Everything on the page that can have the focus, with the chat opened anew before each."""
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await visit(page, f"{website}/")
    was_put_away = 0
    for stop in await page.locator(FOCUSABLE).all():
        if not await panel(page).is_visible():
            await open_chat(page)
        await stop.focus()
        await settled(page)
        assert await in_sight(page)
        was_put_away += not await panel(page).is_visible()
    assert was_put_away
    assert await page.locator("iframe").count() == 1, "the conversation stays loaded"


async def test_tab_goes_on_through_the_page_while_the_chat_makes_way(page: Page, website: str) -> None:
    await page.set_viewport_size({"width": 600, "height": 700})
    await visit(page, f"{website}/")
    await open_chat(page)
    await page.locator(FOCUSABLE).first.focus()
    for _ in range(await page.locator(FOCUSABLE).count() - 1):
        await page.keyboard.press("Tab")
        await settled(page)
        assert await in_sight(page)
    assert await has_focus(page, "#last")
    await is_open(page, False)
    await remembers(page, "closed")


async def test_the_launcher_moves_off_what_has_the_focus_and_back(page: Page, website: str) -> None:
    await visit(page, f"{website}/")
    surface, last = page.locator("council-chat .surface"), page.locator("#last")
    before = await box(launcher(page))
    await last.evaluate("(link) => link.style.cssText = 'position: fixed; right: 0; bottom: 0; width: 200px'")
    await last.focus()
    await expect(surface).to_have_attribute("data-corner", "start")
    assert await in_sight(page)
    assert (await box(launcher(page)))["x"] < 100
    await last.evaluate("(link) => link.style.cssText += '; left: 0; width: auto'")
    await page.set_viewport_size({"width": 990, "height": 720})
    await expect(surface).to_have_attribute("data-corner", "top")
    assert await in_sight(page)
    await page.set_viewport_size({"width": 1000, "height": 720})
    await page.focus("#search")
    await expect(surface).to_have_attribute("data-corner", "")
    assert await box(launcher(page)) == before


async def test_a_large_part_of_the_page_may_have_the_focus_beside_the_chat(page: Page, website: str) -> None:
    """As after a link that skips to the main part."""
    await visit(page, f"{website}/")
    await open_chat(page)
    await page.evaluate("document.querySelector('main').tabIndex = -1; document.querySelector('main').focus()")
    await settled(page)
    await is_open(page)


@pytest.mark.parametrize("size", [(400, 800), (800, 400), (320, 256)])
async def test_where_there_is_no_room_the_link_is_followed(
    page: Page, website: str, base: str, size: tuple[int, int]
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    for link in (launcher(page), page.locator("[data-council-chat]")):
        await visit(page, f"{website}/")
        assert await link.get_attribute("role") is None, "it is said to be what it is, a link"
        await link.press("Enter")
        await page.wait_for_url(f"{base}/")


@pytest.mark.parametrize("size", [(400, 720), (1000, 300)])
async def test_an_open_chat_that_loses_its_room_goes_on_as_a_page(
    page: Page, website: str, base: str, size: tuple[int, int]
) -> None:
    await visit(page, f"{website}/")
    await open_chat(page)
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.wait_for_url(f"{base}/")
    await page.go_back()
    await launcher(page).wait_for()
    assert page.url == f"{website}/"
    assert not await panel(page).is_visible()


async def test_a_phones_keyboard_does_not_end_what_is_being_typed(chromium: Browser, website: str) -> None:
    page = await new_page(chromium, [], viewport={"width": 420, "height": 800}, has_touch=True, is_mobile=True)
    await visit(page, f"{website}/")
    await launcher(page).tap()
    frame = await inside(page)
    await frame.fill("#text", "half a sent")
    await page.set_viewport_size({"width": 420, "height": 390})
    await settled(page)
    assert page.url == f"{website}/"
    assert await frame.input_value("#text") == "half a sent"


async def test_it_stays_open_from_page_to_page_without_taking_the_focus(staged: Page, website: str) -> None:
    await visit(staged, f"{website}/")
    frame = await open_chat(staged)
    await frame.wait_for_function("heard.length")
    assert await frame.evaluate("heard") == ["open, focus"]
    assert await staged.evaluate("({...sessionStorage})") == {"council-chat": "open"}
    assert await staged.evaluate("localStorage.length") == 0
    await staged.get_by_role("navigation").get_by_role("link", name="Bins").click()
    await staged.wait_for_url(f"{website}/bins")
    await is_open(staged)
    frame = await inside(staged)
    await frame.wait_for_function("heard.length")
    assert await frame.evaluate("heard") == ["open"]
    assert await has_focus(staged, "body")
    await staged.get_by_role("button", name=SAID["minimise"]).click()
    assert await has_focus(staged, ".launcher")
    await staged.reload()
    await launcher(staged).wait_for()
    await is_open(staged, False)


async def test_a_conversation_goes_on_from_page_to_page(page: Page, website: str) -> None:
    await visit(page, f"{website}/")
    frame = await open_chat(page)
    await frame.fill("#text", "hello")
    await frame.press("#text", "Enter")
    await frame.locator("#messages").get_by_text("You said hello", exact=True).wait_for()
    await page.get_by_role("navigation").get_by_role("link", name="Bins").click()
    await is_open(page)
    await (await inside(page)).locator("#messages").get_by_text("You said hello", exact=True).wait_for()


async def test_it_does_not_open_over_what_a_new_page_has_focused(
    page: Page, website: str, made: dict[str, str]
) -> None:
    await page.set_viewport_size({"width": 600, "height": 600})
    await visit(page, f"{website}/")
    await open_chat(page)
    focused = '<a href="#" id="focused" autofocus style="position: fixed; right: 0; bottom: 150px">Read this</a>'
    made["focused"] = (await (await page.request.get(f"{website}/")).text()).replace("<main>", f"<main>{focused}")
    await visit(page, f"{website}/made/focused")
    await is_open(page, False)
    assert await has_focus(page, "#focused") and await in_sight(page)


async def test_it_works_where_a_browser_keeps_nothing(page: Page, website: str) -> None:
    await page.add_init_script(
        """if (top === window) Object.defineProperty(window, "sessionStorage", {
            get() { throw new DOMException("no", "SecurityError"); } })"""
    )
    await visit(page, f"{website}/")
    await open_chat(page)
    await visit(page, f"{website}/bins")
    await is_open(page, False)


async def test_an_answer_that_comes_while_it_is_closed_stands_on_the_launcher(
    page: Page, website: str, rasa: Rasa
) -> None:
    await visit(page, f"{website}/")
    frame = await open_chat(page)
    rasa.open.clear()
    await frame.fill("#text", "hello")
    await frame.press("#text", "Enter")
    await frame.locator("#messages").get_by_text("hello", exact=True).wait_for()
    await page.keyboard.press("Escape")
    await is_open(page, False)
    rasa.open.set()
    await expect(launcher(page)).to_have_accessible_name(SAID["news_one"])
    await launcher(page).click()
    await expect(launcher(page)).to_have_accessible_name(SAID["launcher"])
    await expect(frame.locator("#messages").get_by_text("You said hello", exact=True)).to_be_in_viewport()


async def test_what_staff_write_while_it_is_put_away_is_noticed_on_every_page(
    page: Page, website: str, db: Database
) -> None:
    await visit(page, f"{website}/")
    frame = await open_chat(page)
    await frame.fill("#text", "hello")
    await frame.press("#text", "Enter")
    await frame.locator("#messages").get_by_text("You said hello", exact=True).wait_for()
    sam, talk = Staff(db), the_talk(db)
    ask(db, talk)
    sam.take(talk)
    await frame.locator("#messages").get_by_text(notice("joined", name="Sam")).wait_for()
    await page.keyboard.press("Escape")
    await is_open(page, False)
    await remembers(page, "waiting")
    await page.get_by_role("navigation").get_by_role("link", name="Bins").click()
    await page.wait_for_url(f"{website}/bins")
    await is_open(page, False)
    await (await inside(page)).locator("#handover").get_by_text("Sam").wait_for(state="attached")
    await expect(launcher(page)).to_have_accessible_name(SAID["launcher"])
    assert await launcher(page).get_attribute("data-news") is None
    seq = sam.says(talk, "Hello")
    await expect(launcher(page)).to_have_accessible_name(SAID["news_one"])
    assert await launcher(page).get_attribute("data-news") == ""
    await visit(page, f"{website}/")
    await expect(launcher(page)).to_have_accessible_name(SAID["news_one"])
    await expect(page.locator("council-chat [role=status]")).to_have_text(SAID["news_one"])
    with db.read() as connection:
        assert [each.seen_seq < seq for each in attention.of(connection, talk, clock.now())] == [True]
    await launcher(page).click()
    await expect(launcher(page)).to_have_accessible_name(SAID["launcher"])
    sam.end(talk)
    await (await inside(page)).locator("#rate-talk").wait_for()
    await page.keyboard.press("Escape")
    await is_open(page, False)
    await remembers(page, "closed")
    await visit(page, f"{website}/bins")
    assert await page.locator("iframe").count() == 0


async def test_the_quick_exit_takes_the_whole_window(page: Page, website: str) -> None:
    await page.context.route(LEAVE, lambda route: route.fulfill(body="Weather", content_type="text/html"))
    await visit(page, f"{website}/bins")
    await visit(page, f"{website}/")
    frame = await open_chat(page)
    await frame.click("#leave")
    await page.wait_for_url(LEAVE)
    await page.go_back()
    assert page.url == f"{website}/bins", "the way back does not lead to where the chat was"
    await launcher(page).wait_for()
    await is_open(page, False)


async def test_a_second_tag_adds_nothing(page: Page, website: str) -> None:
    await visit(page, f"{website}/")
    await page.evaluate(
        """new Promise((done) => { const tag = document.createElement("script");
            tag.src = document.querySelector("script").src; tag.onload = done; document.head.append(tag); })"""
    )
    assert await page.locator("council-chat").count() == 1
