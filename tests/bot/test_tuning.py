"""The tuning does what Rasa's own code does, only quicker; and it is noticed when Rasa changes below it."""

from __future__ import annotations

import ast
import asyncio
import hashlib
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import aiohttp
import jsonschema
import pytest
import rasa
import rasa.core.actions.action
import rasa.utils.endpoints
from aiohttp import web
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot import tuning

# sha256 of the source of what is replaced. A change here means: read Rasa's new code, then tune anew.
REPLACED = {
    (rasa.core.actions.action, "RemoteAction", "_validate_action_result"): (
        "f8cdb4be6812396167ced74161b2ccd65c5ea676ad86d7d359d8c322d9d8dc42"
    ),
    (rasa.core.actions.action, "RemoteAction", "action_response_format_spec"): (
        "091b74aa3738d1262cf3c028386aaf9dd4f0d5c1374b62392411d70a79104a46"
    ),
    (rasa.utils.endpoints, "EndpointConfig", "request"): (
        "ccdb778aed8208e23cde3c3f47eac7fbbbb735dac8f7ef7254d54451c64ad608"
    ),
}


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
        await tuning.session().close()
        await runner.cleanup()


@pytest.fixture(autouse=True)
def _tuned() -> None:
    tuning.apply()


def source(module: ModuleType, kind: str, name: str) -> str:
    """A method as it stands in the file: in this process it may be replaced already."""
    text = Path(inspect.getsourcefile(module) or "").read_text(encoding="utf-8")
    found = next(node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == kind)
    method = next(node for node in found.body if getattr(node, "name", "") == name)
    first = min([method.lineno, *(decorator.lineno for decorator in getattr(method, "decorator_list", []))])
    return "".join(text.splitlines(keepends=True)[first - 1 : method.end_lineno])


def test_it_is_made_for_the_rasa_that_is_installed() -> None:
    assert rasa.__version__ == tuning.TUNED_FOR


@pytest.mark.parametrize("replaced", REPLACED, ids=lambda replaced: replaced[2])
def test_what_is_replaced_has_not_changed(replaced: tuple[ModuleType, str, str]) -> None:
    assert hashlib.sha256(source(*replaced).encode()).hexdigest() == REPLACED[replaced]


def test_applying_it_twice_changes_nothing() -> None:
    request, validate = EndpointConfig.request, RemoteAction._validate_action_result
    tuning.apply()
    assert EndpointConfig.request is request and RemoteAction._validate_action_result is validate


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
    monkeypatch.setattr(tuning, "GRACE", 0.1)
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
    await tuning.session().close()


async def test_an_endpoint_with_a_password_keeps_rasas_own_way() -> None:
    async with running() as server:
        await EndpointConfig(server.url, basic_auth={"username": "u", "password": "p"}).request(json={})
        assert server.seen[0]["headers"]["Authorization"].startswith("Basic ")


VALID: tuple[dict[str, Any], ...] = (
    {"events": [], "responses": []},
    {},
    {"events": [{"event": "slot", "name": "x", "value": 1, "timestamp": None}], "responses": [{"text": "Hello"}]},
)
INVALID: tuple[Any, ...] = (
    {"events": {}},
    {"events": [{"event": "slot"}]},
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
