"""A talk with a person in Chromium: what is shown and said of it, and what staff are told of the resident."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import clock
from bot.notices import notice
from bot.store import attention
from bot.store.attention import Attention
from bot.store.engine import Database
from channels.webchat.words import fill, words
from tests.channels.webchat.conftest import Rasa
from tests.channels.webchat.test_attached import PDF, PHOTO, SHOWS, picture
from tests.channels.webchat.test_page_browser import answered, heard, looks_again_until, say
from tests.support.browser import NEEDS_CHROMIUM, PHONE, accessibility_faults
from tests.support.staff import Staff, ask, the_talk

playwright = pytest.importorskip("playwright.async_api")
Page, expect = playwright.Page, playwright.expect
pytestmark = NEEDS_CHROMIUM
CLIENT, PAGE = words()["client"], words()["page"]
WAITS = f"{fill(CLIENT['queued_place'], {'place': 1})} {CLIENT['wait_unknown']} {CLIENT['queued_kept']}"
WITH_SAM = fill(CLIENT["staff_named"], {"name": "Sam"})
TYPES = fill(CLIENT["typing_named"], {"name": "Sam"})
# What was said to a screen reader since, in order; what was said goes from the page after some seconds.
LISTEN = """window.told = []; new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(
    (node) => told.push(node.textContent)))).observe(document.getElementById("announcer"), {childList: true})"""


@pytest.fixture
def sam(db: Database) -> Staff:
    return Staff(db)


async def wait_for_a_person(page: Page, db: Database) -> str:
    await page.evaluate(LISTEN)
    await say(page, "hello")
    await answered(page, "You said hello")
    ask(db, the_talk(db))
    await expect(page.locator("#handover")).to_have_text(WAITS)
    return the_talk(db)


async def talk_to(sam: Staff, page: Page, db: Database) -> str:
    talk = await wait_for_a_person(page, db)
    sam.take(talk)
    await expect(page.locator("#handover")).to_have_text(WITH_SAM)
    return talk


async def told(page: Page) -> list[str]:
    return list(await page.evaluate("told"))


async def said_so_often(page: Page, text: str, times: int) -> None:
    """Wait until a screen reader was told this so often: one thing is said after another."""
    count = "([text, times]) => told.filter((each) => each === text).length === times"
    await page.wait_for_function(count, arg=[text, times])


async def resident(db: Database, is_wanted: Callable[[Attention], bool]) -> None:
    """Wait until staff would see this of the resident."""
    async with asyncio.timeout(20):
        while True:
            with db.read() as connection:
                found = [each for each in attention.of(connection, the_talk(db), clock.now()) if each.who == ""]
            if found and is_wanted(found[0]):
                return
            await asyncio.sleep(0.05)


async def test_a_talk_with_a_person_is_shown_and_said(page: Page, db: Database, sam: Staff) -> None:
    talk = await wait_for_a_person(page, db)
    await heard(page, WAITS)
    await say(page, "while I wait")
    await answered(page, "while I wait")
    sam.take(talk)
    await answered(page, notice("joined", name="Sam"))
    await expect(page.locator("#handover")).to_have_text(WITH_SAM)
    await expect(page.locator("#stop")).to_be_hidden()
    sam.says(talk, "Hello, how can I help?")
    await heard(page, "Sam said: Hello, how can I help?")
    assert await page.locator("#messages .staff .sender").all_inner_texts() == ["Sam from the council said"]
    await say(page, "are you there?")
    await answered(page, "are you there?")
    await expect(page.locator("#text")).not_to_have_attribute("readonly", "")
    assert WITH_SAM not in await told(page), "the notice has said it"
    sam.hand_back(talk)
    await answered(page, "You said /back_from_person")
    await expect(page.locator("#standing")).to_be_hidden()
    assert CLIENT["assistant_back"] not in await told(page)


async def test_typing_is_said_once_until_there_are_words(page: Page, db: Database, sam: Staff) -> None:
    await page.set_viewport_size(PHONE)
    talk = await talk_to(sam, page, db)
    typing = page.locator("#typing")
    for is_typing in (True, False, True):
        sam.looks(talk, is_typing=is_typing)
        await expect(typing).to_have_text(TYPES if is_typing else "")
    await expect(typing).to_be_in_viewport()
    await said_so_often(page, TYPES, 1)
    sam.says(talk, "Yes")
    sam.looks(talk, is_typing=False)
    await expect(typing).to_be_empty()
    await heard(page, "Sam said: Yes")
    sam.looks(talk, is_typing=True)
    await expect(typing).to_have_text(TYPES)
    await said_so_often(page, TYPES, 2)


async def test_what_was_seen_stands_under_it(page: Page, db: Database, sam: Staff) -> None:
    talk = await talk_to(sam, page, db)
    await say(page, "first")
    await answered(page, "first")
    sam.looks(talk, seen=1)
    await expect(page.locator(".resident", has_text="hello").locator(".seen")).to_have_text(CLIENT["seen"])
    sam.looks(talk, seen=99)
    await expect(page.locator(".resident", has_text="first").locator(".seen")).to_have_text(CLIENT["seen"])
    await say(page, "second")
    await answered(page, "second")
    await expect(page.locator(".seen")).to_have_count(1)
    sam.end(talk)
    await expect(page.locator(".seen")).to_have_count(0)


async def test_the_wait_is_ended_with_a_press(page: Page, db: Database, rasa: Rasa) -> None:
    await wait_for_a_person(page, db)
    await page.evaluate("window.isSame = true")
    await page.get_by_role("button", name=PAGE["stop_waiting"]).press("Enter")
    await answered(page, notice("gave_up"))
    await answered(page, "You said /back_from_person")
    await expect(page.locator("#standing")).to_be_hidden()
    assert await page.evaluate("window.isSame && document.activeElement.id") == "text", "the button is gone"


async def test_a_press_that_comes_too_late_says_so(page: Page, db: Database, sam: Staff) -> None:
    await wait_for_a_person(page, db)

    async def too_late(route: Any) -> None:
        sam.take(the_talk(db))
        await route.continue_()

    await page.route("**/webchat/stop-waiting", too_late)
    await page.get_by_role("button", name=PAGE["stop_waiting"]).click()
    await expect(page.locator("#told")).to_have_text(CLIENT["too_late"])
    await heard(page, CLIENT["too_late"])
    await expect(page.locator("#handover")).to_have_text(WITH_SAM)
    await expect(page.locator("#told")).to_have_text(CLIENT["too_late"])


async def test_a_press_that_does_not_come_through_says_so(page: Page, db: Database) -> None:
    await wait_for_a_person(page, db)
    await page.route("**/webchat/stop-waiting", lambda route: route.abort())
    await page.get_by_role("button", name=PAGE["stop_waiting"]).click()
    await expect(page.locator("#error")).to_contain_text(CLIENT["lost"])
    await expect(page.locator("#stop")).to_be_visible()


async def test_a_place_is_said_at_most_every_half_minute(page: Page, db: Database, sam: Staff, base: str) -> None:
    await page.clock.install()
    other = await page.context.browser.new_context()
    first = await other.new_page()
    await first.goto(base)
    await say(first, "I was first")
    await answered(first, "You said I was first")
    ask(db, the_talk(db))
    await page.evaluate(LISTEN)
    await say(page, "hello")
    await answered(page, "You said hello")
    with db.read() as connection:
        talks = list(connection.exec_driver_sql("select id from conversation order by created_at").scalars())
    ask(db, talks[1])
    second = fill(CLIENT["queued_place"], {"place": 2})
    await expect(page.locator("#handover")).to_contain_text(second)
    sam.take(talks[0])
    attention.look(db, talks[1], "sam", 0, False, clock.now())  # as if there were other news
    place = fill(CLIENT["queued_place"], {"place": 1})
    await expect(page.locator("#handover")).to_contain_text(place)
    assert not [said for said in await told(page) if place in said]
    await page.clock.fast_forward(30_000)
    await page.clock.run_for(1_000)
    said = [said for said in await told(page) if "number" in said]
    assert [said.count(CLIENT["queued_kept"]) for said in said] == [1, 0], "what does not change is not said again"
    assert said[0].startswith(second) and said[1].startswith(place)
    await other.close()


async def test_staff_are_told_what_the_resident_does(page: Page, db: Database, sam: Staff) -> None:
    await page.clock.install()
    await page.press("#text", "a")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    talk = await wait_for_a_person(page, db)
    assert not [path for path in asked if path.startswith("typing")], "while the assistant answers nothing is told"
    await resident(db, lambda seen: seen.is_viewing and seen.seen_seq == 2)
    sam.take(talk)
    seq = sam.says(talk, "Hello")
    await resident(db, lambda seen: seen.seen_seq == seq)
    await page.locator("#text").press_sequentially("I am still here")
    await resident(db, lambda seen: seen.is_typing)
    assert len([path for path in asked if path.startswith("typing")]) == 1, "not with every key"
    await page.press("#text", "Enter")
    await resident(db, lambda seen: not seen.is_typing)
    await page.evaluate(
        """Object.defineProperty(document, "hidden", {get: () => true});
           document.dispatchEvent(new Event("visibilitychange"))"""
    )
    unseen = sam.says(talk, "Are you?")
    await looks_again_until(page, rf"^\(1\) {re.escape(PAGE['title'])}$")
    await resident(db, lambda seen: seen.seen_seq < unseen)
    await page.goto("about:blank")
    await resident(db, lambda seen: not seen.is_viewing)


async def test_a_talk_that_staff_ended_can_be_rated_and_the_chat_goes_on(page: Page, db: Database, sam: Staff) -> None:
    talk = await talk_to(sam, page, db)
    sam.says(talk, "Done")
    sam.end(talk)
    await heard(page, CLIENT["talk_over"])
    await expect(page.locator("#handover")).to_have_text(CLIENT["talk_over"])
    await say(page, "thanks")
    await answered(page, "You said thanks")
    await page.get_by_role("link", name=PAGE["rate_talk"]).click()
    await page.get_by_label(words()["rate"]["scores"]["5"]).check()
    await page.get_by_role("button", name=words()["rate"]["send"]).click()
    await page.get_by_role("link", name=PAGE["back"]).click()
    await answered(page, "You said thanks")
    await expect(page.locator("#standing")).to_be_hidden()


async def test_a_page_that_is_loaded_again_says_nothing_anew(page: Page, db: Database, sam: Staff) -> None:
    talk = await talk_to(sam, page, db)
    await page.add_init_script(f"addEventListener('DOMContentLoaded', () => {{ {LISTEN} }})")
    await page.reload()
    await expect(page.locator("#handover")).to_have_text(WITH_SAM)
    sam.says(talk, "Hello")
    await heard(page, "Sam said: Hello")
    assert [text.strip() for text in await told(page)] == ["Sam said: Hello"]


async def test_a_picture_and_a_document_from_staff_are_shown_and_said(
    page: Page, db: Database, sam: Staff, tmp_path: Path
) -> None:
    talk = await talk_to(sam, page, db)
    sam.sends(talk, picture(), "Is it this bin?", **PHOTO)
    await heard(page, f"Sam said: Is it this bin? {CLIENT['picture_said']} {SHOWS}")
    shown = page.locator("#messages").get_by_role("img", name=SHOWS)
    await expect(shown).to_be_visible()
    assert await shown.evaluate("(each) => each.decode().then(() => each.naturalWidth)") == 40
    sam.sends(talk, b"%PDF-1.7", **PDF)
    link = page.locator("#messages").get_by_role("link", name="Form <1>.pdf (1 KB)")
    await heard(page, f"{CLIENT['document_said']} Form <1>.pdf (1 KB)")
    async with page.expect_download() as download:
        await link.click()
    saved = await download.value
    await saved.save_as(tmp_path / "form.pdf")
    assert saved.suggested_filename.endswith(".pdf") and (tmp_path / "form.pdf").read_bytes() == b"%PDF-1.7"
    assert await accessibility_faults(page) == []
    await page.reload()
    await expect(shown).to_be_visible()
    await expect(link).to_be_visible()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(wide) == 0
