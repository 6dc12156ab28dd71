"""The chat page in Chromium: what its script adds, and that it can be read and used at any size."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.settings import settings
from channels.webchat.words import words

playwright = pytest.importorskip("playwright.async_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
]


@pytest.fixture(autouse=True)
def _own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
async def chromium() -> AsyncIterator[playwright.Browser]:
    async with playwright.async_playwright() as found:
        browser = await found.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(chromium: playwright.Browser, base: str) -> AsyncIterator[playwright.Page]:
    # as 1280 x 1024 at 400 %; and without smooth scrolling, whose end could not be waited for
    context = await chromium.new_context(viewport={"width": 320, "height": 256}, reduced_motion="reduce")
    opened = await context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    await opened.goto(base)
    yield opened
    assert not wrong


async def say(page: playwright.Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")


async def answered(page: playwright.Page, text: str) -> None:
    """Wait until the transcript, not only the announcer, has these words."""
    await page.locator("#messages").get_by_text(text, exact=True).wait_for()


async def said(page: playwright.Page) -> list[str]:
    return [text.strip() for text in await page.locator("#messages .said").all_inner_texts()]


async def test_messages_go_and_come_without_leaving_the_page(page: playwright.Page) -> None:
    await page.evaluate("window.isSame = true")
    await say(page, "first <b>")
    await say(page, "second")
    await answered(page, "You said second")
    assert sorted((await said(page))[1:]) == sorted(["first <b>", "You said first <b>", "second", "You said second"])
    assert await page.evaluate("window.isSame && document.activeElement.id") == "text", "the focus stays"
    spoken = await page.locator("#announcer").inner_text()
    assert "Assistant said: You said second You can choose: Bin day" in spoken
    await page.get_by_role("button", name="Bin day").last.click()
    await answered(page, "You said /bin_day")
    assert await page.locator("form.choices").count() == 1
    assert await page.evaluate("window.isSame")
    before = await said(page)
    await page.reload()
    assert await said(page) == before[1:], "the ledger says the same, without the welcome"


async def test_a_message_that_cannot_be_sent_is_kept_and_tried_again(page: playwright.Page) -> None:
    await say(page, "before")
    await answered(page, "You said before")
    await page.context.set_offline(True)
    await say(page, "meanwhile")
    await page.get_by_text(words()["client"]["failed"], exact=True).wait_for()
    await page.get_by_text(words()["client"]["lost"]).first.wait_for()
    await page.context.set_offline(False)
    await page.get_by_role("button", name=words()["client"]["retry"]).click()
    await answered(page, "You said meanwhile")
    assert (await said(page))[1:] == ["before", "You said before", "meanwhile", "You said meanwhile"]
    await playwright.expect(page.locator("#connection")).to_be_empty()


async def test_a_chat_that_another_tab_ended_goes_on_as_a_new_one(page: playwright.Page, base: str) -> None:
    await say(page, "old")
    await answered(page, "You said old")
    other = await page.context.new_page()
    await other.goto(f"{base}/chat/end")
    await other.get_by_role("button", name=words()["end"]["confirm"]).click()
    await page.get_by_text(words().problem("no_session")).first.wait_for()
    await say(page, "new")
    await answered(page, "You said new")
    await other.goto(base)
    assert await said(other) == ["new", "You said new"]


async def test_without_the_interface_the_form_is_sent(page: playwright.Page) -> None:
    await page.route("**/webchat/**", lambda route: route.fulfill(status=502, body="<html>a proxy's page</html>"))
    await say(page, "hello")
    await page.wait_for_url("**/#latest")
    assert await said(page) == ["hello", "You said hello"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_at_400_percent_nothing_is_cut_off_or_too_small(page: playwright.Page, scheme: str) -> None:
    await page.emulate_media(color_scheme=scheme)
    await say(page, "averylongwordwithoutanyspaces" * 5)
    await page.get_by_role("button", name="Bin day").wait_for()
    await page.locator(".urgent summary").click()
    assert await page.evaluate("document.documentElement.scrollWidth") == 320, "no two-way scrolling"
    small = await page.evaluate(
        """[...document.querySelectorAll("button, summary, a:not(p a)")].filter((e) => e.offsetParent
            && e.getBoundingClientRect().height < 44).map((e) => e.textContent)"""
    )
    assert small == []


async def test_keys_reach_everything_and_the_focus_is_never_hidden(page: playwright.Page) -> None:
    await say(page, "hello")
    await page.get_by_role("button", name="Bin day").wait_for()
    await page.reload()  # the next Tab starts at the top
    reached = []
    for _ in range(30):
        await page.keyboard.press("Tab")
        name, is_visible = await page.evaluate(
            """(() => { const box = document.activeElement.getBoundingClientRect();
                const x = box.left + box.width / 2, y = box.top + Math.min(box.height / 2, 10);
                const top = document.elementFromPoint(x, y);
                if (document.activeElement === document.body) return ["", true];
                return [document.activeElement.textContent.trim() || document.activeElement.id,
                    document.activeElement.contains(top)]; })()"""
        )
        if not name or name in reached:  # round once
            break
        reached.append(name)
        assert is_visible, name
    said_words = words()
    for wanted in (said_words["page"]["leave"], said_words["urgent"]["heading"], "Bin day", "text", "Send"):
        assert wanted in reached
