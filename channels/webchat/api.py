"""The web chat's interface for programs: HTTP and JSON over ``Chat``. The contract is docs/webchat-api.md.

Errors are problem details (RFC 9457): every route is guarded, so that none of them ever answers with a 500. The
token travels in a cookie (RFC 6265) or as a bearer token (RFC 6750), which counts where both are given.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from sanic import Blueprint, Sanic
from sanic.exceptions import MethodNotSupported, NotFound, PayloadTooLarge, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot.settings import settings
from bot.store.conversations import Conversation
from bot.store.messages import Message
from channels.messages import Problem
from channels.webchat import render
from channels.webchat.chat import Chat, Page
from channels.webchat.codec import parse_message, parse_read
from channels.webchat.forms import is_from_us
from channels.webchat.words import words

logger = logging.getLogger(__name__)

COOKIE = "chat"
ROOT = "/webchat/"
NO_STORE = {"Cache-Control": "no-store"}
Handler = Callable[[Request], Awaitable[HTTPResponse]]


def add_routes(blueprint: Blueprint, chat: Chat) -> None:
    """Add the interface's routes to a blueprint that is mounted at the root."""

    async def open_session(request: Request) -> HTTPResponse:
        _check_origin(request)
        token, _ = await chat.open(request.ip)
        return set_cookie(json({"token": token, "cursor": 0}, 201, NO_STORE), token)

    async def send(request: Request) -> HTTPResponse:
        conversation = await _find(chat, request)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Problem("unsupported")
        posted = parse_message(request.body)
        await chat.send(conversation, posted.id, posted.text, posted.choice, network=request.ip)
        return json({"id": posted.id}, 202, NO_STORE)

    async def read(request: Request) -> HTTPResponse:
        conversation = await _find(chat, request)
        after, wait = parse_read(request.args.get("after", ""), request.args.get("wait", ""))
        return json(_page(await chat.read(conversation, after, wait)), 200, NO_STORE)

    async def end(request: Request) -> HTTPResponse:
        await chat.end(await _find(chat, request))
        return drop_cookie(empty(204, NO_STORE))

    async def health(request: Request) -> HTTPResponse:
        agent = getattr(request.app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            raise Problem("unavailable")
        return json({"status": "ok", "model": agent.model_id}, 200, NO_STORE)

    routes: tuple[tuple[str, str, Handler], ...] = (
        ("POST", "sessions", open_session),
        ("POST", "messages", send),
        ("GET", "messages", read),
        ("POST", "end", end),
        ("GET", "health", health),
    )
    for method, path, handler in routes:
        name = f"api_{handler.__name__}"
        blueprint.add_route(_guarded(handler), ROOT + path, methods=[method], name=name)


def add_error_handler(app: Sanic) -> None:
    """Answer what never reaches a route (unknown path, wrong method, huge body) as a problem too."""

    async def refuse(request: Request, error: SanicException) -> HTTPResponse:
        if not request.path.startswith(ROOT):
            return app.error_handler.default(request, error)
        kinds = {NotFound: "not_found", MethodNotSupported: "not_allowed", PayloadTooLarge: "too_large"}
        answer = problem(Problem(kinds.get(type(error), "bad_request")))
        answer.headers.update(getattr(error, "headers", None) or {})  # Allow, with a 405
        return answer

    app.exception(SanicException)(refuse)


def set_cookie(response: HTTPResponse, token: str) -> HTTPResponse:
    """Give the browser the token, out of reach of scripts and of other sites' forms."""
    response.cookies[COOKIE] = token
    response.cookies[COOKIE].update({"path": "/", "httponly": True, "samesite": "Lax"})
    if settings().secure_cookies:
        response.cookies[COOKIE]["secure"] = True
    return response


def drop_cookie(response: HTTPResponse) -> HTTPResponse:
    set_cookie(response, "")
    response.cookies[COOKIE]["max-age"] = 0
    return response


def problem(refused: Problem) -> HTTPResponse:
    """A problem as problem+json, with a sentence for people."""
    body = {
        "type": f"/webchat/problems/{refused.kind}",
        "title": HTTPStatus(refused.status).phrase,
        "status": refused.status,
        "detail": words().problem(refused.kind),
    }
    headers = dict(NO_STORE)
    if refused.retry_after is not None:
        headers["Retry-After"] = str(refused.retry_after)
    if refused.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return json(body, refused.status, headers, content_type="application/problem+json")


def _guarded(handler: Handler) -> Handler:
    @wraps(handler)
    async def guarded(request: Request) -> HTTPResponse:
        try:
            return await handler(request)
        except Problem as refused:
            return problem(refused)
        except Exception:  # most likely the database: what was asked may be asked again
            logger.exception("%s %s failed", request.method, request.path)
            return problem(Problem("unavailable", retry_after=5))

    return guarded


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def _find(chat: Chat, request: Request) -> Conversation:
    bearer = _bearer(request)
    if bearer is not None:
        return await chat.find(bearer)
    if request.method == "POST":
        _check_origin(request)
    return await chat.find(request.cookies.get(COOKIE))


def _check_origin(request: Request) -> None:
    """Another site's page must not act with a resident's cookie."""
    if not is_from_us(request.headers, {request.host, urlsplit(settings().public).netloc}):
        raise Problem("forbidden")


def _page(page: Page) -> dict[str, Any]:
    state = {"owner": page.owner, "busy": page.busy, "ended": page.ended}
    return {"messages": [_message(said) for said in page.messages], "cursor": page.cursor, "state": state}


def _message(said: Message) -> dict[str, Any]:
    return {
        "seq": said.seq,
        "from": said.sender,
        "text": said.text,
        "html": render.html(said.sender, said.text),
        "choices": [{"id": choice.id, "title": choice.title} for choice in said.choices],
        "at": said.at.isoformat(),
    }
