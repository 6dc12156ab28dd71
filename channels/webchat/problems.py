"""Problems as problem details (RFC 9457): what every address below /webchat/ answers when it refuses."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from http import HTTPStatus
from typing import Any

from sanic import Sanic
from sanic.exceptions import MethodNotSupported, NotFound, PayloadTooLarge, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.store.engine import OutOfReach
from bot.uploads.refused import Refused
from channels.messages import Problem
from channels.webchat import language

logger = logging.getLogger(__name__)

ROOT = "/webchat/"
NO_STORE = {"Cache-Control": "no-store"}
Handler = Callable[..., Awaitable[HTTPResponse | None]]  # of a request and the parts of its path


def details(request: Request, refused: Problem) -> dict[str, Any]:
    """A problem's body, with a sentence for people in their language."""
    return {
        "type": f"{ROOT}problems/{refused.kind}",
        "title": HTTPStatus(refused.status).phrase,
        "status": refused.status,
        "detail": language.spoken(request).problem(refused.kind),
    }


def problem(request: Request, refused: Problem) -> HTTPResponse:
    """A problem as an answer."""
    headers = dict(NO_STORE)
    if refused.retry_after is not None:
        headers["Retry-After"] = str(refused.retry_after)
    if refused.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    body = details(request, refused)
    return json(body, refused.status, headers, content_type="application/problem+json")


@contextmanager
def as_problems() -> Iterator[None]:
    """Whatever is refused of a file in this block becomes a Problem of the same kind."""
    try:
        yield
    except Refused as refused:
        raise Problem(refused.kind, refused.retry_after) from None


def guarded(handler: Handler) -> Handler:
    """Every problem becomes an answer: no address below /webchat/ ever answers 500."""

    @wraps(handler)
    async def guard(request: Request, **path: str) -> HTTPResponse | None:
        try:
            return await handler(request, **path)
        except Problem as refused:
            return problem(request, refused)
        except SanicException as error:  # such as a body that grows beyond its limit while it is read
            return problem(request, _of(error))
        except OutOfReach:  # a line is enough: every page that is open asks again and again
            logger.error("%s %s: the ledger is out of reach", request.method, request.path)
            return problem(request, Problem("unavailable", retry_after=5))
        except Exception:
            logger.exception("%s %s failed", request.method, request.path)
            return problem(request, Problem("unavailable", retry_after=5))

    return guard


def add_error_handler(app: Sanic, page: Callable[[Request, Problem], HTTPResponse]) -> None:
    """Answer what never reaches a route (unknown path, wrong method, huge body): programs with a problem, people with
    a ``page`` that tells it."""

    async def refuse(request: Request, error: Exception) -> HTTPResponse:
        refused = _of(error)
        if refused.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            logger.error("%s %s failed", request.method, request.path, exc_info=error)
        answer = (problem if request.path.startswith(ROOT) else page)(request, refused)
        answer.headers.update(getattr(error, "headers", None) or {})  # Allow, with a 405
        return answer

    async def one_length(request: Request) -> HTTPResponse | None:
        """A body has one length (RFC 9112, 6.3): where two are told, a proxy may have believed the other one."""
        lengths = request.headers.getall("content-length", [])
        if len(lengths) > 1 or (lengths and "transfer-encoding" in request.headers):
            request.stream.keep_alive = False
            return problem(request, Problem("bad_request"))
        return None

    app.exception(Exception)(refuse)
    app.register_middleware(one_length, "request")


def _of(error: Exception) -> Problem:
    kinds = {NotFound: "not_found", MethodNotSupported: "not_allowed", PayloadTooLarge: "too_large"}
    if isinstance(error, SanicException | ValueError):  # the server's own reading of a request raises ValueError too
        return Problem(kinds.get(type(error), "bad_request"))
    return Problem("unavailable", retry_after=5)
