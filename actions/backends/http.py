"""The one place that sends requests: time limits, the single retry, errors and logging for every client.

Two limits hold: ``timeout`` for one request and ``deadline`` for one public call of a client, however many
requests that takes. Only a GET is sent again, once, and only when the connection failed: a time-out has already
used up the patience of the resident, and a write may have been done.

The log has the back end, method, path, status and milliseconds. Never the query, nor what is filled into a path:
they hold postcodes and keys.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from actions.backends.errors import BackendNonsense, BackendRejected, BackendUnavailable, NotAllowed, NotFound

logger = logging.getLogger(__name__)

Reader = Callable[[bytes], Any]  # what a body says; ValueError if it cannot be read
LONGEST_DESCRIPTION = 300
_REFUSALS = {401: NotAllowed, 403: NotAllowed, 404: NotFound}
_FORM = "application/x-www-form-urlencoded; charset=utf-8"


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds: for one request, and for one public call with all of its requests."""

    timeout: float
    deadline: float


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """One set of trusted certificates for all clients: reading them takes longer than a call."""
    return httpx.create_ssl_context()


class Http:
    """Requests to one back end, in JSON if nothing else is said. The connections stay open until ``close``."""

    def __init__(self, name: str, base_url: str, patience: Patience, headers: Mapping[str, str] | None = None) -> None:
        self.name = name
        self._patience = patience
        # httpx logs whole URLs, and ours hold postcodes and API keys.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        # The time limits are asyncio's (below): httpx's own count each read anew, so a trickle never ends.
        self._client = httpx.AsyncClient(base_url=base_url, headers=headers, timeout=None, verify=_trust())

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    @asynccontextmanager
    async def call(self) -> AsyncIterator[None]:
        """Everything inside is one public call, and together it takes no longer than the deadline."""
        try:
            async with asyncio.timeout(self._patience.deadline):
                yield
        except TimeoutError:
            raise BackendUnavailable(self.name, "deadline") from None

    async def get(
        self, path: str, params: Mapping[str, str] | None = None, read: Reader = json.loads, **parts: str
    ) -> Any:
        """What is at ``path``; sent once more if the connection failed. ``parts`` fill the path's ``{names}``."""
        try:
            response = await self._send("GET", path, parts, params=params)
        except httpx.TransportError:
            response = await self._last_try("GET", path, parts, params=params)
        return self._read(response, read)

    async def post(self, path: str, body: Mapping[str, Any], key: str) -> Any:
        """The JSON answer to a write; ``key`` makes doing it again harmless."""
        headers = {"Idempotency-Key": key}
        return self._read(await self._last_try("POST", path, {}, json=body, headers=headers), json.loads)

    async def post_form(self, path: str, fields: Sequence[tuple[str, str]], key: str, read: Reader) -> Any:
        """The answer to a form that is sent; ``key`` as in ``post``."""
        headers = {"Idempotency-Key": key, "Content-Type": _FORM}
        return self._read(await self._last_try("POST", path, {}, content=urlencode(fields), headers=headers), read)

    async def _last_try(self, method: str, path: str, parts: Mapping[str, str], **rest: Any) -> httpx.Response:
        try:
            return await self._send(method, path, parts, **rest)
        except httpx.TransportError as error:
            raise BackendUnavailable(self.name, type(error).__name__) from error

    async def _send(self, method: str, path: str, parts: Mapping[str, str], **rest: Any) -> httpx.Response:
        filled = path.format_map({name: quote(value, safe="") for name, value in parts.items()}) if parts else path
        started = perf_counter()
        outcome = "no answer"
        try:
            async with asyncio.timeout(self._patience.timeout):
                response = await self._client.request(method, filled, **rest)
            outcome = str(response.status_code)
            return response
        except TimeoutError:
            outcome = "timeout"
            raise BackendUnavailable(self.name, "timeout") from None
        except httpx.DecodingError as error:
            raise BackendNonsense(self.name, "encoding") from error
        finally:
            took = round((perf_counter() - started) * 1000)
            logger.info("backend=%s %s %s -> %s in %d ms", self.name, method, path, outcome, took)

    def _read(self, response: httpx.Response, read: Reader) -> Any:
        status = response.status_code
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= 500:
            raise BackendUnavailable(self.name, f"status {status}")
        if status >= 400:
            code, description = _problem(response.content, read)
            refusal = _REFUSALS.get(status, BackendRejected)
            raise refusal(self.name, code or f"status_{status}", description)
        if status >= 300:
            raise BackendNonsense(self.name, f"status {status}")
        try:
            return read(response.content)
        except (ValueError, RecursionError):
            raise BackendNonsense(self.name, "unreadable") from None


def _problem(content: bytes, read: Reader) -> tuple[str, str]:
    """Code and description of a refusal: Pay's and ours are an object, Open311's a list, OS's under ``error``.

    Of a list the first code and all descriptions. A description may be shown to residents: it is one line, and short.
    """
    try:
        body = read(content)
    except (ValueError, RecursionError):
        return "", ""
    problems = [_one_problem(each) for each in (body if isinstance(body, list) else [body])]
    code = problems[0][0] if problems else ""
    description = " ".join(" ".join(text for _, text in problems).split())
    if len(description) > LONGEST_DESCRIPTION:
        description = description[: LONGEST_DESCRIPTION - 3].rstrip() + "..."
    return code, description


def _one_problem(body: Any) -> tuple[str, str]:
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        body = body["error"]
    if not isinstance(body, dict):
        return "", ""
    code = body.get("code", body.get("statuscode")) or ""
    return str(code), str(body.get("description", body.get("message")) or "")
