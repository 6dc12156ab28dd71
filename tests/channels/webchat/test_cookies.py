"""The cookies: out of reach of scripts, of other sites, and of plain http where there is https."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

from bot import clock
from bot.settings import settings
from bot.store import switches
from bot.store.engine import Database
from channels.webchat.cookies import FRAMED_SESSION, SESSION
from tests.channels.webchat.test_api import read_all, say

FRAME = {"sec-fetch-dest": "iframe"}


def cookie_of(answer: httpx.Response, name: str) -> set[str]:
    """What is said of a cookie; with https its name begins with __Host-."""
    prefix = "__Host-" if settings().secure_cookies else ""
    (found,) = {line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{prefix}{name}=")}
    return set(found.split("; ")[1:])


async def test_with_https_a_page_and_a_frame_have_cookies_of_their_own(
    client: httpx.AsyncClient, set_settings: Callable[..., None]
) -> None:
    set_settings(secure_cookies="true")
    page = await client.post("/webchat/sessions")
    assert cookie_of(page, SESSION) == {"Path=/", "HttpOnly", "Secure", "SameSite=Lax"}
    framed = await client.post("/webchat/sessions?framed=1")
    assert cookie_of(framed, FRAMED_SESSION) == {"Path=/", "HttpOnly", "Secure", "SameSite=None", "Partitioned"}
    form = await client.get("/", headers=FRAME)
    assert cookie_of(form, "form_framed") == {"Path=/", "HttpOnly", "Secure", "SameSite=None", "Partitioned"}


async def test_without_https_no_cookie_crosses_sites(client: httpx.AsyncClient) -> None:
    framed = await client.post("/webchat/sessions?framed=1")
    assert cookie_of(framed, FRAMED_SESSION) == {"Path=/", "HttpOnly", "SameSite=Lax"}


@pytest.mark.parametrize("name", [SESSION, FRAMED_SESSION])
async def test_either_opens_the_conversation_in_page_and_frame(client: httpx.AsyncClient, name: str) -> None:
    token = (await client.post("/webchat/sessions")).json()["token"]
    await say(client, "hello")
    before = (await read_all(client))["messages"]
    client.cookies.clear()
    client.cookies.set(name, token)
    assert (await read_all(client))["messages"] == before
    assert "You said" in (await client.get("/", headers=FRAME)).text


async def test_of_two_the_one_that_opens_something_counts(client: httpx.AsyncClient) -> None:
    token = (await client.post("/webchat/sessions")).json()["token"]
    client.cookies.clear()
    client.cookies.set(FRAMED_SESSION, "of-a-chat-that-has-ended")
    client.cookies.set(SESSION, token)
    assert (await client.get("/webchat/messages")).status_code == 200


async def test_with_https_no_other_host_can_put_a_cookie_in_place_of_ours(
    client: httpx.AsyncClient, set_settings: Callable[..., None]
) -> None:
    set_settings(secure_cookies="true")
    token = (await client.post("/webchat/sessions")).json()["token"]
    client.cookies.clear()
    assert (await client.get("/webchat/messages", headers={"cookie": f"chat={token}"})).status_code == 401
    assert (await client.get("/webchat/messages", headers={"cookie": f"__Host-chat={token}"})).status_code == 200


async def test_a_page_prefers_its_own_and_a_frame_its_own(client: httpx.AsyncClient) -> None:
    own, framed = [(await client.post("/webchat/sessions")).json()["token"] for _ in range(2)]
    for token, text in ((own, "in the page"), (framed, "in the frame")):
        posted = {"id": f"message-{text[-5:].strip()}-1", "text": text}
        headers = {"authorization": f"Bearer {token}"}
        assert (await client.post("/webchat/messages", json=posted, headers=headers)).status_code == 202
    both = {"cookie": f"{FRAMED_SESSION}={framed}; {SESSION}={own}"}
    client.cookies.clear()
    assert "in the page" in (await client.get("/", headers=both)).text
    assert "in the frame" in (await client.get("/", headers=both | FRAME)).text


async def test_ending_ends_all_that_a_browser_has_open(client: httpx.AsyncClient) -> None:
    tokens = [(await client.post("/webchat/sessions")).json()["token"] for _ in range(2)]
    client.cookies.clear()
    both = {"cookie": f"{FRAMED_SESSION}={tokens[0]}; {SESSION}={tokens[1]}"}
    assert (await client.post("/webchat/end", headers=both)).status_code == 204
    for token in tokens:
        refused = await client.get("/webchat/messages", headers={"authorization": f"Bearer {token}"})
        assert refused.status_code == 401


async def test_the_quick_exit_takes_everything_back_also_while_switched_off(
    client: httpx.AsyncClient, token: str, db: Database
) -> None:
    switches.turn(db, switches.WEBCHAT, False, "sam", clock.now())
    async with asyncio.timeout(10):
        while (await client.get("/")).status_code == 200:
            await asyncio.sleep(0.05)
    answer = await client.post("/webchat/end?leave=1")
    assert answer.status_code == 204
    for name in ("chat", "chat_framed", "form", "form_framed", "rate"):
        assert "Max-Age=0" in cookie_of(answer, name)
    switches.turn(db, switches.WEBCHAT, True, "sam", clock.now())
    async with asyncio.timeout(10):
        while (await client.get("/")).status_code != 200:
            await asyncio.sleep(0.05)
    headers = {"authorization": f"Bearer {token}"}
    assert (await client.get("/webchat/messages", headers=headers)).status_code == 401
    assert (await client.post("/webchat/end?leave=1")).status_code == 204, "also where there is none"


async def test_with_https_the_quick_exit_also_reaches_what_is_kept_apart_for_a_frame(
    client: httpx.AsyncClient, set_settings: Callable[..., None]
) -> None:
    set_settings(secure_cookies="true")
    answer = await client.post("/webchat/end?leave=1")
    rate = [line for line in answer.headers.get_list("set-cookie") if line.startswith("__Host-rate=;")]
    assert sorted("Partitioned" in line for line in rate) == [False, True]


async def test_the_end_takes_both_back(client: httpx.AsyncClient, token: str) -> None:
    answer = await client.post("/webchat/end")
    for name in (SESSION, FRAMED_SESSION):
        assert "Max-Age=0" in cookie_of(answer, name)
