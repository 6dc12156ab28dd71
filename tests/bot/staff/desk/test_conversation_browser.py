"""The page of a conversation in Chromium: by keyboard alone, kept up to date, accessible, and losing nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from bot.handover import ASSISTANT, STAFF, TRANSFER
from bot.notices import told
from bot.store import attention, messages, notes, ownership
from bot.store.ownership import Change
from tests.bot.staff.conftest import PASSWORD
from tests.bot.uploads.pictures import photo
from tests.support.browser import DESK, NEEDS_CHROMIUM, ZOOMED, accessibility_faults

playwright = pytest.importorskip("playwright.async_api")
Page, expect = playwright.Page, playwright.expect
pytestmark = NEEDS_CHROMIUM
Opens = Callable[..., Awaitable[Any]]


@pytest_asyncio.fixture
async def opens(live_desk: Any, chromium: Any) -> AsyncIterator[Opens]:
    """Opens a conversation in a window of its own: ``await opens(talk, "sam", "agent")``."""
    wrong: list[str] = []

    async def open_page(talk: str, username: str, role: str, viewport: dict[str, int] = DESK) -> Page:
        live_desk.person(username, role)
        context = await chromium.new_context(viewport=viewport, reduced_motion="reduce")
        page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        await page.goto(f"{live_desk.office.address}/sign-in")
        await page.fill("input[name=username]", username)
        await page.fill("input[name=password]", PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/desk")
        await page.goto(f"{live_desk.office.address}/desk/c/{talk}")
        return page

    yield open_page
    assert not wrong


def _of_staff(desk: Any, talk: str) -> list[str]:
    return [each.text for each in messages.after(desk.office.db, talk, 0) if each.sender == messages.STAFF]


async def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the button of this name has the focus."""
    for _ in range(60):
        if await page.evaluate("document.activeElement.textContent.trim()") == name:
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"no way to {name} by keyboard")


async def test_take_say_and_hand_back_by_keyboard_alone(live_desk: Any, opens: Opens) -> None:
    talk = live_desk.ask("Missed bin")
    page = await opens(talk, "sam", "agent")
    await page.locator("#main").focus()
    await _tab_to(page, "Take this conversation")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**#text")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("Hello")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("I am Sam")
    await page.keyboard.press("Enter")
    await page.locator(".line.staff[data-seq]").wait_for()
    assert _of_staff(live_desk, talk) == ["Hello\nI am Sam"] and await page.locator(".line.staff").count() == 1
    assert await page.evaluate("document.activeElement.id") == "text", "the focus stays"
    await _tab_to(page, "Hand back to the assistant")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk/wrap-up/**")
    assert ownership.standing(live_desk.office.db, talk).owner == ASSISTANT


@pytest.mark.parametrize("viewport", [ZOOMED, DESK], ids=["320", "desk"])
@pytest.mark.parametrize("role", ["agent", "senior"])
async def test_nothing_is_wrong_by_wcag_and_nothing_is_wider(
    live_desk: Any, opens: Opens, viewport: dict[str, int], role: str
) -> None:
    talk = live_desk.ask("Missed bin")
    live_desk.person("kim", "agent", is_available=True)
    page = await opens(talk, "sam", role, viewport)
    live_desk.take(talk, "sam" if role == "agent" else "kim")
    notes.add(live_desk.office.db, talk, notes.UNSAID, "assistant", "Put it out", live_desk.office.now)
    notes.add(live_desk.office.db, talk, notes.NOTE, "sam", "Again", live_desk.office.now)
    await page.reload()
    await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert await accessibility_faults(page) == []
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(wide) == 0
    reference = ownership.standing(live_desk.office.db, talk).handover
    await page.goto(f"{live_desk.office.address}/desk/c/{talk}")
    ownership.change(live_desk.office.db, talk, Change("leave", "resident"), live_desk.office.now)
    await page.goto(f"{live_desk.office.address}/desk/wrap-up/{reference}")
    assert await accessibility_faults(page) == [] and await page.evaluate(wide) == 0


async def test_what_is_new_is_shown_and_said_and_what_is_typed_stays(live_desk: Any, opens: Opens) -> None:
    talk, db, now = live_desk.ask("Missed bin"), live_desk.office.db, live_desk.office.now
    page = await opens(talk, "sam", "agent")
    live_desk.take(talk, "sam")
    await page.get_by_role("heading", name="You have this conversation").wait_for()
    await page.fill("#text", "Half a sentence")
    live_desk.write(talk, "Hello?", "p2")
    await page.locator("#lines").get_by_text("Hello?").wait_for()
    await page.locator("#announcer").get_by_text("Resident: Hello?").wait_for(state="attached")
    seq = ownership.staff_says(db, talk, "sam", "Sam", "From another window", "id-1", now)
    attention.look(db, talk, attention.RESIDENT, seq, True, now)
    await page.locator(f"#line-m{seq} .seen").wait_for()
    await page.get_by_text("The resident is typing.").wait_for()
    assert await page.input_value("#text") == "Half a sentence"
    live_desk.person("kim", "agent")
    ownership.change(db, talk, Change(TRANSFER, "kim", staff="kim"), now)
    await page.get_by_text("Somebody else has this conversation now").first.wait_for()
    assert await page.input_value("#text") == "Half a sentence"


async def test_what_a_senior_had_typed_is_there_when_it_is_a_colleagues(live_desk: Any, opens: Opens) -> None:
    talk, db, now = live_desk.ask("Missed bin"), live_desk.office.db, live_desk.office.now
    live_desk.person("kim", "agent")
    page = await opens(talk, "lee", "senior")
    live_desk.take(talk, "lee")
    await page.fill("#text", "Half a sentence")
    ownership.change(db, talk, Change(TRANSFER, "lee", staff="kim"), now)
    await page.get_by_role("heading", name="Kim has this conversation").wait_for()
    await expect(page.locator("#unsent-text")).to_have_value("Half a sentence")
    await page.get_by_label("Private note to Kim").fill("Be kind")
    await page.get_by_role("button", name="Send the private note").click()
    await page.locator(".line.private").get_by_text("Be kind").wait_for()
    assert [each.kind for each in notes.of(db, talk)] == [notes.WHISPER]


async def test_a_message_survives_a_lost_connection_and_counts_once(live_desk: Any, opens: Opens) -> None:
    talk = live_desk.ask("Missed bin")
    page = await opens(talk, "sam", "agent")
    live_desk.take(talk, "sam")
    await page.locator("#text").wait_for()
    lost = 0

    async def lose(route: Any) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            await route.fetch()  # it arrives, and the answer does not
        await (route.abort() if lost <= 2 else route.continue_())

    await page.route("**/say", lose)
    await page.fill("#text", "Hello")
    await page.press("#text", "Enter")
    await expect(page.locator(".line.staff").get_by_text("Hello")).to_have_count(1)
    await page.locator(".line.staff[data-seq]").wait_for()
    await expect(page.locator("[data-pending]")).to_have_count(0)
    assert lost >= 1 and _of_staff(live_desk, talk) == ["Hello"]


async def test_a_card_number_is_asked_about_and_comes_back_to_be_changed(live_desk: Any, opens: Opens) -> None:
    talk = live_desk.ask("Missed bin")
    page = await opens(talk, "sam", "agent")
    live_desk.take(talk, "sam")
    await page.fill("#text", "Card 4111 1111 1111 1111")
    await page.press("#text", "Enter")
    await page.get_by_role("button", name="Send it anyway").wait_for()
    await expect(page.locator("#text")).to_have_value("Card 4111 1111 1111 1111")
    assert "bank card" in await page.inner_text("#text-error") and not _of_staff(live_desk, talk)
    await page.get_by_role("button", name="Send it anyway").click()
    await page.locator(".line.staff[data-seq]").wait_for()
    assert _of_staff(live_desk, talk) == ["Card 4111 1111 1111 1111"]


async def test_an_answer_is_found_by_keyboard_and_put_into_the_message(live_desk: Any, opens: Opens) -> None:
    talk = live_desk.ask("Missed bin")
    page = await opens(talk, "sam", "agent")
    live_desk.take(talk, "sam")
    await page.locator("#text").focus()
    await page.keyboard.press("/")
    await expect(page.locator("#answer")).to_be_focused()
    await page.keyboard.type("food waste")
    await page.locator("#found [role=option]").first.wait_for()
    await page.keyboard.press("ArrowDown")
    first = page.locator("#found [role=option]").first
    await expect(page.locator("#answer")).to_have_attribute("aria-activedescendant", await first.get_attribute("id"))
    await expect(page.locator("#answer")).to_have_attribute("aria-expanded", "true")
    text = await first.get_attribute("data-text")
    assert await accessibility_faults(page) == []
    await page.keyboard.press("Enter")
    await expect(page.locator("#text")).to_be_focused()
    await expect(page.locator("#text")).to_have_value(text)
    assert not _of_staff(live_desk, talk)
    assert ownership.standing(live_desk.office.db, talk).owner == STAFF


async def test_enter_can_be_kept_from_sending(live_desk: Any, opens: Opens) -> None:
    talk = live_desk.ask("Missed bin")
    page = await opens(talk, "sam", "agent")
    live_desk.take(talk, "sam")
    await page.get_by_label("Enter sends").uncheck()
    await page.fill("#text", "One")
    await page.press("#text", "Enter")
    assert await page.input_value("#text") == "One\n"
    await page.reload()
    await expect(page.get_by_label("Enter sends")).not_to_be_checked()
    await expect(page.locator("#text")).to_have_value("One\n")
    await page.get_by_role("button", name="Send", exact=True).click()
    await page.locator(".line.staff[data-seq]").wait_for()
    assert _of_staff(live_desk, talk) == ["One"]


async def test_a_picture_is_chosen_described_and_sent_by_keyboard(live_desk: Any, opens: Opens) -> None:
    talk = live_desk.ask("Missed bin")
    page = await opens(talk, "sam", "agent", ZOOMED)
    live_desk.take(talk, "sam")
    await page.locator("#text").fill("Is it this one?")
    await page.locator("#text").focus()
    await _tab_to(page, "Send a file")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.id") == "file"
    await page.set_input_files("#file", {"name": "bin.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#file-error")).to_have_text(told("no_description"))
    assert await page.input_value("#text") == "Is it this one?" and not _of_staff(live_desk, talk)
    assert await accessibility_faults(page) == []
    await page.keyboard.type("The bin in the yard")
    await page.keyboard.press("Enter")
    line = page.locator(".line.staff[data-seq]")
    await line.get_by_role("link", name="File sent: The bin in the yard").wait_for()
    await expect(page.locator("[data-pending]")).to_have_count(0)
    assert await page.evaluate("document.activeElement.id") == "text", "where the next message is written"
    await expect(page.locator("#file")).to_be_hidden()
    assert await page.evaluate("document.getElementById('file').files.length") == 0
    (said,) = [each for each in messages.after(live_desk.office.db, talk, 0) if each.sender == messages.STAFF]
    assert said.text == "Is it this one?" and said.attachment and said.attachment.description == "The bin in the yard"


async def test_a_file_that_is_refused_comes_back_with_all_that_was_typed(live_desk: Any, opens: Opens) -> None:
    talk = live_desk.ask("Missed bin")
    page = await opens(talk, "sam", "agent")
    live_desk.take(talk, "sam")
    await page.fill("#text", "Here it is")
    await page.get_by_text("Send a file").click()
    broken = {"name": "bin.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff broken"}
    await page.set_input_files("#file", broken)
    await page.fill("#description", "The bin")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("#file-error")).to_have_text(told("upload_broken"))
    assert await page.input_value("#text") == "Here it is" and await page.input_value("#description") == "The bin"
    assert await page.evaluate("document.getElementById('file').files[0].name") == "bin.jpg"
    await expect(page.locator("#file")).to_be_visible()
    await page.set_input_files("#file", {**broken, "buffer": bytes(10_000_001)})
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("#file-error")).to_have_text(told("upload_too_large"))
    await page.set_input_files("#file", {**broken, "buffer": photo()})
    await page.get_by_role("button", name="Send", exact=True).click()
    await page.locator(".line.staff[data-seq]").get_by_text("Here it is").wait_for()
    await expect(page.locator("#file-error")).to_be_hidden()
    assert _of_staff(live_desk, talk) == ["Here it is"]
