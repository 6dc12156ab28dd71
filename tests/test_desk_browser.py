"""A resident and two of the staff in Chromium, with the real model and actions: asked for, taken, talked to, passed on,
handed back, and the request goes on where it was. Each does what they would do at their own screen."""

from __future__ import annotations

import io
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sanic import Sanic

from tests.conftest import A_TUESDAY
from tests.support.browser import DESK, NEEDS_CHROMIUM, PHONE, accessibility_faults, running_chromium
from tests.support.sandbox import PATIENT, running_sandbox

playwright = pytest.importorskip("playwright.async_api")
Page, expect = playwright.Page, playwright.expect
pytestmark = [*NEEDS_CHROMIUM, pytest.mark.model]
PASSWORD = "correct horse battery"
expect.set_options(timeout=20_000)  # a busy machine runs two applications, a model and three windows here


@dataclass(frozen=True)
class Council:
    """Both addresses: the residents' and the staff's."""

    chat: str
    desk: str
    look: Callable[[], Awaitable[None]]  # the assistant's look, due every second, at who takes conversations


@pytest.fixture
async def at_work(
    agent: tuple[Any, Any], tmp_path: Path, set_settings: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Council]:
    from actions.backends.factory import close_backends
    from bot.clock import now
    from bot.settings import settings
    from bot.staff.app import create_app
    from bot.staff.state import State
    from bot.store.engine import open_database
    from channels.keeper import Keeper
    from channels.webchat.input import build
    from tests.support.asgi import application, serve
    from tests.support.dialogue import wire

    loaded, endpoint = agent
    endpoint.is_down = False
    monkeypatch.setattr(Sanic, "test_mode", True)
    set_settings(assistant_now=A_TUESDAY, database_url=f"sqlite:///{tmp_path / 'ledger.db'}", var_dir=tmp_path)
    with running_sandbox(tmp_path) as sandbox:
        set_settings(**sandbox.environment, **PATIENT)
        wire(loaded)
        db = open_database(settings().database)
        _hire(db, now())
        keepers: list[Keeper] = []

        def keeper(*given: Any) -> Keeper:
            keepers.append(Keeper(*given))
            return keepers[0]

        monkeypatch.setattr("channels.webchat.input.Keeper", keeper)
        chat = application(build(db, loaded.handle_message, now), prefix="/")
        chat.ctx.agent = loaded
        state = State(db=db, now=now, key="test key", secure=False)
        desk = create_app(state)
        listener = socket.create_server(("127.0.0.1", 0))
        server = await desk.create_server(sock=listener, return_asyncio_server=True, access_log=False)
        assert server
        await server.startup()
        await state.watcher.start()
        try:
            async with serve(chat) as url:
                set_settings(public_url=url)
                yield Council(url, f"http://127.0.0.1:{listener.getsockname()[1]}", keepers[0].look)
        finally:
            state.bells.close()
            await state.watcher.close()
            server.close()
            await close_backends()


def _hire(db: Any, at: Any) -> None:
    from argon2 import PasswordHasher

    from bot.store.schema import staff_account

    password = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    about = {"password_hash": password, "must_change": False, "created_at": at, "roles": ["agent"]}
    with db.write() as connection:
        for username in ("sam", "kim"):
            connection.execute(staff_account.insert().values(username=username, **about))


async def _sign_in(chromium: Any, council: Council, username: str) -> Page:
    page = await (await chromium.new_context(viewport=DESK, reduced_motion="reduce")).new_page()
    await page.goto(f"{council.desk}/sign-in")
    await page.fill("input[name=username]", username)
    await page.fill("input[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk")
    await page.get_by_role("button", name="Take conversations").click()
    await page.get_by_text("You take conversations").first.wait_for()
    await council.look()
    return page


async def _says(page: Page, text: str) -> None:
    await page.locator("textarea").first.fill(text)
    await page.keyboard.press("Enter")


async def test_a_person_comes_is_relieved_and_hands_back(at_work: Council) -> None:
    async with running_chromium() as chromium:
        resident = await (await chromium.new_context(viewport=PHONE, reduced_motion="reduce")).new_page()
        sam = await _sign_in(chromium, at_work, "sam")
        kim = await _sign_in(chromium, at_work, "kim")
        await resident.goto(at_work.chat)
        heard = resident.locator("#messages .said")
        await _says(resident, "my bin was not emptied")
        await expect(heard.last).to_contain_text("postcode")
        await _says(resident, "SK1 3XE")
        await expect(heard.last).to_contain_text("address")
        await _says(resident, "i want to talk to a person")
        await expect(resident.get_by_text("number 1").first).to_be_visible()
        assert await accessibility_faults(resident) == []

        row = sam.locator("#queue li, #others li").filter(has_text="Report a missed bin")
        await row.get_by_role("button", name="Take").click()
        await sam.get_by_role("heading", name="You have this conversation").wait_for()
        await sam.wait_for_load_state()
        await expect(sam.locator(".about")).to_contain_text("SK1 3XE")
        await sam.fill("#text", "Hello, I am Sam")
        await sam.keyboard.press("Enter")
        await expect(heard.last).to_contain_text("Hello, I am Sam")
        await _says(resident, "my bin is the black one")
        await expect(sam.locator("#lines")).to_contain_text("my bin is the black one")
        assert await accessibility_faults(sam) == []

        await sam.get_by_text("Give it to somebody else").click()
        await sam.get_by_label("Colleague").select_option("kim")
        await sam.get_by_role("button", name="Give it to this colleague").click()
        await expect(kim.locator("#mine")).to_contain_text("Report a missed bin")
        await kim.locator("#mine").get_by_role("link").first.click()
        await kim.get_by_role("heading", name="You have this conversation").wait_for()
        await kim.wait_for_load_state()
        await kim.fill("#text", "Kim here. Please go on with the form")
        await kim.keyboard.press("Enter")
        await expect(heard.last).to_contain_text("go on with the form")
        assert await resident.get_by_text("Kim").count()

        await kim.get_by_role("button", name="Hand back to the assistant").click()
        await kim.wait_for_url("**/desk/wrap-up/**")
        await expect(heard.last).to_contain_text("address")
        await _says(resident, "1")
        await expect(heard.last).not_to_contain_text("address")


async def test_a_picture_goes_to_the_resident_with_what_it_shows(at_work: Council) -> None:
    async with running_chromium() as chromium:
        resident = await (await chromium.new_context(viewport=PHONE, reduced_motion="reduce")).new_page()
        sam = await _sign_in(chromium, at_work, "sam")
        await resident.goto(at_work.chat)
        await _says(resident, "i want to talk to a person")
        await expect(resident.get_by_text("number 1").first).to_be_visible()
        await sam.locator("#queue li, #others li").first.get_by_role("button", name="Take").click()
        await sam.get_by_role("heading", name="You have this conversation").wait_for()
        await sam.wait_for_load_state()

        await sam.get_by_text("Send a file").click()
        await sam.set_input_files("#file", {"name": "plan.png", "mimeType": "image/png", "buffer": _picture()})
        await sam.get_by_label("What the picture shows").fill("The gate, with the bins to its left")
        await sam.fill("#text", "Put it here")
        assert await accessibility_faults(sam) == []
        await sam.get_by_role("button", name="Send", exact=True).click()
        await sam.get_by_role("link", name="File sent: The gate, with the bins to its left").wait_for()

        shown = resident.get_by_role("img", name="The gate, with the bins to its left")
        await expect(shown).to_be_visible()
        assert await shown.evaluate("(each) => each.decode().then(() => each.naturalWidth)") == 60
        await expect(resident.locator("#messages .said").last).to_contain_text("Put it here")
        assert await accessibility_faults(resident) == [] and await accessibility_faults(sam) == []
        address = str(await shown.evaluate("(each) => each.src"))
        stranger = await (await chromium.new_context()).new_page()
        refused = await stranger.goto(address)
        assert refused is not None and refused.status == 401

        plain = await (await chromium.new_context(java_script_enabled=False, viewport=PHONE)).new_page()
        await plain.context.add_cookies(await resident.context.cookies())
        await plain.goto(at_work.chat)
        await expect(plain.get_by_role("img", name="The gate, with the bins to its left")).to_be_visible()


def _picture() -> bytes:
    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(data, "PNG")
    return data.getvalue()
