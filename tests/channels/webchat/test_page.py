"""The chat page as a browser without scripts meets it, over real HTTP and the real ``Chat``."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from bot.settings import settings
from bot.store.engine import Database
from channels.webchat import page
from channels.webchat.limits import Limits
from channels.webchat.words import words
from tests.channels.webchat.conftest import Rasa, wide

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def browser(base: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=base, follow_redirects=True, trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
async def stranger(base: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=base, follow_redirects=True, trust_env=False, verify=False) as client:
        yield client


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of the page's last form: the box."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text.partition("<template")[0])
    return dict(found)


async def say(browser: httpx.AsyncClient, text: str, **fields: str) -> httpx.Response:
    return await browser.post("/chat", data=hidden((await browser.get("/")).text) | {"text": text} | fields)


def messages(text: str) -> list[tuple[str, str]]:
    """Who said what, as the page shows it."""
    bubble = r'<span class="hidden sender">(.*?)</span>\s*<div class="said"[^>]*>(.*?)</div>'
    found = re.findall(bubble, text, re.DOTALL)
    return [(who, unescape(re.sub(r"<.*?>", "", said)).strip()) for who, said in found if who]


async def test_looking_at_the_page_opens_no_session(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/")
    assert answer.status_code == 200
    assert "chat" not in browser.cookies
    assert words()["page"]["automated"] in answer.text
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("form=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie


@pytest.mark.parametrize("path", ["/", "/chat/privacy", "/chat/ended", "/chat/transcript.txt"])
async def test_every_page_is_locked_down(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    wanted = {"form-action 'self'", "base-uri 'none'", f"frame-ancestors {settings().ancestors}"}
    assert wanted <= set(policy.split("; "))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", answer.text)


async def test_a_whole_chat_with_a_choice(browser: httpx.AsyncClient) -> None:
    answer = await say(browser, "when is my bin collected?")
    assert str(answer.url).endswith("/#latest") and answer.history[0].status_code == 303
    assert messages(answer.text) == [
        ("You said", "when is my bin collected?"),
        ("Assistant said", "You said when is my bin collected?"),
    ]
    assert 'id="latest"' in answer.text
    choice = re.search(r'<button name="choice" value="([^"]+)">Bin day</button>', answer.text)
    assert choice
    answer = await browser.post("/chat", data=hidden(answer.text) | {"choice": choice[1]})
    assert messages(answer.text)[2:] == [("You said", "Bin day"), ("Assistant said", "You said /bin_day")]
    assert len(re.findall(r'<button name="choice"', answer.text)) == 1, "only the last choices can be made"


async def test_a_form_sent_twice_counts_once(browser: httpx.AsyncClient) -> None:
    form = hidden((await browser.get("/")).text) | {"text": "hello"}
    await browser.post("/chat", data=form)
    answer = await browser.post("/chat", data=form)
    assert len(messages(answer.text)) == 2
    answer = await browser.post("/chat", data=form | {"text": "other words"})
    assert answer.status_code == 409 and "other words</textarea>" in answer.text


@pytest.mark.parametrize(("text", "kind"), [("  ", "empty"), ("x" * 1001, "too_long"), ("a\x00b", "not_text")])
async def test_what_is_wrong_is_said_beside_the_box_and_the_text_is_kept(
    browser: httpx.AsyncClient, text: str, kind: str
) -> None:
    answer = await say(browser, text)
    assert answer.status_code == 422
    assert answer.text.count(words().problem(kind)) >= 2, "in the summary and beside the box"
    assert 'aria-describedby="hint count error" aria-invalid="true"' in answer.text
    if kind == "too_long":
        assert f">{text}</textarea>" in answer.text


async def test_hostile_text_is_shown_and_never_run(browser: httpx.AsyncClient) -> None:
    hostile = """</textarea><script>alert(1)</script><img src=x onerror="alert('2')">"""
    answer = await say(browser, hostile)
    assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
    assert messages(answer.text)[0][1] == hostile
    answer = await say(browser, hostile + "x" * 1000)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"form_token": ""}, {}),
        ({"form_token": "0" * 27}, {}),
        ({"form_token": "wrong \N{SNOWMAN}"}, {}),
        ({}, {"Origin": "https://evil.example"}),
        ({}, {"Origin": "null"}),
        ({}, {"Origin": "http://[::1"}),
        ({}, {"Sec-Fetch-Site": "cross-site"}),
        ({}, {"Cookie": "form=other"}),
    ],
)
async def test_a_form_from_elsewhere_is_refused(
    browser: httpx.AsyncClient, fields: dict[str, str], headers: dict[str, str]
) -> None:
    form = hidden((await browser.get("/")).text) | {"text": "sent for you"} | fields
    answer = await browser.post("/chat", data=form, headers=headers)
    assert answer.status_code == 403
    assert words().problem("forbidden") in answer.text
    assert "chat" not in browser.cookies
    assert "sent for you</textarea>" in answer.text, "a resident whose cookie was lost can send it again"


async def test_another_browsers_form_is_refused(browser: httpx.AsyncClient, stranger: httpx.AsyncClient) -> None:
    form = hidden((await stranger.get("/")).text)
    await browser.get("/")
    assert (await browser.post("/chat", data=form | {"text": "hello"})).status_code == 403


async def test_the_same_origin_is_accepted(browser: httpx.AsyncClient, base: str) -> None:
    form = hidden((await browser.get("/")).text) | {"text": "hello"}
    headers = {"Origin": base, "Sec-Fetch-Site": "same-origin"}
    assert (await browser.post("/chat", data=form, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "application/json"}, b"{}", 415),
        ({}, b"", 415),
        (FORM, b"text=%ff%fe", 422),
        (FORM, b"\xff\xfe", 422),
        (FORM, b"&".join(b"a=1" for _ in range(50)), 422),
        (FORM, b"text=" + b"x" * 20_000, 413),
    ],
)
async def test_what_is_no_form_gets_a_page_that_says_so(
    browser: httpx.AsyncClient, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = await browser.post("/chat", content=body, headers=headers)
    assert answer.status_code == status
    assert words()["page"]["back"] in answer.text


async def test_a_strangers_choice_is_refused(browser: httpx.AsyncClient, stranger: httpx.AsyncClient) -> None:
    mine = await say(browser, "hello")
    choice = re.search(r'name="choice" value="([^"]+)"', mine.text)
    assert choice
    theirs = await say(stranger, "hello")
    answer = await stranger.post("/chat", data=hidden(theirs.text) | {"choice": choice[1]})
    assert answer.status_code == 422
    assert words().problem("unknown_choice") in answer.text


async def test_an_unknown_session_starts_a_new_chat(browser: httpx.AsyncClient) -> None:
    browser.cookies.set("chat", "expired")
    answer = await browser.get("/")
    assert answer.status_code == 200 and words()["page"]["welcome"] in answer.text
    browser.cookies.clear()
    assert len(messages((await say(browser, "hello")).text)) == 2


async def test_a_late_answer_can_be_looked_for(
    browser: httpx.AsyncClient, rasa: Rasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "WAIT", 0.05)
    rasa.open.clear()
    answer = await say(browser, "hello")
    assert answer.status_code == 200
    assert words()["page"]["busy"] in answer.text and 'action="/chat/refresh"' in answer.text
    again = await browser.get("/chat/refresh")
    assert messages(again.text) == [("You said", "hello")]


async def test_the_chat_can_be_saved(browser: httpx.AsyncClient) -> None:
    await say(browser, "hello <there>")
    answer = await browser.get("/chat/transcript.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["content-disposition"].startswith("attachment")
    lines = answer.text.splitlines()
    assert lines[0] == words()["transcript"]["title"]
    assert [line for line in lines if line in ("hello <there>", "- Bin day")] == ["hello <there>", "- Bin day"]


async def test_saving_and_ending_need_a_chat(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/chat/transcript.txt")).status_code == 401
    assert (await browser.get("/chat/end")).url.path == "/"


async def test_the_chat_is_ended_after_a_question(browser: httpx.AsyncClient) -> None:
    await say(browser, "hello")
    token = browser.cookies["chat"]
    asked = await browser.get("/chat/end")
    assert words()["end"]["confirm"] in asked.text
    assert (await browser.post("/chat/end", data={"form_token": "forged"})).status_code == 403
    answer = await browser.post("/chat/end", data=hidden(asked.text))
    assert answer.url.path == "/chat/ended"
    assert "chat" not in browser.cookies
    browser.cookies.set("chat", token)
    assert messages((await browser.get("/")).text) == [("Assistant said", words()["page"]["welcome"])]


async def test_a_broken_ledger_is_said_in_words(browser: httpx.AsyncClient, db: Database) -> None:
    await say(browser, "hello")
    with db.write() as connection:
        connection.exec_driver_sql("ALTER TABLE message RENAME TO gone")
    answer = await browser.get("/")
    assert answer.status_code == 503
    assert words().problem("unavailable") in answer.text


@pytest.mark.parametrize("limits", [wide(messages=1)])
async def test_too_many_messages_are_refused_and_kept(browser: httpx.AsyncClient, limits: Limits) -> None:
    await say(browser, "one")
    answer = await say(browser, "two")
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0
    assert words().problem("too_many") in answer.text
    assert "two</textarea>" in answer.text


async def test_files_are_kept_for_ever_by_their_version(browser: httpx.AsyncClient) -> None:
    found = re.findall(r'(?:href|src)="(/static/chat/[^"]+)"', (await browser.get("/")).text)
    assert {Path(url).name.partition("?")[0] for url in found} == {
        *("council.css", "chat.css", "logo.svg", "chat.js"),
        *("announcer.js", "attention.js", "composer.js", "draft.js", "expiry.js", "extras.js", "frame.js"),
        *("handover.js", "live.js", "news.js", "outgoing.js", "page.js", "sensitive.js"),
        *("status.js", "transcript.js", "transport.js"),
    }
    for url in found:
        answer = await browser.get(url)
        assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
    imported = await browser.get("/static/chat/transport.js")
    assert imported.headers["cache-control"] == "no-cache"
    version = found[0].partition("?")[2]
    assert f'from "./transport.js?{version}"' in (await browser.get("/static/chat/live.js")).text, "one version only"
    again = await browser.get("/static/chat/transport.js", headers={"If-None-Match": imported.headers["etag"]})
    assert again.status_code == 304
    assert (await browser.get("/static/chat/..%2fpage.py")).status_code == 404
    assert (await browser.get("/favicon.ico")).headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing/here", 404), ("DELETE", "/chat", 405)])
async def test_an_address_that_leads_nowhere_says_so_in_words(
    browser: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await browser.request(method, path)
    assert answer.status_code == status
    assert words().problem("not_found" if status == 404 else "not_allowed") in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "sanic" not in answer.text.lower()
