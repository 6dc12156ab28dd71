"""What stands before every route: forms that are ours, sessions that end, headers, and errors in plain words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.store import handovers


async def test_every_answer_has_the_headers_that_protect_it(agent: Any) -> None:
    for path in ("/messages", "/sign-in", "/nowhere", "/static/staff.css", "/health"):
        headers = (await agent.get(path)).headers
        assert headers["cache-control"] == "no-store", path
        assert headers["x-content-type-options"] == "nosniff", path
        policy = headers["content-security-policy"]
        for rule in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert rule in policy, path
        assert "script-src 'self';" in policy and "connect-src 'self';" in policy and "unsafe" not in policy


@pytest.mark.parametrize("token", ["", "made up", None])
async def test_a_form_without_our_token_changes_nothing(office: Any, agent: Any, token: str | None) -> None:
    office.leave("M-1")
    answer = await agent.post("/messages/M-1/close", data={} if token is None else {"form_token": token})
    assert answer.status_code == 403 and "Nothing was changed" in answer.text
    assert handovers.by_reference(office.db, "M-1").state == handovers.MESSAGE_LEFT


async def test_another_sessions_token_is_refused(office: Any, agent: Any, new_browser: Callable[[], Any]) -> None:
    office.leave("M-1")
    office.add_account("eve", "agent")
    eve = new_browser()
    await eve.sign_in("eve")
    stolen = (await eve.get("/messages/M-1")).text.split('name="form_token" value="')[1].split('"')[0]
    answer = await agent.post("/messages/M-1/close", data={"form_token": stolen})
    assert answer.status_code == 403


async def test_a_session_ends_after_half_an_hour_and_says_so(office: Any, agent: Any) -> None:
    office.pass_time(minutes=31)
    sent = await agent.get("/messages")
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?ended=1")
    assert "Your session has ended" in (await agent.get(sent.headers["location"])).text


async def test_cookies_are_kept_from_scripts_and_other_sites(office: Any, browser: Any) -> None:
    office.add_account("sam", "agent")
    cookies = (await browser.get("/sign-in")).headers.get_list("set-cookie")
    cookies += (await browser.sign_in("sam")).headers.get_list("set-cookie")
    assert {cookie.split("=")[0] for cookie in cookies} == {"staff", "staff_visit"}
    for cookie in cookies:
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
        assert "Secure" not in cookie  # this office is not served by https


async def test_cookies_are_secure_where_the_setting_says_so(office: Any, browser: Any) -> None:
    object.__setattr__(office.app.ctx.state, "secure", True)
    assert "Secure" in (await browser.get("/sign-in")).headers["set-cookie"]


@pytest.mark.parametrize("path", ["/nowhere", "/messages/M-404", "/messages/%00", "/messages/..%2fx", "/static/x"])
async def test_what_is_not_there_has_a_page(agent: Any, path: str) -> None:
    answer = await agent.get(path)
    assert answer.status_code == 404 and "Page not found" in answer.text


async def test_a_form_too_long_to_be_ours_is_refused(agent: Any) -> None:
    answer = await agent.send_form("/password", "/password", new="x" * 40_000)
    assert answer.status_code == 403 and "Nothing was changed" in answer.text


async def test_a_method_that_a_page_does_not_have_is_told_which_it_has(agent: Any) -> None:
    answer = await agent.delete("/messages")
    assert answer.status_code == 405 and "GET" in answer.headers["allow"]


async def test_a_fault_has_a_page_and_the_log_holds_no_words_of_anybody(
    agent: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    words = {"text": "a resident's words"}

    def broken(*_: object) -> None:
        raise OperationalError("select", words, Exception("no database"))

    monkeypatch.setattr(handovers, "listed", broken)
    answer = await agent.get("/messages")
    assert answer.status_code == 500 and "Something went wrong" in answer.text
    assert "OperationalError" in caplog.text and "a resident's words" not in caplog.text


async def test_a_database_that_is_gone_has_a_page(agent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("select", {}, Exception("no database"))

    monkeypatch.setattr("bot.store.accounts.by_token", gone)
    answer = await agent.get("/messages")
    assert answer.status_code == 500 and "Something went wrong" in answer.text
