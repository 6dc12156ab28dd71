"""What is tuned in Rasa 3.6.21, with the reason and the gain. Nothing else of Rasa is changed anywhere.

1. ``RemoteAction._validate_action_result`` builds a JSON schema validator, and checks the schema itself, on every
   call of an action. Built once it costs 0.1 ms instead of 24 ms a call.
2. ``EndpointConfig.request`` opens a new HTTP session, and so a new connection, for every call of an action. One
   session a process and event loop keeps its connections; a call may take no longer than ``action_deadline``, and
   a server that is just starting again is waited for a moment.

(The domain is left out of calls by ``enable_selective_domain`` in endpoints.yml, which is Rasa's own switch.)
``tests/bot/test_tuning.py`` fails when Rasa's version, or what is replaced here, changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
import jsonschema
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig, concat_url

from bot.settings import settings

TUNED_FOR = "3.6.21"
KEEP_ALIVE = 2.0  # seconds; the action server closes an idle connection after 5, and must not be the first to
RESTART_SECONDS, RETRY_EVERY = 2.5, 0.25  # a killed action server is back after about so long
GRACE = 1.0  # seconds that a call may take beyond the action's own deadline

Request = Callable[..., Awaitable[Any]]
_sessions: dict[int, aiohttp.ClientSession] = {}


def _patched_request(original: Request) -> Request:
    async def request(self: EndpointConfig, method: str = "post", subpath: str | None = None, **kwargs: Any) -> Any:
        """As Rasa's own, over the process's session. Endpoints with certificates or passwords keep Rasa's own."""
        if self.cafile or self.basic_auth:
            return await original(self, method, subpath, **kwargs)
        limit = aiohttp.ClientTimeout(total=settings().action_deadline + GRACE, sock_connect=1.0)
        headers = {"Content-Type": "application/json", **kwargs.get("headers", {}), **self.headers}
        request_once = partial(
            session().request,
            method,
            concat_url(self.url, subpath),
            json=kwargs.get("json"),
            headers=headers,
            params=self.combine_parameters(dict(kwargs)),
            compress=kwargs.get("compress", False),
            timeout=limit,
        )
        async with await _reached(request_once) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason or "", await response.text())
            try:
                return await response.json()
            except aiohttp.ContentTypeError:
                return None

    return request


async def _reached(request_once: Callable[[], Awaitable[aiohttp.ClientResponse]]) -> aiohttp.ClientResponse:
    """The answer of a server that may just be starting again: a refused connection has done nothing, so try on."""
    give_up = asyncio.get_running_loop().time() + RESTART_SECONDS
    while True:
        try:
            return await request_once()
        except aiohttp.ClientConnectorError:
            if asyncio.get_running_loop().time() > give_up:
                raise
            await asyncio.sleep(RETRY_EVERY)


def session() -> aiohttp.ClientSession:
    """The HTTP session of the running event loop."""
    loop = id(asyncio.get_running_loop())
    known = _sessions.get(loop)
    if known is None or known.closed:
        connector = aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE)
        known = _sessions[loop] = aiohttp.ClientSession(connector=connector)
    return known


def apply() -> None:
    """Put the tuning in place; a second call changes nothing."""
    validator = jsonschema.Draft7Validator(RemoteAction.action_response_format_spec())

    def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    if not getattr(EndpointConfig, "is_tuned", False):
        RemoteAction._validate_action_result = _validate_action_result
        EndpointConfig.request = _patched_request(EndpointConfig.request)
        EndpointConfig.is_tuned = True
