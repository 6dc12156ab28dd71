"""The page with the reports and its files: who may see what, what is asked for, and the trail that it leaves."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.council import council
from bot.staff.insights.sections import SECTIONS
from bot.store import audit
from bot.store.schema import conversation
from tests.support.browser import DESK, NEEDS_CHROMIUM, PHONE, accessibility_faults
from tests.support.reporting import begin, say, write_monday

MONDAY = {"period": "custom", "from": "2025-03-03", "to": "2025-03-03"}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True, scope="session")
def council_in_memory() -> None:
    """Reading it for the first time takes longer than a browser in a test waits."""
    council()


def address(path: str = "/reports", **asked: str) -> str:
    return f"{path}?{urlencode({**MONDAY, **asked})}"


@pytest_asyncio.fixture
async def analyst(office: Any, browser: Any) -> Any:
    """A browser in which an analyst called "ana" has signed in, the Tuesday after a day with figures."""
    write_monday(office.db)
    office.pass_time(days=1)
    office.add_account("ana", "analyst")
    await browser.sign_in("ana")
    return browser


def figure(page: str, row: str) -> list[str]:
    """The cells of a row of a table, by its heading."""
    cells = re.search(rf'<th scope="row">{row}</th>(.*?)</tr>', page, re.DOTALL)
    assert cells, row
    found = re.findall(r"<td.*?</td>", cells[1], re.DOTALL)
    return [re.sub(r"<.*?>", "", cell, flags=re.DOTALL).strip() for cell in found]


async def test_the_page_has_the_figures_of_the_period(analyst: Any) -> None:
    text = (await analyst.get(address())).text
    assert "Monday 3 March 2025</b>" in text
    assert figure(text, "Conversations") == ["5"] and figure(text, "Mon 3 Mar 2025") == ["5", "9"]
    assert figure(text, "All")[2] == "20%", "kept by the assistant"
    assert figure(text, "Nobody came in time") == ["1", "10 min", "10 min"]
    assert "<dt>Mean rating</dt><dd>3.5</dd>" in text
    assert "Report a missed bin" in text and "Passed on" not in text
    assert "style=" not in text and "<script" not in text, "the page's policy forbids both"


async def test_it_begins_with_the_last_seven_days(office: Any, analyst: Any) -> None:
    text = (await analyst.get("/reports")).text
    assert "Tuesday 25 February 2025 to Monday 3 March 2025" in text and figure(text, "Conversations") == ["5"]
    assert '<option value="last_7_days" selected>' in text
    assert figure((await analyst.get("/reports?period=today")).text, "Conversations") == ["1"]


async def test_one_channel_or_team(analyst: Any) -> None:
    text = (await analyst.get(address(channel="whatsapp"))).text
    assert figure(text, "Conversations") == ["1"] and '<option value="whatsapp" selected>' in text
    text = (await analyst.get(address(team="money"))).text
    assert figure(text, "Conversations") == ["2"] and 'id="containment"' not in text
    assert (await analyst.get(address("/reports/containment.csv", team="money"))).status_code == 404
    assert figure((await analyst.get(address(channel=HOSTILE, team=HOSTILE))).text, "Conversations") == ["0"]


@pytest.mark.parametrize("asked", [{"from": "soon"}, {"to": "2025-03-02"}, {"period": HOSTILE}, {"to": ""}])
async def test_what_is_no_period_is_said_and_nothing_is_shown(office: Any, analyst: Any, asked: dict[str, str]) -> None:
    answer = await analyst.get(address(**asked))
    assert answer.status_code == 400 and "There is a problem" in answer.text and "<table" not in answer.text
    assert HOSTILE not in answer.text
    assert (await analyst.get(address("/reports/by_day.csv", **asked))).status_code == 400
    assert audit.latest(office.db, action=audit.REPORT_VIEWED) == []


async def test_every_table_is_a_file(office: Any, analyst: Any) -> None:
    page = (await analyst.get(address())).text
    linked = set(re.findall(r'href="/reports/(\w+)\.csv\?', page))
    assert linked == {name for section in SECTIONS for name in section.names if not section.role}
    for name in sorted(linked):
        answer = await analyst.get(address(f"/reports/{name}.csv"))
        assert answer.status_code == 200 and answer.content.startswith(b"\xef\xbb\xbf"), name
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}_2025-03-03_2025-03-03.csv"'
    by_day = (await analyst.get(address("/reports/by_day.csv"))).content.decode("utf-8-sig")
    assert by_day == "Day,Conversations,Messages\r\n2025-03-03,5,9\r\n"


async def test_the_links_keep_what_was_asked_for(analyst: Any) -> None:
    page = (await analyst.get(address(channel="whatsapp"))).text
    link = re.search(r'href="(/reports/by_day\.csv\?[^"]*)"', page)
    assert link
    file = (await analyst.get(link[1].replace("&amp;", "&"))).content.decode("utf-8-sig")
    assert file.splitlines()[1] == "2025-03-03,1,1"


async def test_a_channel_that_looks_like_a_formula_is_text_in_the_file(office: Any, analyst: Any) -> None:
    with office.db.write() as connection:
        connection.execute(update(conversation).values(channel="=1+1"))
    file = (await analyst.get(address("/reports/containment.csv"))).content.decode("utf-8-sig")
    assert file.splitlines()[1].startswith("'=1+1,5,")


@pytest.mark.parametrize("name", ["by_day", "nothing.csv", "by_day.CSV", ".csv", "by_day.csv.csv"])
async def test_other_names_are_no_files(analyst: Any, name: str) -> None:
    assert (await analyst.get(address(f"/reports/{name}"))).status_code == 404


async def test_who_looked_at_what_is_noted(office: Any, analyst: Any) -> None:
    await analyst.get(address())
    await analyst.get(address("/reports/waits.csv"))
    noted = [(row.actor, row.subject) for row in audit.latest(office.db, action=audit.REPORT_VIEWED)]
    assert noted == [
        ("ana", "waits.csv: 2025-03-03 to 2025-03-03"),
        ("ana", "page: 2025-03-03 to 2025-03-03"),
    ]


async def test_what_cannot_be_noted_is_not_shown(analyst: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "add", lambda *_: 1 / 0)
    for path in ("/reports", "/reports/by_day.csv"):
        assert (await analyst.get(address(path))).status_code == 500


@pytest.mark.parametrize(("role", "may"), [("senior", True), ("administrator", False), ("analyst", False)])
async def test_only_seniors_see_the_load_by_name(office: Any, browser: Any, role: str, may: bool) -> None:
    write_monday(office.db)
    office.add_account("jo", role)
    await browser.sign_in("jo")
    text = (await browser.get(address())).text
    assert ('id="load"' in text) is may and ('<th scope="row">kim</th>' in text) is may
    assert (await browser.get(address("/reports/load.csv"))).status_code == (200 if may else 403)
    if may:
        assert figure(text, "kim") == ["fewer than 5", "fewer than 5"]


@pytest.mark.parametrize("role", ["agent", "editor", "approver"])
async def test_others_may_not_and_are_not_led_there(office: Any, browser: Any, role: str) -> None:
    office.add_account("jo", role)
    await browser.sign_in("jo")
    refused = await browser.get("/reports")
    assert refused.status_code == 403 and "/reports" not in refused.text
    assert (await browser.get("/reports/by_day.csv")).status_code == 403


async def test_nobody_signed_in_sees_nothing(browser: Any) -> None:
    for path in ("/reports", "/reports/by_day.csv"):
        assert (await browser.get(path)).headers["location"] == "/sign-in"


@pytest.mark.browser
@NEEDS_CHROMIUM[1]
async def test_it_is_usable_by_everybody_on_a_desk_and_on_a_phone(
    office: Any, new_browser: Callable[[], Any], chromium: Any
) -> None:
    write_monday(office.db)
    for number in range(40):
        when = office.now - timedelta(hours=number)
        say(office.db, begin(office.db, when), when, "bin_day")
    office.pass_time(days=1)
    office.add_account("kim", "senior")
    client = new_browser()
    await client.sign_in("kim")
    for size, scheme in ((DESK, "light"), (PHONE, "light"), (DESK, "dark")):
        context = await chromium.new_context(viewport=size, color_scheme=scheme)
        cookies = [{"name": name, "value": value, "url": office.address} for name, value in client.cookies.items()]
        await context.add_cookies(cookies)
        page = await context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message, to=complaints: to.append(message.text))
        await page.goto(f"{office.address}/reports")
        assert await accessibility_faults(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert await page.locator("svg rect:not(.track)").first.bounding_box() is not None
        await page.select_option("#period", "custom")
        await page.fill("#from", "2025-03-03")
        await page.fill("#to", "2025-03-02")
        await page.press("#to", "Enter")
        await page.get_by_role("alert").wait_for()
        assert await accessibility_faults(page) == []
        assert not [each for each in complaints if "Content Security" in each]
        await context.close()
