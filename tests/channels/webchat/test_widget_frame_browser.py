"""The line between website and chat page in Chromium: what is said on it, and who can speak on it."""

from __future__ import annotations

import pytest

from bot.settings import settings
from channels.webchat.widget import LEAVE
from tests.support.browser import NEEDS_CHROMIUM
from tests.support.widget import (
    SAID,
    Browser,
    Page,
    expect,
    has_focus,
    inside,
    is_open,
    launcher,
    new_page,
    open_chat,
    playwright,
    visit,
)

pytest_plugins = ["tests.support.websites"]
pytestmark = NEEDS_CHROMIUM
LISTENS = """<!doctype html><title>Elsewhere</title>
<script>window.heard = []; addEventListener("message", (event) => heard.push(event.data));</script>"""


async def test_news_stands_on_the_launcher_and_is_said_once(staged: Page, website: str) -> None:
    await visit(staged, f"{website}/")
    status = staged.locator("council-chat [role=status]")
    frame = await open_chat(staged)
    await frame.wait_for_function("heard.length")
    await frame.evaluate("line.news(1)")
    await staged.keyboard.press("Escape")
    await is_open(staged, False)
    await expect(launcher(staged)).to_have_accessible_name(SAID["launcher"])
    await frame.wait_for_function("heard.length === 2")
    assert await frame.evaluate("heard") == ["open, focus", "closed"]
    await frame.evaluate("line.news(1)")
    await expect(launcher(staged)).to_have_accessible_name(SAID["news_one"])
    await expect(status).to_have_text(SAID["news_one"])
    await status.evaluate(
        """(status) => { window.said = 0;
            new MutationObserver(() => { window.said += 1; }).observe(status, {childList: true}); }"""
    )
    await frame.evaluate("line.news(2)")
    await frame.evaluate("line.news(2)")
    two = SAID["news_many"].replace("{count}", "2")
    await expect(launcher(staged)).to_have_accessible_name(two)
    await expect(status).to_have_text(two)
    assert await staged.evaluate("said") == 1
    await launcher(staged).click()
    await expect(launcher(staged)).to_have_accessible_name(SAID["launcher"])
    await expect(status).to_be_empty()
    await frame.wait_for_function("heard.length === 3")
    assert (await frame.evaluate("heard"))[2:] == ["open, focus"]


async def test_another_page_in_the_frame_gets_a_line_of_its_own(staged: Page, website: str) -> None:
    await visit(staged, f"{website}/")
    frame = await open_chat(staged)
    await frame.get_by_role("link", name="Another page").click()
    await frame.wait_for_url("**/?again")
    await frame.wait_for_function("window.heard?.length")
    assert await frame.evaluate("heard") == ["open"], "the new page keeps its own focus"
    await frame.press("#text", "Escape")
    await is_open(staged, False)


async def test_the_focus_is_not_taken_from_who_went_on_meanwhile(staged: Page, website: str, base: str) -> None:
    """The chat is slow to load, and the resident types in the page's search box by then."""
    waiting: list[playwright.Route] = []
    await staged.route(f"{base}/static/chat/frame.js", lambda route: waiting.append(route))
    await visit(staged, f"{website}/")
    await launcher(staged).click()
    assert await has_focus(staged, "iframe")
    await staged.focus("#search")
    while not waiting:
        await staged.wait_for_timeout(20)
    await waiting[0].continue_()
    frame = await inside(staged)
    await frame.wait_for_function("window.heard?.length")
    assert await frame.evaluate("heard") == ["open"]
    assert await has_focus(staged, "#search")


async def test_it_can_ask_to_leave_but_not_where_to(staged: Page, website: str) -> None:
    await staged.context.route(LEAVE, lambda route: route.fulfill(body="Weather", content_type="text/html"))
    await visit(staged, f"{website}/")
    frame = await open_chat(staged)
    await frame.wait_for_function("heard.length")
    assert await frame.evaluate("line.leave('https://elsewhere.example')") is True
    await staged.wait_for_url(LEAVE)


async def test_it_can_go_on_as_a_full_page(staged: Page, website: str, base: str) -> None:
    await visit(staged, f"{website}/")
    frame = await open_chat(staged)
    await frame.wait_for_function("heard.length")
    await frame.evaluate("line.full()")
    await staged.wait_for_url(f"{base}/")
    assert await staged.evaluate("[line.isFramed, line.close(), line.news(1), line.leave()]") == [False] * 4


async def test_a_page_takes_one_line_and_only_from_its_parent(
    staged: Page, website: str, base: str, made: dict[str, str]
) -> None:
    made["bare"] = f'<!doctype html><title>No widget</title><iframe src="{base}/"></iframe>'
    await staged.goto(f"{website}/made/bare")
    frame = staged.frames[1]
    await frame.wait_for_load_state()
    offer, port = "{type: 'council-chat'}", "[new MessageChannel().port1]"
    for message, ports in (("{type: 'other'}", port), (offer, "[]"), ("null", port)):
        await staged.evaluate(f"frames[0].postMessage({message}, '{base}', {ports})")
    await frame.evaluate(f"window.postMessage({offer}, '*', {port})")  # not from the parent
    await staged.wait_for_timeout(50)
    assert await frame.evaluate("line.close()") is False
    await staged.evaluate(
        f"""window.heard = [];
        for (const name of ["first", "second"]) {{
            const {{port1, port2}} = new MessageChannel();
            port1.onmessage = (event) => heard.push(name + " " + event.data.type);
            frames[0].postMessage({offer}, '{base}', [port2]);
        }}"""
    )
    await staged.wait_for_timeout(50)
    assert await frame.evaluate("line.close()") is True
    await staged.wait_for_function("heard.length")
    assert await staged.evaluate("heard") == ["first close"]


async def test_the_website_does_not_speak_to_another_origin(
    chromium: Browser, website: str, made: dict[str, str]
) -> None:
    """The frame was led to another website: it is offered no line."""
    made["elsewhere"] = LISTENS
    wrong: list[str] = []
    page = await new_page(chromium, wrong)
    await visit(page, f"{website}/")
    frame = await open_chat(page)
    await frame.evaluate(f"location.assign('{website}/made/elsewhere')")
    await frame.wait_for_url("**/made/elsewhere")
    await page.wait_for_timeout(100)
    assert await frame.evaluate("heard") == []
    assert ["does not match" in said for said in wrong] == [True], "the browser kept what was for the chat"


async def test_on_another_site_the_chat_has_a_cookie_that_is_kept_apart(
    chromium: Browser, website: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """localhost and 127.0.0.1 are two sites, and both may set Secure cookies without https."""
    other_site = website.replace("127.0.0.1", "localhost")
    monkeypatch.setenv("SECURE_COOKIES", "true")
    monkeypatch.setenv("FRAME_ANCESTORS", other_site.removesuffix("/site"))
    settings.cache_clear()
    page = await new_page(chromium, [])
    await visit(page, f"{other_site}/")
    frame = await open_chat(page)
    await frame.fill("#text", "hello")
    await frame.press("#text", "Enter")
    await frame.locator("#messages").get_by_text("You said hello", exact=True).wait_for()
    (cookie,) = [each for each in await page.context.cookies() if each["name"] == "__Host-chat_framed"]
    assert cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "None"
    assert cookie["partitionKey"] == "http://localhost"
    await page.reload()
    again = page.frame_locator("iframe")
    await again.locator("#messages").get_by_text("You said hello", exact=True).wait_for()
    assert "chat_framed" not in await page.evaluate("document.cookie")
