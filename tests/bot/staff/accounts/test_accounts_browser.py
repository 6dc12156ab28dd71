"""The pages about people in Chromium: the way to another site and back, and what axe finds in each page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from tests.support.browser import DESK, NEEDS_CHROMIUM, PHONE, accessibility_faults, running_chromium
from tests.support.provider import OwnSignIn, own_sign_in

pytestmark = NEEDS_CHROMIUM

HOME = "http://staff.example"
PASSWORD = "correct horse battery"


@pytest.fixture
def provider(set_settings: Callable[..., None]) -> Iterator[OwnSignIn]:
    with own_sign_in(preferred_username="sam", given_name="Sam", roles=["contact-centre"]) as running:
        running.client.redirect_uri = f"{HOME}/sign-in/provider/back"
        set_settings(**running.settings(), staff_url=HOME)
        yield running


@pytest.fixture
def office(provider: OwnSignIn, office: Any) -> Any:
    return office


@pytest_asyncio.fixture
async def page(office: Any) -> AsyncIterator[Any]:
    """A page in a browser for which the office is another site than the provider."""
    there = f"--host-resolver-rules=MAP {urlsplit(HOME).netloc} {urlsplit(office.address).netloc}"
    async with running_chromium(there) as browser:
        yield await browser.new_page(viewport=DESK)


@pytest.mark.parametrize("has_page", [False, True], ids=["at once", "after a page"])
async def test_a_browser_comes_back_from_the_other_site_signed_in(
    office: Any, page: Any, provider: OwnSignIn, has_page: bool
) -> None:
    provider.has_page = has_page
    await page.goto(f"{HOME}/sign-in")
    await page.get_by_role("link", name="Sign in with your council account").click()
    if has_page:
        await page.get_by_role("link", name="Yes, it is me").click()
    await page.get_by_text("Signed in as sam").wait_for()
    cookies = {cookie["name"]: cookie["sameSite"] for cookie in await page.context.cookies()}
    assert cookies == {"staff": "Strict"}


async def test_who_was_refused_signs_in_with_a_password_on_the_page_that_says_so(
    office: Any, page: Any, provider: OwnSignIn
) -> None:
    office.add_account("kim", "agent")
    provider.has_page, provider.person["roles"] = True, []
    await page.goto(f"{HOME}/sign-in/provider")
    await page.get_by_role("link", name="Yes, it is me").click()
    assert "no role here" in await page.get_by_role("alert").inner_text()
    assert await accessibility_faults(page) == []
    await page.get_by_label("Username").fill("kim")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_text("Signed in as kim").wait_for()


async def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    office: Any, page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    teams = (("bins", "Bins and recycling"), ("tax", "Council Tax"))
    for module in ("people_form", "people_views"):
        monkeypatch.setattr(f"bot.staff.accounts.{module}.known_teams", lambda: teams)
    office.add_account("kim", "agent", "senior")
    await _check(page, "/sign-in")
    await page.get_by_label("Username").fill("admin")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_text("Signed in as admin").wait_for()
    for path in ("/accounts", "/accounts/new", "/accounts/admin", "/accounts/kim", "/audit"):
        await _check(page, path)
    await page.goto(f"{HOME}/accounts/new")
    await page.get_by_role("button", name="Make the account").click()
    await page.get_by_role("alert").wait_for()
    await _check(page)
    await page.get_by_label("Username").fill("lee")
    await page.get_by_label("Agent").check()
    await page.get_by_label("Council Tax").check()
    await page.get_by_role("button", name="Make the account").click()
    await page.get_by_role("heading", name="Account made").wait_for()
    await _check(page)
    await page.goto(f"{HOME}/accounts/lee")
    assert await page.get_by_label("Council Tax").is_checked()
    await page.get_by_role("button", name="Switch the account off").click()
    await page.get_by_text("lee (switched off)").first.wait_for()


async def _check(page: Any, path: str = "") -> None:
    """The page at ``path``, or the one that is open, at both widths."""
    for size in (DESK, PHONE):
        await page.set_viewport_size(size)
        if path:
            await page.goto(f"{HOME}{path}")
        assert await accessibility_faults(page) == [], path
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], path
