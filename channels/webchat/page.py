"""The chat page: the whole chat as plain pages and forms, so that it works where no script runs.

It follows post/redirect/get: a form's answer is a redirect to the page, so that reloading sends nothing again.
The script in static/ upgrades the same page to the interface of api.py and falls back to these forms.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import urlsplit

from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, redirect, text

from bot.clock import now
from bot.council import council
from bot.settings import settings
from bot.store.conversations import Conversation
from channels.messages import Problem
from channels.webchat import api, forms, view
from channels.webchat.assets import PREFIX, Assets
from channels.webchat.chat import Chat
from channels.webchat.colours import stylesheet
from channels.webchat.words import words

logger = logging.getLogger(__name__)

WAIT = 8.0  # a turn ends within 6 s; whoever waits longer is shown a button that looks again
LATEST = "/#latest"
Handler = Callable[[Request], Awaitable[HTTPResponse]]


def add_routes(blueprint: Blueprint, chat: Chat) -> None:
    """Add the page, its forms and its files."""
    assets = Assets({"council.css": stylesheet(council().identity.colour)})
    pages = Pages(chat, view.View(assets))
    for path, methods, handler in (
        ("/", ["GET"], pages.show),
        ("/chat", ["POST"], pages.send),
        ("/chat/refresh", ["GET"], pages.refresh),
        ("/chat/end", ["GET"], pages.ask_end),
        ("/chat/end", ["POST"], pages.end),
        ("/chat/ended", ["GET"], pages.ended),
        ("/chat/privacy", ["GET"], pages.privacy),
        ("/chat/transcript.txt", ["GET"], pages.transcript),
    ):
        name = f"page_{handler.__name__}"
        blueprint.add_route(pages.guarded(handler), path, methods=methods, name=name)
    _add_files(blueprint, assets)


def _add_files(blueprint: Blueprint, assets: Assets) -> None:
    @blueprint.get(f"{PREFIX}<name:str>", name="page_file")
    async def file(request: Request, name: str) -> HTTPResponse:
        return assets.answer(request, name)

    @blueprint.get("/favicon.ico", name="page_favicon")
    async def favicon(_request: Request) -> HTTPResponse:
        return redirect(assets.url("icon.svg"))


class Pages:
    """The handlers, with what they share."""

    def __init__(self, chat: Chat, pages: view.View) -> None:
        self._chat = chat
        self._view = pages

    def guarded(self, handler: Handler) -> Handler:
        """Every problem ends in a page with a sentence, and every browser has a form cookie."""

        @wraps(handler)
        async def guard(request: Request) -> HTTPResponse:
            request.ctx.cookie = request.cookies.get(forms.COOKIE) or forms.new_cookie()
            try:
                response = await handler(request)
            except Problem as problem:
                response = self._refuse(request, problem)
            except SanicException:
                raise
            except Exception:
                logger.exception("The page could not be made")
                response = self._refuse(request, Problem("unavailable"))
            if forms.COOKIE not in request.cookies:
                _set_form_cookie(response, request.ctx.cookie)
            return response

        return guard

    def _refuse(self, request: Request, problem: Problem) -> HTTPResponse:
        said = words()
        sentence = said.problem(problem.kind)
        title, link = said["problems"]["title"], said["page"]["back"]
        response = self._view.notice(request.ctx.cookie, title, [sentence], link, problem.status)
        if problem.retry_after:
            response.headers["Retry-After"] = str(problem.retry_after)
        return response

    async def _find(self, request: Request) -> Conversation | None:
        try:
            return await self._chat.find(request.cookies.get(api.COOKIE))
        except Problem as problem:
            if problem.kind != "no_session":
                raise
            return None

    async def show(
        self,
        request: Request,
        conversation: Conversation | None = None,
        problem: Problem | None = None,
        typed: str = "",
    ) -> HTTPResponse:
        """The chat; beside the box what was wrong with what was typed, which is kept."""
        conversation = conversation or await self._find(request)
        page = await self._chat.read(conversation) if conversation else None
        response = self._view.page(
            "chat.html",
            request.ctx.cookie,
            problem.status if problem else 200,
            page=page,
            shown=view.show(page) if page else [],
            problem=words().problem(problem.kind) if problem else "",
            text=typed,
        )
        if problem and problem.retry_after:
            response.headers["Retry-After"] = str(problem.retry_after)
        return response

    async def send(self, request: Request) -> HTTPResponse:
        """Take a message, wait a while for its answer, and show both."""
        form = forms.read_form(request.headers, request.body)
        typed, choice = form.get("text"), form.get("choice")
        conversation = token = None
        try:
            _check_origin(request, form)
            conversation = await self._find(request)
            if conversation is None:
                token, conversation = await self._chat.open(request.ip)
            await self._chat.send(conversation, form.get("message_id", ""), typed, choice, request.ip)
            await self._chat.answered(conversation, WAIT)
            response = redirect(LATEST, status=303)
        except Problem as problem:
            response = await self.show(request, conversation, problem, typed or "")
        if token:
            api.set_cookie(response, token)
        return response

    async def refresh(self, _request: Request) -> HTTPResponse:
        return redirect(LATEST, status=303)

    async def ask_end(self, request: Request) -> HTTPResponse:
        if await self._find(request) is None:
            return redirect("/")
        return self._view.page("end.html", request.ctx.cookie)

    async def end(self, request: Request) -> HTTPResponse:
        """End the chat, after the question of ``ask_end`` was answered."""
        _check_origin(request, forms.read_form(request.headers, request.body))
        conversation = await self._find(request)
        if conversation is not None:
            await self._chat.end(conversation)
        response = redirect("/chat/ended", status=303)
        return api.drop_cookie(response)

    async def ended(self, request: Request) -> HTTPResponse:
        said = words()["ended"]
        return self._view.notice(request.ctx.cookie, said["title"], [said["text"]], said["again"])

    async def privacy(self, request: Request) -> HTTPResponse:
        said = words()
        privacy = said["privacy"]
        return self._view.notice(request.ctx.cookie, privacy["title"], privacy["paragraphs"], said["page"]["back"])

    async def transcript(self, request: Request) -> HTTPResponse:
        """The chat as a text file to keep."""
        conversation = await self._chat.find(request.cookies.get(api.COOKIE))
        body = view.transcript(await self._chat.read(conversation), now())
        name = words()["transcript"]["file"]
        return text(body, headers=view.HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'})


def _set_form_cookie(response: HTTPResponse, value: str) -> None:
    response.cookies[forms.COOKIE] = value
    response.cookies[forms.COOKIE].update({"path": "/", "httponly": True, "samesite": "Lax"})
    if settings().secure_cookies:
        response.cookies[forms.COOKIE]["secure"] = True


def _check_origin(request: Request, form: dict[str, str]) -> None:
    hosts = {request.host, urlsplit(settings().public).netloc}
    forms.check_origin(request.cookies.get(forms.COOKIE), form.get("form_token", ""), request.headers, hosts)
