"""The web chat's interface for programs: HTTP and JSON over ``Chat``. The contract is docs/webchat-api.md.

Every route is guarded (problems.py), so that none of them ever answers with a 500. The token travels in a cookie
(RFC 6265) or as a bearer token (RFC 6750), which counts where both are given.
"""

from __future__ import annotations

import asyncio

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot.store import uploads
from bot.store.conversations import Session
from bot.uploads import receiving
from channels.messages import Problem
from channels.webchat import cookies, events, files, language, shape
from channels.webchat.arrivals import Arrivals
from channels.webchat.chat import Chat
from channels.webchat.codec import parse_message, parse_rating, parse_read
from channels.webchat.limits import take
from channels.webchat.origin import address_of, check_origin
from channels.webchat.problems import NO_STORE, ROOT, Handler, as_problems, guarded


def add_routes(blueprint: Blueprint, chat: Chat, arrivals: Arrivals) -> None:
    """Add the interface's routes to a blueprint that is mounted at the root."""

    def tokens_of(request: Request) -> tuple[str, ...]:
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return (bearer.strip(),)
        if request.method == "POST":
            check_origin(request)
        return cookies.tokens(request)

    async def find(request: Request) -> Session:
        return await chat.find(*tokens_of(request))

    async def open_session(request: Request) -> HTTPResponse:
        check_origin(request)
        token, _ = await chat.open(address_of(request), language.spoken(request).language)
        answer = json({"token": token, "cursor": 0}, 201, NO_STORE)
        return cookies.set_session(answer, token, cookies.is_framed(request))

    async def send(request: Request) -> HTTPResponse:
        session = await find(request)
        _require(request, "application/json")
        posted = parse_message(request.body)
        if posted.location is not None:
            await arrivals.locate(session, posted.id, posted.location, address_of(request))
        else:
            await chat.send(session, posted.id, posted.text, posted.choice, address_of(request))
        return json({"id": posted.id}, 202, NO_STORE)

    async def upload(request: Request) -> HTTPResponse:
        receiving.begin(request)
        session = await find(request)
        _require(request, "multipart/form-data")
        async with arrivals.expect(session, address_of(request)):
            with as_problems():
                fields, file = await receiving.receive(request)
            if file is None:
                raise Problem("bad_request")
            await arrivals.upload(session, fields.get("id", ""), file.data)
        return json({"id": fields["id"]}, 202, NO_STORE)

    async def fetch(request: Request, upload_id: str) -> HTTPResponse:
        """A file of the conversation. A document is saved and not opened: a frame has no place to show it."""
        session = await find(request)
        take(chat.limits.reads, session.id)
        sent = await asyncio.to_thread(uploads.by_id, chat.db, upload_id)
        answer = await files.shown(sent) if sent and sent.conversation_id == session.id else None
        if answer is None:
            raise Problem("not_found")
        answer.headers["Content-Disposition"] = "attachment"
        return answer

    async def read(request: Request) -> HTTPResponse:
        session = await find(request)
        after, wait = parse_read(request.args.get("after", ""), request.args.get("wait", ""))
        known, _ = parse_read(request.args.get("known", ""), "")
        page = await chat.read(session, after, wait, known if request.args.get("known") else None)
        return json(shape.page_of(page, chat.now()), 200, NO_STORE)

    async def keep(request: Request) -> HTTPResponse:
        await chat.keep_open(await find(request))
        return empty(204, NO_STORE)

    async def stop_waiting(request: Request) -> HTTPResponse:
        return json({"owner": await chat.stop_waiting(await find(request))}, 200, NO_STORE)

    async def seen(request: Request) -> HTTPResponse:
        cursor, _ = parse_read(request.args.get("cursor", ""), "")
        await chat.attend(await find(request), cursor, leaves=request.args.get("leaves") == "1")
        return empty(204, NO_STORE)

    async def typing(request: Request) -> HTTPResponse:
        cursor, _ = parse_read(request.args.get("cursor", ""), "")
        await chat.attend(await find(request), cursor, is_typing=True)
        return empty(204, NO_STORE)

    async def rate(request: Request) -> HTTPResponse:
        session = await find(request)
        _require(request, "application/json")
        await chat.rate(session.id, *parse_rating(request.body))
        return empty(204, NO_STORE)

    async def end(request: Request) -> HTTPResponse:
        ended = await chat.end(*tokens_of(request))
        if request.args.get("leave") == "1":  # the quick exit: whatever there was, nothing of it stays
            return cookies.leave_nothing(empty(204, NO_STORE))
        if not ended:
            raise Problem("no_session")
        answer = cookies.drop_session(empty(204, NO_STORE))
        cookies.let_rate(answer, ended[0], cookies.is_framed(request))
        return answer

    async def health(request: Request) -> HTTPResponse:
        agent = getattr(request.app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            raise Problem("unavailable")
        return json({"status": "ok", "model": agent.model_id}, 200, NO_STORE)

    routes: tuple[tuple[str, str, Handler], ...] = (
        ("POST", "sessions", open_session),
        ("POST", "messages", send),
        ("GET", "messages", read),
        ("GET", "events", events.handler_of(chat, find, address_of)),
        ("POST", "uploads", upload),
        ("GET", "uploads/<upload_id:str>", fetch),
        ("POST", "keep", keep),
        ("POST", "stop-waiting", stop_waiting),
        ("POST", "seen", seen),
        ("POST", "typing", typing),
        ("POST", "rating", rate),
        ("POST", "end", end),
        ("GET", "health", health),
    )
    for method, path, handler in routes:
        name = f"api_{handler.__name__}"
        # Of an upload the body is read by the handler, once it knows the sender.
        blueprint.add_route(guarded(handler), ROOT + path, methods=[method], name=name, stream=path == "uploads")


def _require(request: Request, content_type: str) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != content_type:
        raise Problem("unsupported")
