"""Whole journeys in Chromium with the real model, actions and sandbox: by keyboard alone, without JavaScript, and in
the widget on a website. What a resident does is done as a resident does it: no call goes round the page."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from channels.webchat.words import words
from tests.conftest import A_TUESDAY
from tests.support.browser import NEEDS_CHROMIUM, PHONE
from tests.support.ledger import new_ledger
from tests.support.sandbox import PATIENT, Sandbox, running_sandbox

playwright = pytest.importorskip("playwright.async_api")
Page, expect = playwright.Page, playwright.expect
pytestmark = [*NEEDS_CHROMIUM, pytest.mark.model]
PAGE = words()["page"]


@dataclass(frozen=True)
class Product:
    """A running assistant: where its page is, and the demonstration council behind it."""

    url: str
    sandbox: Sandbox

    def reports(self) -> list[str]:
        return [entry["path"] for entry in self.sandbox.log() if entry["status"] < 400]


@pytest.fixture
async def product(agent: tuple[Any, Any], tmp_path: Path, set_settings: Callable[..., None]) -> AsyncIterator[Product]:
    from actions.backends.factory import close_backends
    from bot.clock import now
    from bot.settings import settings
    from bot.store.engine import open_database
    from channels.webchat.input import build
    from tests.support.asgi import application, serve
    from tests.support.dialogue import wire

    loaded, endpoint = agent
    endpoint.is_down = False
    set_settings(assistant_now=A_TUESDAY, database_url=new_ledger(tmp_path), var_dir=tmp_path)
    with running_sandbox(tmp_path) as sandbox:
        set_settings(**sandbox.environment, **PATIENT)
        wire(loaded)
        app = application(build(open_database(settings().database), loaded.handle_message, now), prefix="/")
        app.ctx.agent = loaded
        try:
            async with serve(app) as url:
                set_settings(public_url=url)
                yield Product(url, sandbox)
        finally:
            await close_backends()


@pytest.fixture
async def context(request: pytest.FixtureRequest, chromium: Any) -> Any:
    """A browser as small as a phone; its parameter says whether it runs scripts."""
    return await chromium.new_context(
        viewport=PHONE, reduced_motion="reduce", java_script_enabled=getattr(request, "param", True)
    )


async def test_a_missed_bin_is_reported_by_keyboard_alone(product: Product, context: Any) -> None:
    page = await context.new_page()
    await page.goto(product.url)

    async def focus(name: str) -> None:
        """Tab until what has the focus is called so, as somebody does who hears each name."""
        for _ in range(60):
            await page.keyboard.press("Tab")
            found = await page.evaluate(
                "(document.activeElement.labels?.[0] || document.activeElement).textContent.trim()"
            )
            if found.startswith(name):
                return
        raise AssertionError(f"{name} was never reached")

    async def hear(text: str) -> None:
        await page.locator("#announcer").get_by_text(text).first.wait_for(state="attached")
        await expect(page.locator("#text")).not_to_have_attribute("readonly", "")

    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "text"
    await page.keyboard.type("my brown bin was missed")
    await page.keyboard.press("Enter")
    await hear("postcode")
    await page.keyboard.type("SK7 9AA")
    await page.keyboard.press("Enter")
    await hear("Which address")
    await page.keyboard.press("Escape")  # outside of a frame it does nothing
    await page.evaluate("document.getElementById('transcript-heading').scrollIntoView()")
    await focus("3 Bosden Fold Road")
    await page.keyboard.press("Space")
    await hear("crew")
    await focus(PAGE["label"])
    await page.keyboard.type("behind the blue gate")
    await page.keyboard.press("Enter")
    await hear("email address or phone")
    await page.keyboard.type("07700 900123")
    await page.keyboard.press("Enter")
    await hear("Shall I send it?")
    await focus("Yes")
    await page.keyboard.press("Enter")
    await hear("SBX-")
    await expect(page.locator("#messages .said").last).to_contain_text(re.compile(r"SBX-\w+"))
    assert product.reports() == ["/waste/cases"]
    await focus(PAGE["rate"])
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name=words()["rate"]["title"]).wait_for()
    await focus(words()["rate"]["scores"]["5"])
    await page.keyboard.press("Space")
    await focus(words()["rate"]["send"])
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name=words()["rate"]["thanks_title"]).wait_for()


@pytest.mark.parametrize("context", [False], indirect=True, ids=["no JavaScript"])
async def test_waste_that_was_spilled_is_reported_without_javascript(product: Product, context: Any) -> None:
    """A journey with choices, a photo and a rating, on pages and forms only."""
    page = await context.new_page()
    await page.goto(product.url)
    last = page.locator("#messages .said").last

    async def say(text: str) -> None:
        await page.fill("#text", text)
        await page.get_by_role("button", name=PAGE["send"], exact=True).click()

    await say("the bin men spilled rubbish all over our road")
    await expect(last).to_contain_text("postcode")
    await say("SK1 3XE")
    await page.get_by_role("button", name="12 Edward Street").click()
    await expect(last).to_contain_text("spilled")
    await say("glass and food by the kerb")
    await page.get_by_role("button", name=PAGE["upload_send"]).click()
    await expect(page.locator(".summary")).to_contain_text(words().problem("no_file"))
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(picture, "JPEG")
    file = {"name": "kerb.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    await page.set_input_files("input[type=file]", file)
    await page.get_by_role("button", name=PAGE["upload_send"]).click()
    await expect(last).to_contain_text("email address or phone")
    await page.get_by_role("button", name="Skip").click()
    await expect(last).to_contain_text("Shall I send it?")
    await expect(last).to_contain_text("glass and food by the kerb")
    await page.get_by_role("button", name="Yes").click()
    await expect(last).to_contain_text(re.compile(r"SBX-\w+"))
    assert product.reports() == ["/waste/cases"]

    await page.get_by_role("link", name=PAGE["end"]).click()
    await page.get_by_role("button", name=words()["end"]["confirm"]).click()
    await page.get_by_label(words()["rate"]["scores"]["4"]).check()
    await page.fill("#comment", "It was quick.")
    await page.get_by_role("button", name=words()["rate"]["send"]).click()
    await page.get_by_role("heading", name=words()["rate"]["thanks_title"]).wait_for()
    await page.get_by_role("link", name=words()["ended"]["again"]).click()
    await expect(last).to_have_text(PAGE["welcome"])


async def test_the_bin_days_are_asked_in_the_widget_and_the_chat_goes_along(product: Product, context: Any) -> None:
    """On a website with a strict policy of its own, over a page change and a reload."""
    page = await context.new_page()
    await page.set_viewport_size({"width": 1280, "height": 900})
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    await page.goto(f"{product.sandbox.url}/site/strict")
    await page.get_by_role("button", name=words()["widget"]["launcher"], exact=True).click()
    chat = page.frame_locator("iframe")
    await chat.locator("#text").fill("when is my bin day? 12 Edward Street SK1 3XE")
    await chat.locator("#text").press("Enter")
    await chat.locator("#messages").get_by_text("Brown bin").first.wait_for()
    before = await chat.locator("#messages .said").all_inner_texts()
    await page.goto(f"{product.sandbox.url}/site/")
    await chat.locator("#messages").get_by_text("Brown bin").first.wait_for()
    await page.reload()
    await chat.locator("#messages").get_by_text("Brown bin").first.wait_for()
    assert await chat.locator("#messages .said").all_inner_texts() == before[1:], "without the welcome"
    own = await context.new_page()
    await own.goto(product.url)
    assert await own.locator("#messages .said").all_inner_texts() == before[1:], "the page has the same chat"
    assert wrong == []
