"""The desk and the wall in Chromium: what is new comes and is said, the focus stays, keys can be switched off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy.exc import OperationalError

from bot.handover import TAKE
from bot.store import accounts, ownership, staff_sessions
from bot.store.ownership import Change
from tests.bot.staff.conftest import PASSWORD
from tests.support.browser import DESK, NEEDS_CHROMIUM, PHONE, accessibility_faults

playwright = pytest.importorskip("playwright.async_api")
expect = playwright.expect
pytestmark = NEEDS_CHROMIUM


@pytest_asyncio.fixture
async def page(live_desk: Any, chromium: Any) -> AsyncIterator[Any]:
    """A senior at their desk, who takes conversations."""
    live_desk.person("sam", "senior", teams=("general",), is_available=True)
    live_desk.person("jo", "agent", is_available=True)
    context = await chromium.new_context(viewport=DESK)
    opened = await context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
    await opened.goto(f"{live_desk.office.address}/sign-in")
    await opened.fill("#username", "sam")
    await opened.fill("#password", PASSWORD)
    await opened.press("#password", "Enter")
    await opened.wait_for_url("**/desk")
    await opened.locator("#announcer").wait_for(state="attached")
    yield opened
    assert not wrong


async def heard(page: Any, sentence: str) -> None:
    """Wait until a screen reader was told."""
    await page.locator("#announcer").get_by_text(sentence, exact=True).first.wait_for(state="attached")


async def test_who_is_new_comes_by_itself_and_is_said_in_one_sentence(page: Any, live_desk: Any) -> None:
    await page.evaluate("window.isSame = true")
    live_desk.ask("Missed bin")
    await heard(page, "1 new: Missed bin, waiting less than a minute")
    await expect(page.locator("#queue")).to_contain_text("Missed bin")
    await expect(page).to_have_title("(1) Desk – Council Assistant for staff")
    live_desk.ask("Gas smell", reason="danger")
    await heard(page, "1 new: Possible danger, Gas smell, waiting less than a minute")
    first = page.locator("#queue li h3").first
    await expect(first).to_have_text("Gas smell")
    assert await page.evaluate("window.isSame")


async def test_the_focus_and_the_place_stay_while_the_list_changes(page: Any, live_desk: Any) -> None:
    first = live_desk.ask("Missed bin")
    take = page.locator(f"#take-{first}")
    await take.focus()
    urgent = live_desk.ask("Gas smell", reason="danger")
    await page.locator(f"#talk-{urgent}").wait_for()
    await expect(take).to_be_focused()
    ownership.change(live_desk.office.db, first, Change(TAKE, "jo"), live_desk.office.now)
    await take.wait_for(state="detached")
    await expect(page.locator("#queue-heading")).to_be_focused()


async def test_what_is_given_to_me_and_written_to_me_is_said(page: Any, live_desk: Any) -> None:
    talk = live_desk.ask("Missed bin")
    await heard(page, "1 new: Missed bin, waiting less than a minute")
    live_desk.take(talk, "sam")
    await heard(page, "Now yours: Missed bin")
    live_desk.write(talk, "Hello?", "p2")
    await heard(page, "New message: Missed bin")


async def test_keys_move_and_take_and_show_themselves(page: Any, live_desk: Any) -> None:
    talks = [live_desk.ask(title) for title in ("Missed bin", "Fly-tipping")]
    await page.locator(f"#talk-{talks[1]}").wait_for()
    links = page.locator("#queue h3 a")
    for key, at in (("j", 0), ("j", 1), ("k", 0)):
        await page.keyboard.press(key)
        await expect(links.nth(at)).to_be_focused()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys and sounds")).to_be_visible()
    await page.keyboard.press("t")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url.endswith("/desk"), "no key acts behind the dialog"
    first = (await links.first.get_attribute("href")).removeprefix("/desk/c/")
    await page.keyboard.press("t")
    await page.wait_for_url(f"**/desk/c/{first}*")
    standing = ownership.standing(live_desk.office.db, first)
    assert standing and standing.staff == "sam"


async def test_keys_can_be_switched_off_and_stay_off(page: Any, live_desk: Any) -> None:
    live_desk.ask("Missed bin")
    await page.locator("#queue h3").wait_for()
    await page.get_by_role("button", name="Keys and sounds").click()
    await page.get_by_label("Use these keys").uncheck()
    await page.get_by_role("button", name="Close").click()
    await page.reload()
    await page.locator("#announcer").wait_for(state="attached")
    for key in ("j", "t", "?"):
        await page.keyboard.press(key)
    assert page.url.endswith("/desk") and not await page.get_by_role("dialog").is_visible()
    assert await page.evaluate("document.activeElement === document.body")
    await page.get_by_role("button", name="Keys and sounds").click()
    await page.get_by_label("Use these keys").check()
    await page.get_by_role("button", name="Close").click()
    await page.keyboard.press("j")
    await expect(page.locator("#queue h3 a")).to_be_focused()


async def test_sound_and_notifications_are_off_until_they_are_chosen(page: Any) -> None:
    await page.get_by_role("button", name="Keys and sounds").click()
    sound, notices = page.get_by_label("A sound"), page.get_by_label("A notification")
    await expect(sound).not_to_be_checked()
    await expect(notices).not_to_be_checked()
    await sound.check()
    await page.reload()
    await page.get_by_role("button", name="Keys and sounds").click()
    await expect(page.get_by_label("A sound")).to_be_checked()


async def test_a_lost_connection_is_told_and_made_again(
    page: Any, live_desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("select", {}, Exception("no database"))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(accounts, "by_token", gone)  # ends the stream, and answers nobody who asks again
        connection = page.locator("#connection")
        await expect(connection).to_contain_text("The connection is lost", timeout=30_000)
        await heard(page, "The connection is lost. Trying again. What you see may be out of date.")
        live_desk.ask("Missed bin")
    await expect(connection).to_be_hidden(timeout=30_000)
    await expect(page.locator("#queue")).to_contain_text("Missed bin")


async def test_who_is_signed_out_elsewhere_is_told(page: Any, live_desk: Any) -> None:
    cookies = {cookie["name"]: cookie["value"] for cookie in await page.context.cookies()}
    staff_sessions.sign_out(live_desk.office.db, cookies["staff"])
    await expect(page.locator("#connection")).to_contain_text("You are signed out")
    await expect(page.locator("#connection a")).to_have_attribute("href", "/sign-in")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    page: Any, live_desk: Any, viewport: dict[str, int], scheme: str
) -> None:
    live_desk.take(live_desk.ask("Missed bin"), "sam")
    live_desk.take(live_desk.ask("Council tax bands", "money"), "jo")
    live_desk.talk()
    live_desk.office.pass_time(minutes=1)
    live_desk.ask("A very long title of something that somebody wants to know", reason="danger")
    live_desk.ask("Fly-tipping", "waste_streets")
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size(viewport)
    for path in ("/desk", "/wall"):
        await page.goto(live_desk.office.address + path)
        await page.locator("[data-refresh]").wait_for(state="hidden")
        assert await accessibility_faults(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


async def test_the_wall_changes_by_itself(page: Any, live_desk: Any) -> None:
    await page.goto(f"{live_desk.office.address}/wall")
    waiting = page.locator(".big dd").first
    await expect(waiting).to_have_text("0")
    live_desk.ask("Missed bin")
    await expect(waiting).to_have_text("1")
    await expect(page.locator("#waits")).to_contain_text("Missed bin")
