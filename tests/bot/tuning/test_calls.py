"""Calls of the action server are Rasa's own, only quicker: against a real server on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jsonschema
import pytest
from aiohttp import web
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.trackers import EventVerbosity
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot import tuning
from bot.tuning import calls
from tests.bot.tuning.conversations import DOMAIN, conversation


@pytest.fixture(autouse=True)
def _tuned() -> None:
    tuning.apply()


@dataclass
class Server:
    """A real action server on loopback that notes who calls."""

    url: str = ""
    callers: list[Any] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.callers.append(request.transport and request.transport.get_extra_info("peername"))
        body = await request.json() if request.can_read_body else None
        self.seen.append({"body": body, "query": dict(request.query), "headers": request.headers})
        if request.path == "/slow":
            await asyncio.sleep(30)
        if request.path == "/rejected":
            return web.json_response({"action_name": "action_x", "error": "no"}, status=400)
        if request.path == "/text":
            return web.Response(text="not json")
        return web.json_response({"events": [], "responses": []})


@asynccontextmanager
async def running() -> AsyncIterator[Server]:
    server, app = Server(), web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await calls.session().close()
        await runner.cleanup()


async def test_calls_share_one_connection() -> None:
    async with running() as server:
        endpoint = EndpointConfig(server.url)
        for _ in range(3):
            assert await endpoint.request(json={"next_action": "action_x"}) == {"events": [], "responses": []}
        assert len(server.callers) == 3 and len(set(server.callers)) == 1


async def test_a_call_is_the_same_as_rasas_own() -> None:
    async with running() as server:
        endpoint = EndpointConfig(f"{server.url}/webhook", params={"a": "1"}, headers={"X-One": "1"}, token="t")
        await endpoint.request(json={"next_action": "action_x"}, headers={"X-Two": "2"}, compress=True)
        await endpoint.request("get", subpath="deeper", params={"b": "2"})
        posted, got = server.seen
    assert posted["body"] == {"next_action": "action_x"} and posted["query"] == {"a": "1", "token": "t"}
    assert (posted["headers"]["X-One"], posted["headers"]["X-Two"]) == ("1", "2")
    assert posted["headers"]["Content-Type"] == "application/json"
    assert posted["headers"]["Content-Encoding"] == "deflate"
    assert got["query"] == {"a": "1", "b": "2", "token": "t"}


async def test_a_slow_action_server_is_not_waited_for(
    set_settings: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_settings(action_deadline=0.1)
    monkeypatch.setattr(calls, "GRACE", 0.1)
    async with running() as server:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(EndpointConfig(f"{server.url}/slow").request(json={}), 5)


async def test_a_refusal_is_rasas_own_error() -> None:
    async with running() as server:
        with pytest.raises(ClientResponseError) as caught:
            await EndpointConfig(f"{server.url}/rejected").request(json={})
    assert caught.value.status == 400 and b'"action_x"' in _bytes(caught.value.text)


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


async def test_an_answer_that_is_not_json_is_none_as_in_rasa() -> None:
    async with running() as server:
        assert await EndpointConfig(f"{server.url}/text").request(json={}) is None


async def test_nobody_there_is_aiohttps_own_error() -> None:
    async with running() as server:
        url = server.url
    with pytest.raises(aiohttp.ClientConnectionError):
        await EndpointConfig(url).request(json={})
    await calls.session().close()


async def test_an_endpoint_with_a_password_keeps_rasas_own_way() -> None:
    async with running() as server:
        await EndpointConfig(server.url, basic_auth={"username": "u", "password": "p"}).request(json={})
        assert server.seen[0]["headers"]["Authorization"].startswith("Basic ")


VALID: tuple[dict[str, Any], ...] = (
    {"events": [], "responses": []},
    {},
    {"events": [{"event": "slot", "name": "x", "value": 1, "timestamp": None}], "responses": [{"text": "Hello"}]},
    {"events": [{"event": "slot", "name": "x", "value": None, "metadata": {}}, {"event": "active_loop", "name": None}]},
)
INVALID: tuple[Any, ...] = (
    {"events": {}},
    {"events": [{"event": "slot"}]},
    {"events": [{"event": "slot", "name": "x"}]},
    {"events": [{"event": "slot", "name": 1, "value": 1}]},
    {"events": [{"event": "slot", "name": "x", "value": 1, "timestamp": "now"}]},
    {"events": [{"event": "slot", "name": "x", "value": 1, "timestamp": True}]},
    {"events": [{"event": "slot", "name": "x", "value": 1, "metadata": []}]},
    {"events": [{"event": "slot", "name": "x", "value": 1}], "responses": ["Hello"]},
    {"events": [{"event": "no_such_event"}]},
    {"responses": ["Hello"]},
    [],
    None,
)


@pytest.mark.parametrize("result", VALID)
def test_what_rasas_schema_accepts_is_accepted(result: dict[str, Any]) -> None:
    jsonschema.validate(result, RemoteAction.action_response_format_spec())
    assert RemoteAction("action_x", None)._validate_action_result(result) is True


@pytest.mark.parametrize("result", INVALID)
def test_what_rasas_schema_refuses_is_refused(result: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(result, RemoteAction.action_response_format_spec())
    with pytest.raises(jsonschema.ValidationError):
        RemoteAction("action_x", None)._validate_action_result(result)


def test_an_action_is_told_of_the_last_turns_only(monkeypatch: pytest.MonkeyPatch) -> None:
    tracker = conversation()
    monkeypatch.setattr(calls, "SENT_TURNS", 1)
    call = RemoteAction("action_bin_day", None)._action_call_format(tracker, DOMAIN)
    state = tracker.current_state(EventVerbosity.ALL)
    assert call["tracker"] == {**state, "events": state["events"][11:]}
    assert call["tracker"]["events"][0]["event"] == "user"
    monkeypatch.setattr(calls, "SENT_TURNS", 9)
    call = RemoteAction("action_bin_day", None)._action_call_format(tracker, DOMAIN)
    assert call["tracker"] == state and call["sender_id"] == "talk" and call["next_action"] == "action_bin_day"
