"""The cookies: out of reach of scripts, of other sites, and of plain http where there is https."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from channels.webchat.cookies import FRAMED_SESSION, SESSION
from tests.channels.webchat.test_api import read_all, say

FRAME = {"sec-fetch-dest": "iframe"}


def cookie_of(answer: httpx.Response, name: str) -> set[str]:
    (found,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{name}=")]
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


async def test_the_end_takes_both_back(client: httpx.AsyncClient, token: str) -> None:
    answer = await client.post("/webchat/end")
    for name in (SESSION, FRAMED_SESSION):
        assert "Max-Age=0" in cookie_of(answer, name)
