"""The chat page in Chromium: what its script adds, and that no message is lost by it."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import update

from bot import clock
from bot.store import conversations, switches
from bot.store.engine import Database
from bot.store.schema import conversation
from channels.webchat.words import words
from tests.channels.webchat.conftest import Rasa
from tests.support.browser import NEEDS_CHROMIUM

playwright = pytest.importorskip("playwright.async_api")
Page, expect = playwright.Page, playwright.expect
pytestmark = NEEDS_CHROMIUM
CLIENT, PAGE = words()["client"], words()["page"]


async def say(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")


async def answered(page: Page, text: str) -> None:
    """Wait until the transcript, not only the announcer, has these words."""
    await page.locator("#messages").get_by_text(text, exact=True).wait_for()


async def said(page: Page) -> list[str]:
    return [text.strip() for text in await page.locator("#messages .said").all_inner_texts()]


async def heard(page: Page, text: str) -> None:
    """Wait until a screen reader was told."""
    await page.locator("#announcer").get_by_text(text).first.wait_for(state="attached")


async def looks_again_until(page: Page, title: str) -> None:
    """Let time pass in a page in the background, which looks for news now and then, until its title is like this."""
    async with asyncio.timeout(20):
        while not re.search(title, await page.title()):
            await page.clock.fast_forward(20_000)
            await asyncio.sleep(0.05)


def give(db: Database, **changes: Any) -> None:
    """Change the conversation behind the page's back."""
    with db.write() as connection:
        connection.execute(update(conversation).values(**changes))
        for (talk,) in connection.execute(conversation.select().with_only_columns(conversation.c.id)).all():
            conversations.touch(connection, talk, clock.now())


async def test_messages_go_and_come_without_leaving_the_page(page: Page) -> None:
    await page.evaluate("window.isSame = true")
    await say(page, "first <b>")
    await answered(page, "You said first <b>")
    await say(page, "second")
    await answered(page, "You said second")
    assert (await said(page))[1:] == ["first <b>", "You said first <b>", "second", "You said second"]
    assert await page.evaluate("window.isSame && document.activeElement.id") == "text", "the focus stays"
    await heard(page, f"Assistant said: You said second {CLIENT['choices_said']} Bin day")
    await page.get_by_role("button", name="Bin day").last.click()
    await answered(page, "You said /bin_day")
    assert await page.locator("form.choices").count() == 1
    assert await page.evaluate("window.isSame")
    before = await said(page)
    await page.reload()
    assert await said(page) == before[1:], "the ledger says the same, without the welcome"


async def test_a_choice_can_be_typed(page: Page) -> None:
    await say(page, "hello")
    await page.get_by_role("button", name="Bin day").wait_for()
    await say(page, "Bin day")
    await answered(page, "You said Bin day")


async def test_while_an_answer_is_pending_the_box_is_read_only_and_never_disabled(page: Page, rasa: Rasa) -> None:
    rasa.open.clear()
    await say(page, "hello")
    box, send = page.locator("#text"), page.locator("#send")
    await expect(page.locator("#working")).to_have_text(CLIENT["working"])
    await expect(box).to_have_attribute("readonly", "")
    await expect(send).to_have_attribute("aria-disabled", "true")
    assert await box.is_enabled() and await page.evaluate("document.activeElement.id") == "text"
    await page.keyboard.press("Enter")
    await heard(page, CLIENT["wait"])
    rasa.open.set()
    await expect(box).not_to_have_attribute("readonly", "")
    await expect(send).to_have_attribute("aria-disabled", "false")
    await expect(page.locator("#working")).to_be_empty()


async def test_a_message_that_cannot_be_sent_is_kept_and_sent_when_the_connection_is_back(page: Page) -> None:
    await say(page, "before")
    await answered(page, "You said before")
    await page.context.set_offline(True)
    await say(page, "meanwhile")
    await page.get_by_text(CLIENT["failed"], exact=True).wait_for()
    await page.get_by_role("button", name=CLIENT["retry"]).wait_for()
    await expect(page.locator("#connection")).to_have_text(CLIENT["lost"])
    await say(page, "and this")
    await page.context.set_offline(False)
    await answered(page, "You said and this")
    assert (await said(page))[1:] == [
        *("before", "You said before"),
        *("meanwhile", "and this", "You said meanwhile", "You said and this"),
    ] or (await said(page))[3:] == ["meanwhile", "You said meanwhile", "and this", "You said and this"]
    await expect(page.locator("#connection")).to_be_empty()
    await heard(page, CLIENT["restored"])
    assert await page.locator("#announcer").get_by_text(CLIENT["lost"]).count() <= 1, "once"


async def test_a_retry_is_a_press_away(page: Page) -> None:
    tries = 0

    async def lose(route: Any) -> None:
        nonlocal tries
        tries += 1
        await route.abort()

    await page.route("**/webchat/messages", lose)
    await say(page, "hello")
    retry = page.get_by_role("button", name=CLIENT["retry"])
    await retry.focus()
    async with asyncio.timeout(20):
        while tries < 4:  # by itself it is tried again only some seconds later
            await asyncio.sleep(0.05)
    assert await retry.evaluate("(button) => button === document.activeElement"), "the tries take no focus away"
    await page.unroute("**/webchat/messages")
    await page.keyboard.press("Enter")
    await answered(page, "You said hello")


async def test_a_refusal_that_comes_late_does_not_take_the_focus(page: Page) -> None:
    await say(page, "hello")
    await page.get_by_role("button", name="Bin day").wait_for()
    refused = {"type": "/webchat/problems/too_many", "status": 429, "detail": "Wait a minute."}
    await page.route("**/webchat/messages", lambda route: route.fulfill(status=429, json=refused))
    await page.get_by_role("button", name="Bin day").press("Enter")
    await heard(page, "Wait a minute.")
    assert await page.evaluate("document.activeElement.matches('.message.resident')"), "where the press had put it"


async def test_what_was_not_taken_outlives_a_reload(page: Page) -> None:
    await say(page, "before")
    await answered(page, "You said before")
    await page.route("**/webchat/messages", lambda route: route.abort())
    await say(page, "not taken yet")
    await page.get_by_text(CLIENT["failed"], exact=True).wait_for()
    await page.fill("#text", "half a")
    await page.unroute("**/webchat/messages")
    await page.reload()
    await answered(page, "You said not taken yet")
    assert (await said(page)).count("not taken yet") == 1
    assert await page.input_value("#text") == "half a"
    await page.reload()
    assert (await said(page)).count("not taken yet") == 1


async def test_a_lost_acknowledgement_shows_nothing_twice(page: Page, rasa: Rasa) -> None:
    lost: list[str] = []

    async def lose_the_first(route: Any) -> None:
        lost.append(route.request.url)
        if len(lost) > 1:
            await route.continue_()
            return
        await route.fetch()
        await route.abort()

    await page.route("**/webchat/messages", lose_the_first)
    await say(page, "hello")
    await answered(page, "You said hello")
    await say(page, "again")
    await answered(page, "You said again")
    assert (await said(page))[1:] == ["hello", "You said hello", "again", "You said again"]
    assert rasa.heard == ["hello", "again"]


async def test_tabs_show_the_same(page: Page, base: str) -> None:
    await say(page, "one")
    await answered(page, "You said one")
    other = await page.context.new_page()
    await other.goto(base)
    await say(other, "two")
    await answered(other, "You said two")
    await answered(page, "You said two")
    assert (await said(page))[1:] == await said(other)


async def test_a_stream_that_does_not_come_through_is_replaced_by_polling(page: Page) -> None:
    await page.route("**/webchat/events*", lambda route: route.abort())
    await say(page, "hello")
    await answered(page, "You said hello")
    await say(page, "again")
    await answered(page, "You said again")


async def test_a_chat_that_another_tab_ended_goes_on_as_a_new_one(page: Page, base: str) -> None:
    await say(page, "old")
    await answered(page, "You said old")
    other = await page.context.new_page()
    await other.goto(f"{base}/chat/end")
    await other.get_by_role("button", name=words()["end"]["confirm"]).click()
    await expect(page.locator("#connection")).to_have_text(words().problem("no_session"))
    await expect(page.locator("#messages").get_by_text("old", exact=True)).to_have_count(0)
    await say(page, "new")
    await answered(page, "You said new")
    await other.goto(base)
    assert await said(other) == ["new", "You said new"]


async def test_without_the_interface_the_form_is_sent(page: Page) -> None:
    await page.route("**/webchat/**", lambda route: route.fulfill(status=502, body="<html>a proxy's page</html>"))
    await say(page, "hello")
    await page.wait_for_url("**/#latest")
    assert await said(page) == ["hello", "You said hello"]


async def test_the_quick_exit_leaves_nothing_behind(page: Page, base: str) -> None:
    await say(page, "help me")
    await answered(page, "You said help me")
    await page.fill("#text", "he is")
    await page.context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    await page.click("#leave")
    await page.wait_for_url("https://www.bbc.co.uk/**")
    async with asyncio.timeout(10):
        while [cookie["name"] for cookie in await page.context.cookies(base)].count("chat"):
            await asyncio.sleep(0.05)
    await page.goto(base)
    assert await said(page) == [PAGE["welcome"]] and await page.input_value("#text") == ""


async def test_card_numbers_are_warned_about_and_taken_out_all_the_same(page: Page, rasa: Rasa) -> None:
    sure = page.get_by_role("button", name=PAGE["send_without"])
    await say(page, "my card is 4111 1111 1111 1111")
    await expect(page.locator("#error")).to_contain_text(words().problem("sensitive"))
    assert await page.get_attribute("#text", "aria-invalid") is not None and rasa.heard == []
    await page.fill("#text", "my card is a secret")
    await expect(sure).to_be_hidden()
    await expect(page.locator("#error")).to_be_hidden()
    await say(page, "my card is 4111 1111 1111 1111")
    await sure.click()
    await answered(page, "You said my card is [card]")
    assert await said(page) == [PAGE["welcome"], "my card is [card]", "You said my card is [card]"]


async def test_characters_are_counted_near_the_limit_and_too_many_refused(page: Page) -> None:
    await page.fill("#text", "x" * 700)
    await expect(page.locator("#count")).to_be_empty()
    await page.fill("#text", "x" * 999)
    await expect(page.locator("#count")).to_have_text(CLIENT["left_one"])
    await page.fill("#text", "x" * 1002)
    await expect(page.locator("#count")).to_have_text(CLIENT["over_many"].replace("{count}", "2"))
    await page.press("#text", "Enter")
    await expect(page.locator("#error")).to_contain_text(words().problem("too_long"))


async def test_a_photo_is_sent_where_it_is_asked_for(page: Page, rasa: Rasa) -> None:
    await say(page, "photo?")
    await heard(page, CLIENT["wants_photo_said"])
    await page.get_by_role("button", name=PAGE["upload_send"]).click()
    await expect(page.locator(".upload .error")).to_contain_text(words().problem("no_file"))
    assert await page.evaluate("document.activeElement.type") == "file"
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "PNG")
    text_file = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"no"}
    await page.set_input_files("#messages input[type=file]", text_file)
    await page.get_by_role("button", name=PAGE["upload_send"]).click()
    await expect(page.locator(".upload .error").first).to_contain_text(words().problem("upload_type"))
    await page.set_input_files(
        "#messages input[type=file]", {"name": "a.png", "mimeType": "image/png", "buffer": data.getvalue()}
    )
    await page.get_by_role("button", name=PAGE["upload_send"]).click()
    await page.locator("#messages .resident").get_by_text(PAGE["sent_photo"]).wait_for()
    await expect(page.locator("#messages form.upload")).to_have_count(0)
    async with asyncio.timeout(10):
        while len(rasa.heard) < 2:
            await asyncio.sleep(0.05)
    assert rasa.heard[1].startswith('/answer{"question": "spill_photo"')


async def test_the_devices_place_is_asked_for_only_when_the_button_is_pressed(page: Page, rasa: Rasa) -> None:
    context = page.context
    await say(page, "place?")
    button = page.locator("#messages").get_by_role("button", name=PAGE["locate"])
    await button.click()
    await heard(page, CLIENT["no_location"])
    assert rasa.heard == ["place?"]
    await context.grant_permissions(["geolocation"])
    await context.set_geolocation({"latitude": 53.40995, "longitude": -2.15761})
    await page.reload()  # the button is there again, since the question still waits
    await button.click()
    await answered(page, PAGE["sent_location"])
    await page.get_by_role("button", name="Bin day").wait_for()
    assert rasa.heard[1] == '/answer{"question": "near", "value": "53.40995,-2.15761"}'


async def test_a_chat_that_staff_ended_says_how_to_go_on(page: Page, db: Database) -> None:
    await say(page, "hello")
    await answered(page, "You said hello")
    give(db, ended_at=clock.now())
    await page.get_by_text(words().problem("ended")).wait_for()
    await expect(page.locator("#text")).to_have_count(0)


async def test_a_chat_that_nobody_uses_warns_and_goes_on_with_one_press(
    page: Page, base: str, set_settings: Callable[..., None]
) -> None:
    set_settings(session_minutes=2, session_warning_minutes=5)
    await page.reload()
    await say(page, "hello")
    sentence = CLIENT["expiring"].replace("{minutes}", "2")
    await expect(page.locator("#expiry")).to_have_text(sentence)
    await heard(page, sentence)
    set_settings(session_minutes=60)
    await page.get_by_role("button", name=PAGE["keep_open_button"]).click()
    await heard(page, CLIENT["kept"])
    await expect(page.locator("#keep")).to_be_hidden()


async def test_an_unseen_answer_is_counted_in_the_title(page: Page, base: str, rasa: Rasa) -> None:
    await page.clock.install()
    rasa.open.clear()
    await say(page, "hello")
    await expect(page.locator("#working")).to_have_text(CLIENT["working"])
    await page.evaluate(
        """Object.defineProperty(document, "hidden", {get: () => window.isHidden, configurable: true});
           window.isHidden = true; document.dispatchEvent(new Event("visibilitychange"))"""
    )
    rasa.open.set()
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await looks_again_until(page, r"^\(1\) ")
    await page.evaluate("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))")
    await expect(page).not_to_have_title(re.compile(r"^\(1\) "))


async def test_a_chat_that_is_switched_off_gives_way_to_the_contact_routes(page: Page, db: Database) -> None:
    await say(page, "hello")
    await answered(page, "You said hello")
    switches.turn(Database(db.url), switches.WEBCHAT, False, "sam", clock.now())
    await page.get_by_role("heading", name=words()["off"]["title"]).wait_for()
    assert await page.locator("details.contact").get_attribute("open") is not None
