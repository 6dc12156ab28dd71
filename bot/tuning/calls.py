"""Calls of the action server: the session that they share, what they tell, and how answers are checked.

Gains are of the assistant's processor time for a message, in the mix of bench/webchat.py.

1. ``RemoteAction._validate_action_result`` builds a JSON schema validator, and checks the schema itself, on every
   call of an action: built once it costs 0.1 ms instead of 24 ms a call. Slots, nearly all of what our actions
   answer with, are held against the schema's words for them without the 20 other kinds of event: another 9 %.
2. ``EndpointConfig.request`` opens a new HTTP session, and so a new connection, for every call of an action. One
   session a process and event loop keeps its connections; a call may take no longer than ``action_deadline``, and
   a server that is just starting again is waited for a moment.
3. ``RemoteAction._action_call_format`` sends the whole conversation with every call of an action. Ours look at the
   last turns only, so that a call at the end of a long conversation costs what it costs at its beginning: 5 %.

(The domain is left out of calls by ``enable_selective_domain`` in endpoints.yml, which is Rasa's own switch.)
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import aiohttp
import jsonschema
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import ClientResponseError, EndpointConfig, concat_url

from bot.settings import settings

KEEP_ALIVE = 2.0  # seconds; the action server closes an idle connection after 5, and must not be the first to
RESTART_SECONDS, RETRY_EVERY = 4.0, 0.25  # a killed action server is back after about so long
GRACE = 1.0  # seconds that a call may take beyond the action's own deadline
SENT_TURNS = 4  # with a call of an action

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


def _patched_format(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def _action_call_format(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        """As Rasa's own, with the events of the last turns."""
        call = original(self, _Short(tracker), domain)
        call["tracker"]["events"] = [event.as_dict() for event in last_turns(tracker.events, SENT_TURNS)]
        return call

    return _action_call_format


class _Short:
    """A tracker that does not put its events into words."""

    def __init__(self, tracker: DialogueStateTracker) -> None:
        self.sender_id = tracker.sender_id
        self._tracker = tracker

    def current_state(self, _verbosity: EventVerbosity) -> dict[str, Any]:
        return dict(self._tracker.current_state(EventVerbosity.NONE))


def last_turns(events: Sequence[Event], turns: int) -> list[Event]:
    """The events of so many turns, from the resident's message on; of all when there were no more."""
    kept: list[Event] = []
    for event in reversed(events):
        kept.append(event)
        turns -= isinstance(event, UserUttered)
        if not turns:
            break
    return kept[::-1]


def _is_plain_slot(event: Any) -> bool:
    """Whether Rasa's schema has nothing against an event, if that can be told at a glance. A bool is no number."""
    return (
        type(event) is dict
        and event.get("event") == "slot"
        and isinstance(event.get("name"), str)
        and "value" in event
        and type(event.get("timestamp")) in (int, float, type(None))
        and type(event.get("metadata")) in (dict, type(None))
    )


def _validation() -> Callable[[RemoteAction, Any], bool]:
    validator = jsonschema.Draft7Validator(RemoteAction.action_response_format_spec())

    def _validate_action_result(self: RemoteAction, result: Any) -> bool:
        if isinstance(result, dict) and isinstance(result.get("events"), list):
            result = {**result, "events": [event for event in result["events"] if not _is_plain_slot(event)]}
        validator.validate(result)
        return True

    return _validate_action_result


def apply() -> None:
    """Put it in place."""
    RemoteAction._validate_action_result = _validation()
    RemoteAction._action_call_format = _patched_format(RemoteAction._action_call_format)
    EndpointConfig.request = _patched_request(EndpointConfig.request)
