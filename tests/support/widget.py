"""The widget in a browser: its parts, and what tests of it ask and do."""

from __future__ import annotations

import re
from typing import Any

import pytest

from channels.webchat.words import languages

playwright = pytest.importorskip("playwright.async_api")
Browser, Frame, Locator, Page = playwright.Browser, playwright.Frame, playwright.Locator, playwright.Page
expect = playwright.expect
SAID = languages()["en"]["widget"]
# A page that a test can make say things, in the place of the chat page.
STAND_IN = """<!doctype html>
<html lang="en"><title>Stand-in</title>
<h1>Stand-in</h1><label for="text">Your message</label> <input id="text"> <a href="/?again">Another page</a>
<script type="module">
  import { connect } from "/static/chat/frame.js";
  window.heard = [];
  window.line = connect({
    open(takesFocus) {
      heard.push(takesFocus ? "open, focus" : "open");
      if (takesFocus) document.getElementById("text").focus();
    },
    closed() { heard.push("closed"); },
  });
</script>
"""


async def new_page(browser: Browser, wrong: list[str], stands_in_at: str = "", **more: Any) -> Page:
    """A page of a fresh profile; what goes wrong on it, a policy's violation included, is noted down."""
    context = await browser.new_context(**({"viewport": {"width": 1000, "height": 720}} | more))
    context.set_default_timeout(10_000)
    if stands_in_at:
        chat = re.compile(re.escape(stands_in_at) + r"/(\?.*)?$")
        await context.route(chat, lambda route: route.fulfill(body=STAND_IN, content_type="text/html; charset=utf-8"))
    page = await context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    return page


def launcher(page: Page) -> Locator:
    return page.locator("council-chat .launcher")


def panel(page: Page) -> Locator:
    return page.locator("council-chat .panel")


async def visit(page: Page, address: str) -> None:
    """Go to a page, and wait for the launcher."""
    await page.goto(address)
    await launcher(page).wait_for()


async def inside(page: Page) -> Frame:
    """The chat's page in the frame, once it is there."""
    element = await page.locator("council-chat iframe").element_handle()
    frame = await element.content_frame()
    assert frame is not None
    await frame.wait_for_load_state()
    return frame


async def open_chat(page: Page) -> Frame:
    """Press the launcher; the chat's page."""
    await launcher(page).click()
    await is_open(page)
    return await inside(page)


async def is_open(page: Page, yes: bool = True) -> None:
    """Wait until the chat is open, or is not, in all that shows it."""
    await expect(panel(page)).to_be_visible(visible=yes)
    await expect(launcher(page)).to_have_attribute("aria-expanded", "true" if yes else "false")


async def remembers(page: Page, how: str) -> None:
    """Wait until the widget remembers so how it is on this page, for the next."""
    await page.wait_for_function("(how) => sessionStorage.getItem('council-chat') === how", arg=how)


async def has_focus(page: Page, selector: str) -> bool:
    """Whether this part of the widget, or of the page, has the focus."""
    return await page.evaluate(
        """(selector) => { let at = document.activeElement;
            while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
            return at.matches(selector); }""",
        selector,
    )


async def in_sight(page: Page) -> bool:
    """Whether nothing of the widget lies over what has the focus on the page: not in its middle, not at its edges."""
    return await page.evaluate(
        """() => { const box = document.activeElement.getBoundingClientRect();
            return [[0.5, 0.5], [0.05, 0.2], [0.95, 0.2], [0.05, 0.8], [0.95, 0.8]].every(([x, y]) => {
                const hit = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
                return hit?.localName !== "council-chat"; }); }"""
    )


async def settled(page: Page) -> None:
    """Wait for the two frames in which the browser scrolls to what has the focus and the widget looks at it."""
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))")


async def box(part: Locator) -> dict[str, float]:
    found = await part.bounding_box()
    assert found is not None
    return found
