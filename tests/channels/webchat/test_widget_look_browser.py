"""The widget in Chromium: what websites, browsers and languages do to how it looks, and what they cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

import pytest

from channels.webchat import widget
from channels.webchat.words import Words, languages
from tests.support.browser import NEEDS_CHROMIUM, accessibility_faults, running_chromium
from tests.support.widget import (
    SAID,
    Browser,
    Page,
    box,
    inside,
    is_open,
    launcher,
    new_page,
    open_chat,
    panel,
    playwright,
    visit,
)

pytest_plugins = ["tests.support.websites"]
pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def page(live: Page) -> Page:
    """In the place of the chat page's own."""
    return live


async def look(page: Page) -> list[Any]:
    """How large the closed and the open widget is, and how its text looks; leaves it open."""
    small = await box(launcher(page))
    text = await launcher(page).evaluate(
        """(link) => { const style = getComputedStyle(link);
            return ["fontSize", "fontFamily", "letterSpacing", "textTransform", "color", "backgroundColor", "transform"]
                .map((name) => style[name]); }"""
    )
    frame = await open_chat(page)
    await frame.fill("#text", "It works")
    return [small, text, await box(panel(page)), await box(page.locator("iframe"))]


async def test_styles_of_the_page_do_not_touch_it(page: Page, website: str) -> None:
    await visit(page, f"{website}/")
    usual = await look(page)
    await page.get_by_role("button", name=SAID["minimise"]).click()
    await visit(page, f"{website}/hostile")
    assert await look(page) == usual
    for part in (launcher(page), panel(page)):
        at = await box(part)
        middle = [at["x"] + at["width"] / 2, at["y"] + at["height"] / 2]
        hit = await page.evaluate("([x, y]) => document.elementFromPoint(x, y).localName", middle)
        assert hit == "council-chat", "nothing lies over it"
    small, text, large, inner = usual
    assert small["height"] >= 44 and small["width"] >= 44
    assert text[0] == "16px"
    assert large["width"] >= 400 and large["height"] >= 560 and inner["height"] >= 500


async def test_a_strict_policy_is_kept_to(page: Page, website: str, base: str) -> None:
    """The fixture notes every violation, since Chromium says them on the console."""
    answer = await page.goto(f"{website}/strict")
    assert answer is not None and f"script-src {base};" in answer.headers["content-security-policy"]
    frame = await open_chat(page)
    await frame.fill("#text", "It works")
    await frame.press("#text", "Escape")
    await is_open(page, False)
    assert (await box(launcher(page)))["height"] >= 44


async def test_it_grows_with_the_text_that_a_browser_is_set_to(website: str) -> None:
    async with running_chromium("--blink-settings=defaultFontSize=28") as browser:
        page = await new_page(browser, [])
        await visit(page, f"{website}/hostile")  # whose own text is 3 px
        assert await launcher(page).evaluate("(link) => getComputedStyle(link).fontSize") == "28px"
        await open_chat(page)
        assert (await box(panel(page)))["width"] == pytest.approx(27 * 28, abs=1)


@pytest.mark.parametrize("scheme", [{"color_scheme": "dark"}, {"forced_colors": "active"}])
async def test_the_focus_can_be_seen_in_every_scheme(page: Page, website: str, scheme: dict[str, Any]) -> None:
    await page.emulate_media(**scheme)
    await visit(page, f"{website}/")
    await launcher(page).press("Enter")
    await is_open(page)
    frame = await inside(page)
    await frame.wait_for_function("document.activeElement.id === 'text'")  # a later focus is not taken away again
    await page.get_by_role("button", name=SAID["minimise"]).focus()
    ring = await page.evaluate(
        """() => { const style = getComputedStyle(document.querySelector("council-chat").shadowRoot.activeElement);
            return [style.outlineStyle, style.outlineWidth, style.borderTopStyle]; }"""
    )
    assert ring == ["solid", "3px", "solid"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_wrong(chromium: Browser, website: str, scheme: Literal["light", "dark"]) -> None:
    page = await new_page(chromium, [], color_scheme=scheme)  # axe's own messages to the frame are not received
    await visit(page, f"{website}/")
    assert await accessibility_faults(page) == []
    await open_chat(page)
    assert await accessibility_faults(page) == []


async def test_it_leaves_no_ink_on_paper(page: Page, website: str) -> None:
    await visit(page, f"{website}/")
    await page.emulate_media(media="print")
    await playwright.expect(launcher(page)).to_be_hidden()


@pytest.fixture
def more_languages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two languages more. To be asked for before the chat is built."""
    english = languages()["en"]

    def told(tag: str, direction: str) -> Words:
        own = {key: f"{tag} {text}" for key, text in english["widget"].items()}
        return replace(english, language=tag, direction=direction, sections={**english.sections, "widget": own})

    three = {"en": english, "cy": told("cy", "ltr"), "ar": told("ar", "rtl")}
    monkeypatch.setattr(widget, "languages", lambda: three)
    yield


async def test_it_stands_on_the_other_side_where_one_reads_from_the_right(
    more_languages: None, staged: Page, website: str, base: str
) -> None:
    await visit(staged, f"{website}/?lang=ar")
    assert (await box(launcher(staged)))["x"] == 16
    surface = staged.locator("council-chat .surface")
    assert [await surface.get_attribute(name) for name in ("lang", "dir")] == ["ar", "rtl"]
    assert await launcher(staged).get_attribute("href") == f"{base}/?lang=ar"
    assert (await open_chat(staged)).url == f"{base}/?lang=ar"
    assert (await box(panel(staged)))["x"] == 16


@pytest.mark.parametrize(
    ("of_page", "of_tag", "spoken"),
    [
        ("cy-GB", "", "cy"),
        ("CY", "", "cy"),
        ("en-GB", "cy", "cy"),
        ("cy", "en", "en"),
        ("cy", "fr", "cy"),
        ("fr", "", "en"),
    ],
)
async def test_it_speaks_the_language_of_the_tag_or_of_the_page(
    more_languages: None,
    staged: Page,
    website: str,
    base: str,
    made: dict[str, str],
    of_page: str,
    of_tag: str,
    spoken: str,
) -> None:
    text = await (await staged.request.get(f"{website}/?lang={of_page}")).text()
    made["spoken"] = text.replace(" async>", f' data-lang="{of_tag}" async>') if of_tag else text
    await visit(staged, f"{website}/made/spoken")
    href, name = await launcher(staged).get_attribute("href"), await launcher(staged).inner_text()
    if spoken == "en":
        assert (href, name) == (f"{base}/", SAID["launcher"])
    else:
        assert (href, name) == (f"{base}/?lang={spoken}", f"{spoken} {SAID['launcher']}")
