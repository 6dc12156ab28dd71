"""The interface over real HTTP: the contract of docs/webchat-api.md, and an answer of its own for every error."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any

import httpx
import pytest

from bot import clock
from bot.settings import settings
from bot.store import messages
from bot.store.engine import Database
from channels.messages import STATUS
from channels.webchat.limits import Limits
from channels.webchat.words import words
from tests.channels.webchat.conftest import Rasa, wide


def new_id() -> str:
    return str(uuid.uuid4())


async def say(client: httpx.AsyncClient, text: str) -> httpx.Response:
    return await client.post("/webchat/messages", json={"id": new_id(), "text": text})


async def read(client: httpx.AsyncClient, after: int = 0, wait: float = 0) -> dict[str, Any]:
    response = await client.get("/webchat/messages", params={"after": after, "wait": wait})
    assert response.status_code == 200
    return response.json()


async def read_all(client: httpx.AsyncClient) -> dict[str, Any]:
    """Everything said, once nothing waits for an answer."""
    async with asyncio.timeout(20):
        while (page := await read(client))["state"]["busy"]:
            await asyncio.sleep(0.01)
    return page


def check_problem(response: httpx.Response, kind: str) -> None:
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (response.status_code, body["status"]) == (STATUS[kind], STATUS[kind])
    assert body["type"].endswith("/" + kind)
    assert body["detail"] == words().problem(kind)
    assert body["title"]


async def test_a_session_has_a_token_and_a_cookie(client: httpx.AsyncClient) -> None:
    response = await client.post("/webchat/sessions")
    assert response.status_code == 201
    assert response.json() == {"token": response.cookies["chat"], "cursor": 0}
    cookie = response.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=lax", "path=/"))
    assert "secure" not in cookie
    assert response.headers["cache-control"] == "no-store"


async def test_the_cookie_is_secure_where_the_pages_are(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECURE_COOKIES", "true")
    settings.cache_clear()
    assert "secure" in (await client.post("/webchat/sessions")).headers["set-cookie"].lower()


async def test_a_message_and_its_answer(client: httpx.AsyncClient, token: str) -> None:
    posted = {"id": new_id(), "text": "When is my <bin> day?"}
    response = await client.post("/webchat/messages", json=posted)
    assert (response.status_code, response.json()) == (202, {"id": posted["id"]})
    page = await read_all(client)
    asked, answered = page["messages"]
    assert {key: asked[key] for key in ("seq", "from", "text", "html", "choices")} == {
        "seq": 1,
        "from": "resident",
        "text": "When is my <bin> day?",
        "html": "<p>When is my &lt;bin&gt; day?</p>",
        "choices": [],
    }
    assert (answered["seq"], answered["from"]) == (2, "assistant")
    assert answered["html"] == "<p>You said <strong>When is my &lt;bin&gt; day?</strong></p>"
    assert [set(choice) for choice in answered["choices"]] == [{"id", "title"}]
    assert page["cursor"] == 2
    assert page["state"] | {"expires_in": 7200, "revision": 0} == {
        "owner": "assistant",
        "busy": False,
        "place": None,
        "ended": False,
        "expires_in": 7200,
        "revision": 0,
        "first": 1,
        "wait_minutes": None,
        "staff": None,
        "typing": False,
        "seen": 0,
        "rate": False,
    }
    assert 7190 <= page["state"]["expires_in"] <= 7200
    assert (asked["id"], answered["id"], answered["wants"]) == (posted["id"], None, None)
    assert (await read(client, after=2))["messages"] == []


async def test_a_choice_reaches_rasa_as_its_payload(client: httpx.AsyncClient, token: str) -> None:
    await say(client, "hello")
    choice = (await read_all(client))["messages"][-1]["choices"][0]
    response = await client.post("/webchat/messages", json={"id": new_id(), "choice": choice["id"]})
    assert response.status_code == 202
    assert [said["text"] for said in (await read_all(client))["messages"]][-2:] == [
        "Bin day",
        "You said **/bin_day**",
    ]


@pytest.mark.parametrize("typed", ["/restart", " / /restart", "\uff0frestart", "/\u200b/restart"])
async def test_no_command_can_be_typed(client: httpx.AsyncClient, token: str, typed: str) -> None:
    await say(client, typed)
    assert (await read_all(client))["messages"][-1]["text"] == "You said **restart**"


async def test_a_client_without_cookies(base: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Sec-Fetch-Site": "cross-site"}
    async with httpx.AsyncClient(base_url=base, headers=headers, trust_env=False) as bare:
        assert (await say(bare, "hello")).status_code == 202
        assert len((await read_all(bare))["messages"]) == 2


async def test_the_bearer_token_counts_before_the_cookie(client: httpx.AsyncClient, token: str) -> None:
    await say(client, "hello")
    await read_all(client)
    other = (await client.post("/webchat/sessions")).json()["token"]  # the client's cookie is now the other's
    first = await client.get("/webchat/messages", headers={"Authorization": f"Bearer {token}"})
    assert len(first.json()["messages"]) == 2
    assert (await read(client))["messages"] == []
    wrong = await client.get("/webchat/messages", headers={"Authorization": f"Bearer {other}x"})
    check_problem(wrong, "no_session")


async def test_the_same_id_at_once_is_one_message(client: httpx.AsyncClient, token: str) -> None:
    posted = {"id": new_id(), "text": "hello"}
    answers = await asyncio.gather(*(client.post("/webchat/messages", json=posted) for _ in range(10)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, answers[0].text)}
    assert len((await read_all(client))["messages"]) == 2
    check_problem(await client.post("/webchat/messages", json=posted | {"text": "other"}), "conflict")
    assert len((await read_all(client))["messages"]) == 2


async def test_fifty_messages_at_once_are_answered_in_order(client: httpx.AsyncClient, token: str) -> None:
    await asyncio.gather(*(say(client, f"number {n}") for n in range(50)))
    said = (await read_all(client))["messages"]
    assert [message["seq"] for message in said] == list(range(1, 101))
    asked = [message["text"] for message in said if message["from"] == "resident"]
    answers = [message["text"] for message in said if message["from"] == "assistant"]
    assert sorted(asked) == sorted(f"number {n}" for n in range(50))
    assert answers == [f"You said **{text}**" for text in asked]


async def test_a_waiting_read_returns_with_the_news(client: httpx.AsyncClient, token: str, rasa: Rasa) -> None:
    rasa.open.clear()
    await say(client, "hello")
    assert (await read(client, after=0))["state"]["busy"]
    waiting = asyncio.create_task(read(client, after=1, wait=20))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    started = time.monotonic()
    rasa.open.set()
    assert [said["seq"] for said in (await waiting)["messages"]] == [2]
    assert time.monotonic() - started < 5


async def test_a_waiting_read_without_news_ends(client: httpx.AsyncClient, token: str) -> None:
    page = await read(client, wait=0.05)
    assert (page["messages"], page["cursor"]) == ([], 0)


async def test_an_ended_chat_opens_no_more(client: httpx.AsyncClient, token: str) -> None:
    await say(client, "hello")
    headers = {"Authorization": f"Bearer {token}"}
    response = await client.post("/webchat/end")
    assert response.status_code == 204
    assert "chat" not in client.cookies
    check_problem(await client.get("/webchat/messages", headers=headers), "no_session")
    check_problem(await client.post("/webchat/end", headers=headers), "no_session")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"id": "abcdefgh", "text": "a" * 1001}, "too_long"),
        ({"id": "abcdefgh", "text": ""}, "empty"),
        ({"id": "abcdefgh", "text": " \n\t "}, "empty"),
        ({"id": "abcdefgh", "text": "/ /"}, "empty"),
        ({"id": "abcdefgh", "text": "\u200b\u2060"}, "empty"),
        ({"id": "abcdefgh", "text": "\ud800"}, "empty"),
        ({"id": "abcdefgh", "text": "nul\x00nul"}, "not_text"),
        ({"id": "abcdefgh", "choice": "unknown"}, "unknown_choice"),
        ({"id": "abcdefgh", "choice": "\ud800"}, "unknown_choice"),
        ({"id": "abcdefgh"}, "bad_request"),
        ({"id": "abcdefgh", "text": "a", "choice": "b"}, "bad_request"),
        ({"id": "short", "text": "a"}, "bad_request"),
        ({"id": "a" * 65, "text": "a"}, "bad_request"),
        ({"id": "with space", "text": "a"}, "bad_request"),
        ({"text": "a"}, "bad_request"),
        ({"id": "abcdefgh", "text": "a" * 20_000}, "too_large"),
        ({"id": "abcdefgh", "text": "a" * 2_000_000}, "too_large"),
    ],
)
async def test_messages_that_are_refused(
    client: httpx.AsyncClient, token: str, body: dict[str, str], kind: str
) -> None:
    content, headers = json.dumps(body), {"Content-Type": "application/json"}
    check_problem(await client.post("/webchat/messages", content=content, headers=headers), kind)
    assert (await read(client))["messages"] == []


async def test_a_message_of_exactly_the_limit(client: httpx.AsyncClient, token: str) -> None:
    assert (await say(client, "é" * 1000)).status_code == 202


@pytest.mark.parametrize(
    ("content", "kind"), [(b"{", "bad_request"), (b"\xff\xfe\x00", "not_text"), (b"[" * 9000, "bad_request")]
)
async def test_bodies_that_are_refused(client: httpx.AsyncClient, token: str, content: bytes, kind: str) -> None:
    headers = {"Content-Type": "application/json"}
    check_problem(await client.post("/webchat/messages", content=content, headers=headers), kind)


async def test_only_json_is_taken(client: httpx.AsyncClient, token: str) -> None:
    check_problem(await client.post("/webchat/messages", data={"id": new_id(), "text": "a"}), "unsupported")


async def test_a_choice_of_another_conversation_is_unknown(client: httpx.AsyncClient, token: str) -> None:
    await say(client, "hello")
    choice = (await read_all(client))["messages"][-1]["choices"][0]["id"]
    await client.post("/webchat/sessions")
    posted = {"id": new_id(), "choice": choice}
    check_problem(await client.post("/webchat/messages", json=posted), "unknown_choice")


@pytest.mark.parametrize("stranger", [None, "-", "x" * 43, "Ünknown", "a b"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/webchat/messages"), ("GET", "/webchat/messages"), ("POST", "/webchat/end")]
)
async def test_a_stranger_gets_nothing(base: str, method: str, path: str, stranger: str | None) -> None:
    headers = {} if stranger is None else {"Authorization": f"Bearer {stranger}".encode()}
    async with httpx.AsyncClient(base_url=base, trust_env=False) as bare:
        response = await bare.request(method, path, headers=headers)  # type: ignore[arg-type]
    check_problem(response, "no_session")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_an_expired_session_opens_no_more(
    client: httpx.AsyncClient, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_NOW", "2099-01-01T12:00")
    settings.cache_clear()
    check_problem(await client.get("/webchat/messages"), "no_session")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://[::1"},
    ],
)
async def test_another_sites_page_cannot_act(client: httpx.AsyncClient, token: str, headers: dict[str, str]) -> None:
    for path in ("sessions", "messages", "end"):
        response = await client.post(f"/webchat/{path}", json={"id": new_id(), "text": "a"}, headers=headers)
        check_problem(response, "forbidden")
    assert (await read(client))["messages"] == []


async def test_our_own_page_can(client: httpx.AsyncClient, token: str, base: str) -> None:
    for headers in ({"Origin": base}, {"Sec-Fetch-Site": "same-origin", "Origin": base}):
        body = {"id": new_id(), "text": "a"}
        assert (await client.post("/webchat/messages", json=body, headers=headers)).status_code == 202


@pytest.mark.parametrize("query", ["after=-1", "after=x", "wait=x", "after=99999999999", "wait=nan"])
async def test_a_read_that_makes_no_sense(client: httpx.AsyncClient, token: str, query: str) -> None:
    check_problem(await client.get(f"/webchat/messages?{query}"), "bad_request")


async def test_unknown_paths_and_methods(client: httpx.AsyncClient) -> None:
    check_problem(await client.get("/webchat/nothing"), "not_found")
    check_problem(await client.get("/webchat/messages/1"), "not_found")
    response = await client.put("/webchat/messages")
    check_problem(response, "not_allowed")
    assert set(response.headers["allow"].split(", ")) == {"GET", "POST"}
    check_problem(await client.get("/webchat/sessions"), "not_allowed")


class TestTooMany:
    @pytest.fixture
    def limits(self) -> Limits:
        return wide(messages=2, sessions=2)

    async def test_messages_and_sessions(self, client: httpx.AsyncClient, token: str) -> None:
        assert [(await say(client, "hello")).status_code for _ in range(2)] == [202, 202]
        refused = await say(client, "hello")
        check_problem(refused, "too_many")
        assert refused.headers["retry-after"] == "60"
        await client.post("/webchat/sessions")
        check_problem(await client.post("/webchat/sessions"), "too_many")


async def test_a_broken_database_is_not_a_500(
    client: httpx.AsyncClient, token: str, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk I/O error")

    monkeypatch.setattr(db, "read", fail)
    monkeypatch.setattr(db, "write", fail)
    for method, path in (("POST", "sessions"), ("POST", "messages"), ("GET", "messages"), ("POST", "end")):
        response = await client.request(method, f"/webchat/{path}", json={"id": new_id(), "text": "a"})
        check_problem(response, "unavailable")
        assert response.headers["retry-after"]


async def test_what_staff_write_in_another_process_arrives(client: httpx.AsyncClient, token: str, db: Database) -> None:
    waiting = asyncio.create_task(read(client, wait=20))
    await asyncio.sleep(0.05)
    with db.write() as connection:
        talk = connection.exec_driver_sql("select id from conversation").scalar()
        messages.add(connection, str(talk), messages.STAFF, "Hello from *staff*", clock.now())
    (said,) = (await waiting)["messages"]
    assert (said["from"], said["html"]) == ("staff", "<p>Hello from <em>staff</em></p>")


async def test_health(client: httpx.AsyncClient, base: str) -> None:
    response = await client.get("/webchat/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "model": "m1"})


def test_every_problem_has_a_sentence() -> None:
    sentences = words()["problems"]
    assert not set(STATUS) - set(sentences)
    assert "no_answer" in sentences
