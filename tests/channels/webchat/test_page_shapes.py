"""Every state of the page in Chromium: no fault that axe finds, nothing cut off, nothing in focus hidden."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import update

from bot import clock
from bot.handover import END
from bot.store import ownership, switches
from bot.store.engine import Database
from bot.store.ownership import Change
from bot.store.schema import conversation
from channels.webchat.words import words
from tests.channels.webchat.conftest import Rasa
from tests.channels.webchat.test_page_browser import answered, say
from tests.support.browser import DESK, NEEDS_CHROMIUM, PHONE, ZOOMED, accessibility_faults
from tests.support.staff import Staff, ask, let_wait, the_talk

playwright = pytest.importorskip("playwright.async_api")
Page, expect = playwright.Page, playwright.expect
pytestmark = NEEDS_CHROMIUM
LOOKS = [("light", PHONE), ("dark", PHONE), ("light", DESK), ("dark", ZOOMED)]
IDS = ["light 320", "dark 320", "light desk", "dark 400 percent"]


async def begun(page: Page, _db: Database, _rasa: Rasa) -> None: ...


async def helped(page: Page, _db: Database, _rasa: Rasa) -> None:
    await page.locator(".urgent summary").click()


async def contacts(page: Page, _db: Database, _rasa: Rasa) -> None:
    await page.locator(".contact summary").click()


async def pending(page: Page, _db: Database, rasa: Rasa) -> None:
    rasa.open.clear()
    await say(page, "hello")
    await expect(page.locator("#working")).to_have_text(words()["client"]["working"])


async def choices(page: Page, _db: Database, _rasa: Rasa) -> None:
    await say(page, "averylongwordwithoutanyspaces" * 5)
    await page.get_by_role("button", name="Bin day").wait_for()


async def past_choices(page: Page, _db: Database, _rasa: Rasa) -> None:
    await say(page, "hello")
    await page.get_by_role("button", name="Bin day").click()
    await answered(page, "You said /bin_day")


async def error(page: Page, _db: Database, _rasa: Rasa) -> None:
    await say(page, "x" * 1001)
    await expect(page.locator("#error")).to_be_visible()


async def sensitive(page: Page, _db: Database, _rasa: Rasa) -> None:
    await say(page, "my card is 4111 1111 1111 1111")
    await expect(page.locator("#sure")).to_be_visible()


async def lost(page: Page, _db: Database, _rasa: Rasa) -> None:
    await say(page, "hello")
    await answered(page, "You said hello")
    await page.context.set_offline(True)
    await say(page, "again")
    await page.get_by_role("button", name=words()["client"]["retry"]).wait_for()


async def queued(page: Page, db: Database, _rasa: Rasa) -> None:
    await say(page, "hello")
    await answered(page, "You said hello")
    let_wait(db, Staff(db), minutes=4)
    ask(db, the_talk(db))
    await expect(page.locator("#handover")).to_be_visible()


async def with_staff(page: Page, db: Database, rasa: Rasa) -> None:
    await queued(page, db, rasa)
    alex = Staff(db, "alex", "Alexandra-Philippa Featherstonehaugh")
    alex.take(the_talk(db))
    alex.looks(the_talk(db), seen=alex.says(the_talk(db), "averylongwordwithoutanyspaces" * 5), is_typing=True)
    await expect(page.locator("#typing")).not_to_be_empty()
    await expect(page.locator(".seen")).to_be_visible()


async def talk_over(page: Page, db: Database, rasa: Rasa) -> None:
    await with_staff(page, db, rasa)
    ownership.change(db, the_talk(db), Change(END, "alex", notice="Alex has ended this talk."), clock.now())
    await expect(page.locator("#rate-talk")).to_be_visible()


async def without_script(page: Page, db: Database, rasa: Rasa) -> None:
    await with_staff(page, db, rasa)
    await page.route("**/*.js*", lambda route: route.abort())
    await page.reload()
    await expect(page.get_by_role("button", name=words()["page"]["refresh"])).to_be_visible()


async def waiting_without_script(page: Page, db: Database, rasa: Rasa) -> None:
    await queued(page, db, rasa)
    await page.route("**/*.js*", lambda route: route.abort())
    await page.reload()
    await expect(page.get_by_role("button", name=words()["page"]["stop_waiting"])).to_be_visible()


async def upload(page: Page, _db: Database, _rasa: Rasa) -> None:
    await say(page, "photo?")
    await page.get_by_role("button", name=words()["page"]["upload_send"]).click()
    await expect(page.locator(".upload .error").first).to_be_visible()


async def place(page: Page, _db: Database, _rasa: Rasa) -> None:
    await say(page, "place?")
    await page.locator("#messages").get_by_role("button", name=words()["page"]["locate"]).wait_for()


async def expiring(page: Page, _db: Database, _rasa: Rasa) -> None:
    await say(page, "hello")
    await answered(page, "You said hello")
    await page.evaluate("document.getElementById('keep').hidden = false")


async def staff_ended(page: Page, db: Database, _rasa: Rasa) -> None:
    await say(page, "hello")
    await answered(page, "You said hello")
    with db.write() as connection:
        connection.execute(update(conversation).values(ended_at=clock.now()))
    await page.reload()
    await page.locator("#ended").wait_for()


async def switched_off(page: Page, db: Database, _rasa: Rasa) -> None:
    switches.turn(Database(db.url), switches.WEBCHAT, False, "sam", clock.now())
    while await page.locator("#text").count():
        await page.reload()


async def saving(page: Page, _db: Database, _rasa: Rasa) -> None:
    await say(page, "hello")
    await answered(page, "You said hello")
    await page.get_by_role("link", name=words()["page"]["save"]).click()
    await page.get_by_role("button", name=words()["save"]["email_send"]).click()
    await page.locator("#email-error").wait_for()


async def rating(page: Page, _db: Database, _rasa: Rasa) -> None:
    await say(page, "hello")
    await answered(page, "You said hello")
    await page.get_by_role("link", name=words()["page"]["rate"]).click()
    await page.get_by_role("button", name=words()["rate"]["send"]).click()
    await page.locator("#score-error").wait_for()


async def ending(page: Page, _db: Database, _rasa: Rasa) -> None:
    await say(page, "hello")
    await answered(page, "You said hello")
    await page.get_by_role("link", name=words()["page"]["end"]).click()
    await page.get_by_role("button", name=words()["end"]["confirm"]).wait_for()


async def ended(page: Page, db: Database, rasa: Rasa) -> None:
    await ending(page, db, rasa)
    await page.get_by_role("button", name=words()["end"]["confirm"]).click()
    await page.get_by_role("heading", name=words()["ended"]["title"]).wait_for()


async def privacy(page: Page, _db: Database, _rasa: Rasa) -> None:
    await page.get_by_role("link", name=words()["page"]["privacy_link"]).click()
    await page.get_by_role("heading", name=words()["privacy"]["title"]).wait_for()


State = Callable[[Page, Database, Rasa], Awaitable[None]]
STATES: list[State] = [
    *(begun, helped, contacts, pending, choices, past_choices, error, sensitive, lost, upload, place),
    *(queued, with_staff, talk_over, without_script, waiting_without_script),
    *(expiring, staff_ended, switched_off, saving, rating, ending, ended, privacy),
]
SMALL = """[...document.querySelectorAll("button, summary, input:not([type=hidden]), textarea, a:not(p a):not(.skip)")]
    .filter((each) => each.checkVisibility() && !each.closest(".hidden"))
    .map((each) => [each.closest(".radio") || each, each])
    .filter(([box]) => box.getBoundingClientRect().height < 43.9 || box.getBoundingClientRect().width < 43.9)
    .map(([, each]) => each.outerHTML.slice(0, 80))"""


# What has the focus, and whether the beginning of it can be seen, or of what is larger than the view some of it; a
# link may run over two lines.
FOCUS = """(() => {
    const now = document.activeElement;
    if (now === document.body) return ["", true];
    const box = now.getClientRects()[0];
    const first = box.height > innerHeight ? Math.min(box.bottom, innerHeight) - 20 : box.top;
    const top = document.elementFromPoint(box.left + Math.min(box.width / 2, 10), first + Math.min(box.height / 2, 10));
    return [now.textContent.trim().slice(0, 40) || now.id, now.contains(top)];
})()"""


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_a_state_is_accessible_in_every_look(page: Page, db: Database, rasa: Rasa, state: State) -> None:
    """Faults by axe, two-way scrolling, and targets under 44 CSS pixels (links within a sentence aside)."""
    await state(page, db, rasa)
    for scheme, size in LOOKS:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.set_viewport_size(size)
        where = f"{state.__name__}, {scheme}, {size['width']} x {size['height']}"
        assert await accessibility_faults(page) == [], where
        assert await page.evaluate("document.documentElement.scrollWidth") == size["width"], where
        assert await page.evaluate(SMALL) == [], where


async def test_forced_colours_keep_every_border(page: Page) -> None:
    await page.emulate_media(forced_colors="active", reduced_motion="reduce")
    await say(page, "hello")
    await page.get_by_role("button", name="Bin day").wait_for()
    for part in (".said", "#text", "#send", ".options button", ".leave"):
        style = await page.locator(part).first.evaluate("(each) => getComputedStyle(each).borderTopStyle")
        assert style != "none", part


async def test_text_spacing_and_text_size_of_the_readers_own(page: Page) -> None:
    """WCAG 2.2, 1.4.12 and 1.4.4."""
    await say(page, "hello there, this is a longer message of several words")
    await page.get_by_role("button", name="Bin day").wait_for()
    await page.evaluate(
        """const sheet = new CSSStyleSheet();
           sheet.replaceSync(`html { font-size: 200% !important }
             * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
             p { margin-bottom: 2em !important }`);
           document.adoptedStyleSheets = [sheet]"""
    )
    assert await page.evaluate("document.documentElement.scrollWidth") == ZOOMED["width"]
    cut = await page.evaluate(
        """[...document.querySelectorAll("button, .said, summary, label, .leave")].filter((each) =>
            each.checkVisibility() && !each.closest(".hidden") &&
            (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1))
            .filter((each) => getComputedStyle(each).display !== "inline").map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert cut == []


@pytest.mark.parametrize("size", [ZOOMED, PHONE, DESK], ids=["400 percent", "phone", "desk"])
async def test_keys_reach_everything_and_the_focus_is_never_hidden(page: Page, size: dict[str, int]) -> None:
    await page.set_viewport_size(size)
    await say(page, "hello")
    await page.get_by_role("button", name="Bin day").wait_for()
    await say(page, "photo?")
    await page.get_by_role("button", name=words()["page"]["upload_send"]).wait_for()
    await page.reload()  # the next Tab starts at the top
    reached = []
    for _ in range(40):
        await page.keyboard.press("Tab")
        name, is_visible = await page.evaluate(FOCUS)
        if not name or name in reached:  # round once
            break
        reached.append(name)
        assert is_visible, name
    said = words()
    page_words = said["page"]
    for wanted in (page_words["leave"], said["urgent"]["heading"], "Skip", "file", "text", "Send", page_words["end"]):
        assert wanted in reached
    backwards = []
    for _ in range(len(reached) - 1):
        await page.keyboard.press("Shift+Tab")
        backwards.append(await page.evaluate(FOCUS))
    assert [name for name, is_visible in backwards if not is_visible] == []


async def test_the_way_out_stays_in_sight_however_low_the_view(page: Page) -> None:
    await say(page, "hello")
    await page.get_by_role("button", name="Bin day").wait_for()
    for size in (ZOOMED, {"width": 640, "height": 320}, PHONE, DESK):
        await page.set_viewport_size(size)
        for place in (0, 10_000):
            await page.evaluate("(place) => { document.scrollingElement.scrollTop = place; }", place)
            box = await page.locator("#leave").bounding_box()
            assert box and 0 <= box["y"] < 60, (size, place)
