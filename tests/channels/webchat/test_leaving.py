"""Keeping a copy, rating and ending, as a browser without scripts does them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bot import clock
from bot.store import conversations, ratings, turns
from bot.store.engine import Database
from bot.store.ratings import Rating
from channels import mail as mail_module
from channels.webchat.limits import SESSION_EMAILS
from channels.webchat.words import words
from tests.channels.webchat.conftest import wide
from tests.channels.webchat.test_page import hidden, say
from tests.support.sandbox import Sandbox, running_sandbox


@pytest.fixture
def sandbox(tmp_path: Path, set_settings: Callable[..., None]) -> Iterator[Sandbox]:
    """The demonstration council, whose mail service takes what the chat sends."""
    with running_sandbox(tmp_path) as running:
        set_settings(**running.environment)
        mail_module.mail.cache_clear()
        yield running
    mail_module.mail.cache_clear()


@pytest.fixture
async def browser(sandbox: Sandbox, base: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=base, follow_redirects=True, trust_env=False, timeout=30, verify=False
    ) as client:
        yield client


def talk_of(db: Database, browser: httpx.AsyncClient) -> str:
    found = conversations.by_token(db, browser.cookies["chat"], clock.now())
    assert found
    return found.id


def mails(sandbox: Sandbox) -> str:
    return httpx.get(f"{sandbox.url}/notify/sent").text


async def send_copy(browser: httpx.AsyncClient, address: str) -> httpx.Response:
    form = hidden((await browser.get("/chat/save")).text) | {"email": address}
    return await browser.post("/chat/email", data=form)


async def test_a_copy_as_a_web_page_needs_nothing_else(browser: httpx.AsyncClient) -> None:
    await say(browser, "hello <b>there</b>")
    answer = await browser.get("/chat/transcript.html")
    assert answer.headers["content-disposition"] == 'attachment; filename="council-chat.html"'
    assert "hello &lt;b&gt;there" in answer.text and "<li>Bin day</li>" in answer.text
    assert not re.search(r"<script|<link|<form|src=", answer.text)


async def test_a_copy_is_sent_by_email(browser: httpx.AsyncClient, sandbox: Sandbox) -> None:
    await say(browser, "when is my bin day")
    answer = await send_copy(browser, "sam@example.com")
    assert words()["save"]["email_sent"] in answer.text
    sent = mails(sandbox)
    assert "sam@example.com" in sent and "when is my bin day" in sent and words()["transcript"]["title"] in sent


@pytest.mark.parametrize("address", ["", "sam", "sam@", "a@example.com, b@example.com", "sam@example.com x"])
async def test_an_address_must_be_one(browser: httpx.AsyncClient, sandbox: Sandbox, address: str) -> None:
    await say(browser, "hello")
    answer = await send_copy(browser, address)
    assert answer.status_code == 422
    assert answer.text.count(words().problem("bad_email")) == 2, "in the summary and at the field"
    assert "sam@example.com" not in mails(sandbox)


async def test_a_mail_service_that_fails_is_never_called_a_success(
    browser: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    await say(browser, "hello")
    sandbox.fault("notify", "failing")
    answer = await send_copy(browser, "sam@example.com")
    assert answer.status_code == 503
    assert words().problem("email_failed") in answer.text and 'value="sam@example.com"' in answer.text


async def test_only_so_many_copies_are_sent(browser: httpx.AsyncClient) -> None:
    await say(browser, "hello")
    for _ in range(SESSION_EMAILS):
        assert (await send_copy(browser, "sam@example.com")).status_code == 200
    assert (await send_copy(browser, "sam@example.com")).status_code == 429


@pytest.mark.parametrize("limits", [wide(mails=1)])
async def test_neighbours_share_a_limit_for_mails(browser: httpx.AsyncClient) -> None:
    await say(browser, "hello")
    await send_copy(browser, "sam@example.com")
    browser.cookies.clear()
    await say(browser, "hello")
    assert (await send_copy(browser, "sam@example.com")).status_code == 429


async def test_a_chat_about_abuse_at_home_is_never_mailed(
    browser: httpx.AsyncClient, db: Database, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(browser, "hello")
    form = hidden((await browser.get("/chat/save")).text) | {"email": "sam@example.com"}
    monkeypatch.setattr(turns, "safety_signals", lambda *_: frozenset(("domestic_abuse",)))
    answer = await browser.get("/chat/save")
    assert words()["save"]["email_unsafe"] in answer.text and 'name="email"' not in answer.text
    assert (await browser.post("/chat/email", data=form)).status_code == 422
    assert "sam@example.com" not in mails(sandbox)


async def test_nothing_is_kept_of_a_chat_that_is_not_there(browser: httpx.AsyncClient) -> None:
    assert words()["save"]["empty"] in (await browser.get("/chat/save")).text
    assert (await browser.get("/chat/transcript.html")).status_code == 401
    assert (await browser.get("/chat/rate")).url.path == "/"


async def rate(browser: httpx.AsyncClient, path: str = "/chat/rate", **given: str) -> httpx.Response:
    return await browser.post("/chat/rate", data=hidden((await browser.get(path)).text) | given)


async def test_a_chat_is_rated_while_it_goes_on(browser: httpx.AsyncClient, db: Database) -> None:
    await say(browser, "hello")
    answer = await rate(browser, score="4", comment="my card is 4111 1111 1111 1111")
    assert words()["rate"]["thanks"] in answer.text
    assert ratings.of(db, talk_of(db, browser)) == Rating(4, "my card is [card]")


async def test_a_chat_can_still_be_rated_by_who_ended_it(browser: httpx.AsyncClient, db: Database) -> None:
    await say(browser, "hello")
    talk = talk_of(db, browser)
    ended = await browser.post("/chat/end", data=hidden((await browser.get("/chat/end")).text))
    assert ended.url.path == "/chat/ended" and words()["rate"]["question"] in ended.text
    assert (await rate(browser, "/chat/ended", score="2")).status_code == 200
    assert ratings.of(db, talk) == Rating(2, "")
    browser.cookies.set("rate", browser.cookies["rate"] + "x")
    assert (await browser.post("/chat/rate", data=hidden(ended.text) | {"score": "5"})).status_code == 401
    assert ratings.of(db, talk) == Rating(2, "")


@pytest.mark.parametrize(
    ("given", "kind"),
    [({}, "bad_rating"), ({"score": "6"}, "bad_rating"), ({"score": "1", "comment": "x" * 501}, "too_long")],
)
async def test_a_rating_that_is_not_right_is_asked_for_again(
    browser: httpx.AsyncClient, given: dict[str, str], kind: str
) -> None:
    await say(browser, "hello")
    answer = await rate(browser, **({"comment": "kept"} | given))
    assert answer.status_code == 422 and answer.text.count(words().problem(kind)) == 2
    assert given.get("comment", "kept") in answer.text


@pytest.mark.parametrize("path", ["/chat/email", "/chat/rate", "/chat/end", "/chat/keep", "/chat/upload"])
async def test_every_form_must_be_ours(browser: httpx.AsyncClient, path: str) -> None:
    await say(browser, "photo?")
    files = {"file": b"x"} if path == "/chat/upload" else None
    forged = {"form_token": "forged", "score": "5", "email": "sam@example.com"}
    assert (await browser.post(path, data=forged, files=files)).status_code == 403


async def test_a_chat_is_kept_open(browser: httpx.AsyncClient, db: Database) -> None:
    answer = await say(browser, "hello")
    assert words()["page"]["keep_open_button"] in answer.text
    with db.write() as connection:
        connection.exec_driver_sql("UPDATE session SET expires_at = datetime(expires_at, '-1 hour')")
    before = conversations.by_token(db, browser.cookies["chat"], clock.now())
    await browser.post("/chat/keep", data=hidden((await browser.get("/")).text))
    after = conversations.by_token(db, browser.cookies["chat"], clock.now())
    assert before and after and after.expires_at > before.expires_at
