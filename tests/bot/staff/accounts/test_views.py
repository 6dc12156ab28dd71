"""Signing in, choosing a password and signing out, as somebody at a browser does it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.store import accounts, audit

PASSWORD = "correct horse battery"
CHOSEN = "green tower seventeen"


def _actions(office: Any) -> list[tuple[str, str]]:
    return [(row.actor, row.action) for row in reversed(audit.latest(office.db))]


async def test_from_the_one_time_password_to_the_messages(
    office: Any, browser: Any, new_browser: Callable[[], Any]
) -> None:
    one_time = accounts.create_first_administrator(office.db, office.now)
    assert (await browser.get("/")).headers["location"] == "/sign-in"
    await browser.sign_in("admin", one_time)
    assert (await browser.get("/messages")).headers["location"] == "/password"
    assert "The old one stops working" in (await browser.get("/password")).text
    saved = await browser.send_form("/password", "/password", new=CHOSEN, again=CHOSEN)
    assert saved.headers["location"] == "/"
    assert (await browser.get("/messages")).status_code == 200
    other = new_browser()
    assert (await other.sign_in("admin", one_time)).status_code == 422
    assert (await other.sign_in("admin", CHOSEN)).status_code == 303
    assert _actions(office) == [
        ("admin", audit.SIGNED_IN),
        ("admin", audit.PASSWORD_CHANGED),
        ("admin", audit.SIGN_IN_FAILED),
        ("admin", audit.SIGNED_IN),
    ]


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("short", "short", "at least 12 characters"),
        ("x" * 257, "x" * 257, "at most 256 characters"),
        (PASSWORD, PASSWORD, "must not be the one that you have now"),
        (CHOSEN, CHOSEN + "x", "are not the same"),
    ],
    ids=["short", "long", "old", "differs"],
)
async def test_a_password_that_will_not_do_is_explained(
    office: Any, browser: Any, new: str, again: str, said: str
) -> None:
    office.add_account("sam", "agent", must_change=True)
    await browser.sign_in("sam")
    answer = await browser.send_form("/password", "/password", new=new, again=again)
    assert answer.status_code == 422 and said in answer.text
    assert 'role="alert"' in answer.text and 'aria-invalid="true"' in answer.text
    assert new not in answer.text or new in said
    assert accounts.is_password(office.db, "sam", PASSWORD)


async def test_changing_a_password_asks_for_the_old_one_and_ends_other_sessions(
    office: Any, agent: Any, new_browser: Callable[[], Any]
) -> None:
    other = new_browser()
    await other.sign_in("sam")
    wrong = await agent.send_form("/password", "/password", current="guess", new=CHOSEN, again=CHOSEN)
    assert wrong.status_code == 422 and "not your current password" in wrong.text
    right = await agent.send_form("/password", "/password", current=PASSWORD, new=CHOSEN, again=CHOSEN)
    assert right.status_code == 303
    assert (await agent.get("/messages")).status_code == 200
    assert (await other.get("/messages")).headers["location"] == "/sign-in?ended=1"


async def test_a_session_is_new_at_every_sign_in(office: Any, agent: Any) -> None:
    first = agent.cookies["staff"]
    token = (await agent.get("/password")).text.split('name="form_token" value="')[1].split('"')[0]
    await agent.post("/sign-in", data={"form_token": token, "username": "sam", "password": PASSWORD})
    assert agent.cookies["staff"] != first
    assert accounts.by_token(office.db, first, office.now) is None


async def test_a_session_that_somebody_else_chose_is_never_taken_over(office: Any, browser: Any) -> None:
    office.add_account("sam", "agent")
    browser.cookies.set("staff", "chosen by an attacker", domain="127.0.0.1", path="/")
    await browser.sign_in("sam")
    assert accounts.by_token(office.db, "chosen by an attacker", office.now) is None


async def test_signing_out_ends_the_session(office: Any, agent: Any) -> None:
    token = agent.cookies["staff"]
    left = await agent.send_form("/messages", "/sign-out")
    assert left.headers["location"] == "/sign-in"
    assert accounts.by_token(office.db, token, office.now) is None
    assert (await agent.get("/messages")).headers["location"] == "/sign-in"
    assert _actions(office)[-1] == ("sam", audit.SIGNED_OUT)


async def test_a_wrong_name_and_a_wrong_password_look_the_same(office: Any, browser: Any) -> None:
    office.add_account("sam", "agent")
    one = await browser.sign_in("sam", "wrong")
    other = await browser.sign_in("max", "wrong")
    assert one.status_code == other.status_code == 422
    assert one.text.replace("sam", "max") == other.text


async def test_a_name_that_nobody_has_is_not_noted(office: Any, browser: Any) -> None:
    await browser.sign_in("my secret password", "x")
    await browser.sign_in("nul\0name", "x")
    assert _actions(office) == [("unknown", audit.SIGN_IN_FAILED)] * 2


@pytest.mark.parametrize(("username", "said"), [("", "Enter your username"), ("sam", "Enter your password")])
async def test_empty_fields_are_named(browser: Any, username: str, said: str) -> None:
    answer = await browser.sign_in(username, "")
    assert answer.status_code == 422 and said in answer.text
    assert "<title>Error: Sign in" in answer.text


async def test_five_wrong_tries_shut_the_door_for_a_quarter_of_an_hour(
    office: Any, browser: Any, new_browser: Callable[[], Any]
) -> None:
    office.add_account("sam", "agent")
    for _ in range(5):
        assert (await browser.sign_in("sam", "wrong")).status_code == 422
        office.pass_time(minutes=1)
    shut = await new_browser().sign_in("SAM ", PASSWORD)
    assert shut.status_code == 429 and shut.headers["retry-after"] == "600"
    assert "for 10 minutes" in shut.text
    assert (await browser.sign_in("admin")).status_code == 303  # another name is not shut out
    office.pass_time(minutes=10)
    assert (await new_browser().sign_in("sam")).status_code == 303


async def test_many_tries_at_once_are_not_more(office: Any, browser: Any) -> None:
    office.add_account("sam", "agent")
    token = (await browser.get("/sign-in")).text.split('name="form_token" value="')[1].split('"')[0]
    form = {"form_token": token, "username": "sam", "password": "wrong"}
    tries = await asyncio.gather(*(browser.post("/sign-in", data=form) for _ in range(12)))
    assert [answer.status_code for answer in tries].count(429) == 7


async def test_guessing_the_current_password_is_limited_too(office: Any, agent: Any) -> None:
    for _ in range(5):
        await agent.send_form("/password", "/password", current="guess", new=CHOSEN, again=CHOSEN)
    shut = await agent.send_form("/password", "/password", current=PASSWORD, new=CHOSEN, again=CHOSEN)
    assert shut.status_code == 429
