"""The switches: who may turn them, the question before switching off, the trail, and the notice on every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import pytest_asyncio

from bot.store import audit, switches
from bot.store.switches import WEBCHAT, Switch

OFF, ON = "/switches/webchat/off", "/switches/webchat/on"
NOTICE, LINK = "<b>The web chat is switched off.</b>", '<a href="/switches">Who switched it off'


def _turned(office: Any) -> list[tuple[str, str, str]]:
    """What the audit trail says of the switch, oldest first."""
    rows = [(row.actor, row.action, row.subject) for row in reversed(audit.latest(office.db))]
    return [row for row in rows if row[2] == WEBCHAT]


@pytest_asyncio.fixture
async def senior(office: Any, new_browser: Callable[[], Any]) -> Any:
    """A browser in which a senior called "kim" has signed in."""
    office.add_account("kim", "senior")
    browser = new_browser()
    await browser.sign_in("kim")
    return browser


@pytest_asyncio.fixture
async def administrator(office: Any, new_browser: Callable[[], Any]) -> Any:
    """A browser in which an administrator called "alex" has signed in."""
    office.add_account("alex", "administrator")
    browser = new_browser()
    await browser.sign_in("alex")
    return browser


async def test_it_is_switched_off_after_a_question_and_on_at_once(office: Any, senior: Any) -> None:
    first = (await senior.get("/switches")).text
    assert "The web chat is switched on." in first and "nobody" in first and "never" in first
    assert f'<form class="act" action="{OFF}">' in first and ON not in first, "the button leads to the question"
    asked = (await senior.get(OFF)).text
    assert "Switch the web chat off?" in asked and "the phone number" in asked and "go on" in asked
    assert switches.state(office.db, WEBCHAT).is_on, "asking changes nothing"
    office.pass_time(minutes=5)
    done = await senior.send_form(OFF, OFF)
    assert (done.status_code, done.headers["location"]) == (303, "/switches")
    assert switches.state(office.db, WEBCHAT) == Switch(WEBCHAT, False, "kim", office.now)
    now = (await senior.get("/switches")).text
    assert "<title>Switches: the web chat is off" in now and "Monday 3 March 2025 at 10.05am" in now and "kim" in now
    assert f'action="{ON}"' in now and OFF not in now
    assert (await senior.send_form("/switches", ON)).headers["location"] == "/switches"
    assert "<title>Switches: the web chat is on" in (await senior.get("/switches")).text
    assert _turned(office) == [("kim", audit.SWITCHED_OFF, WEBCHAT), ("kim", audit.SWITCHED_ON, WEBCHAT)]


async def test_an_administrator_may_too(office: Any, administrator: Any) -> None:
    await administrator.send_form(OFF, OFF)
    assert _turned(office) == [("alex", audit.SWITCHED_OFF, WEBCHAT)]


@pytest.mark.parametrize("role", ["agent", "editor", "approver", "analyst"])
async def test_others_may_not_and_are_not_led_there(office: Any, browser: Any, role: str) -> None:
    office.add_account("sam", role)
    await browser.sign_in("sam")
    refused = await browser.send_form("/password", OFF)
    assert refused.status_code == 403 and "/switches" not in refused.text
    assert switches.state(office.db, WEBCHAT).is_on and _turned(office) == []


async def test_only_our_own_form_turns_it(office: Any, senior: Any) -> None:
    for path in (OFF, ON):
        answer = await senior.post(path, data={"form_token": "made up"})
        assert answer.status_code == 403 and "Nothing was changed" in answer.text
    assert _turned(office) == []


async def test_of_two_who_switch_off_the_second_sees_who_was_first(
    office: Any, senior: Any, administrator: Any
) -> None:
    token = (await administrator.get(OFF)).text.split('name="form_token" value="')[1].split('"')[0]
    await senior.send_form(OFF, OFF)
    office.pass_time(minutes=1)
    late = await administrator.post(OFF, data={"form_token": token})
    assert (late.status_code, late.headers["location"]) == (303, "/switches")
    text = (await administrator.get("/switches")).text
    assert "The web chat is switched off." in text and "<dd>kim</dd>" in text and "10am" in text
    again = await administrator.get(OFF)
    assert (again.status_code, again.headers["location"]) == (303, "/switches"), "there is nothing to ask any more"
    assert _turned(office) == [("kim", audit.SWITCHED_OFF, WEBCHAT)]


async def test_a_page_that_was_open_for_long_turns_nothing_round(office: Any, senior: Any) -> None:
    await senior.send_form(OFF, OFF)
    token = (await senior.get("/switches")).text.split('name="form_token" value="')[1].split('"')[0]
    switches.turn(office.db, WEBCHAT, True, "command line (root)", office.now)
    await senior.post(ON, data={"form_token": token})
    assert switches.state(office.db, WEBCHAT).changed_by == "command line (root)"


async def test_while_it_is_off_every_page_says_so(office: Any, senior: Any, agent: Any) -> None:
    office.leave("M-1")
    pages = ("/messages", "/messages/closed", "/messages/M-1", "/messages/M-404", "/password", "/switches")
    for page in pages:
        for browser in (senior, agent):
            assert "The web chat is switched off" not in (await browser.get(page)).text, page
    switches.turn(office.db, WEBCHAT, False, "kim", office.now)
    for page in pages:
        led = (await senior.get(page)).text
        assert NOTICE in led and LINK in led, page
        told = (await agent.get(page)).text
        assert NOTICE in told and "/switches" not in told, page
    old = await senior.post("/messages/M-1/close", data={"form_token": "old"})
    assert old.status_code == 403 and LINK in old.text


async def test_who_must_choose_a_password_first_is_told_and_led_nowhere(office: Any, browser: Any) -> None:
    office.add_account("lee", "administrator", must_change=True)
    switches.turn(office.db, WEBCHAT, False, "kim", office.now)
    await browser.sign_in("lee")
    text = (await browser.get("/password")).text
    assert NOTICE in text and "/switches" not in text and "<nav" not in text


async def test_the_navigation_leads_only_where_one_may_go(office: Any, senior: Any, browser: Any) -> None:
    assert '<a href="/switches" aria-current="page">Switches</a>' in (await senior.get("/switches")).text
    office.add_account("ed", "editor")
    await browser.sign_in("ed")
    assert "<nav" not in (await browser.get("/password")).text


async def test_a_ledger_that_fails_has_a_page(senior: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switches, "state", lambda *_: 1 / 0)
    answer = await senior.get("/switches")
    assert answer.status_code == 500 and "Something went wrong" in answer.text
