"""A back end that answers exactly what a test tells it to, over real HTTP on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

from actions.backends.http import Http, Patience
from tests.support.asgi import application, serve

_PATIENCE = Patience(2, 4)


@dataclass
class StandIn:
    """Set ``answer`` (JSON, or bytes as they are), ``status`` and ``delay``; read ``requests`` afterwards."""

    url: str = ""
    answer: Any = None
    status: int = 200
    delay: float = 0
    by_path: dict[str, Any] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    async def __call__(self, request: Request, path: str) -> HTTPResponse:
        self.requests.append(request)
        await asyncio.sleep(self.delay)
        answer = self.by_path.get(request.path, self.answer)
        if callable(answer):
            answer = answer(request)
        return raw(answer, self.status) if isinstance(answer, bytes) else json(answer, self.status)

    def http(self, patience: Patience = _PATIENCE) -> Http:
        """Requests to this stand-in."""
        return Http("test", self.url, patience)


@asynccontextmanager
async def standing_in() -> AsyncIterator[StandIn]:
    """A stand-in that listens until the block ends."""
    standin = StandIn()
    app = application()
    app.add_route(standin.__call__, "/<path:path>", methods=["GET", "POST"], name="all")
    async with serve(app) as url:
        standin.url = url
        yield standin
