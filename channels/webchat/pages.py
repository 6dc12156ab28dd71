"""What the pages of the chat share: every problem ends in a page, every form is ours, every browser has its cookies."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import wraps

from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.store.conversations import Session
from bot.store.engine import OutOfReach
from channels.messages import Problem
from channels.webchat import cookies, forms, language
from channels.webchat.chat import Chat
from channels.webchat.origin import our_hosts
from channels.webchat.view import View

logger = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[HTTPResponse]]


class Pages:
    """A group of pages over one chat."""

    def __init__(self, chat: Chat, view: View) -> None:
        self.chat = chat
        self.view = view

    def guarded(self, handler: Handler) -> Handler:
        """Every problem ends in a page with a sentence, and every browser has a form cookie."""

        @wraps(handler)
        async def guard(request: Request) -> HTTPResponse:
            known = _remember_cookie(request)
            try:
                response = await handler(request)
            except Problem as problem:
                response = self.refuse(request, problem)
            except SanicException:
                raise
            except OutOfReach:
                logger.error("%s: the ledger is out of reach", request.path)
                response = self.refuse(request, Problem("unavailable"))
            except Exception:
                logger.exception("The page could not be made")
                response = self.refuse(request, Problem("unavailable"))
            framed = cookies.is_framed(request)
            if known is None:
                cookies.set_form_cookie(response, request.ctx.cookie, framed)
            chosen = language.chosen(request)
            if chosen:
                cookies.set_cookie(response, cookies.LANGUAGE, chosen, framed, cookies.LANGUAGE_SECONDS)
            return response

        return guard

    def refuse(self, request: Request, problem: Problem) -> HTTPResponse:
        """A page of its own for a problem; for a chat that is switched off the ways to reach the council."""
        _remember_cookie(request)
        said = language.spoken(request)
        if problem.kind == "switched_off":
            off = said["off"]
            return self.view.notice(request, off["title"], [off["text"]], off["again"], problem.status, is_off=True)
        title, link = said["problems"]["title"], said["page"]["back"]
        response = self.view.notice(request, title, [said.problem(problem.kind)], link, problem.status)
        return with_retry(response, problem)

    async def find(self, request: Request) -> Session | None:
        """The conversation of this browser, if it has one."""
        try:
            return await self.chat.find(*cookies.tokens(request))
        except Problem as problem:
            if problem.kind != "no_session":
                raise
            return None

    async def found(self, request: Request) -> Session:
        """The conversation of this browser; Problem no_session if it has none."""
        return await self.chat.find(*cookies.tokens(request))

    def read_form(self, request: Request) -> dict[str, str]:
        """The fields of a form, which was ours. Raises Problem otherwise."""
        form = forms.read_form(request.headers, request.body)
        self.check_form(request, form)
        return form

    def check_form(self, request: Request, form: dict[str, str]) -> None:
        """Raises Problem forbidden unless the form was made for this browser and sent from our page."""
        forms.check_origin(
            cookies.form_cookie(request), form.get("form_token", ""), request.headers, our_hosts(request)
        )


def _remember_cookie(request: Request) -> str | None:
    """The form cookie that the browser has; ``request.ctx.cookie`` is that, or one to be given to it."""
    known = cookies.form_cookie(request)
    if not hasattr(request.ctx, "cookie"):
        request.ctx.cookie = known or forms.new_cookie()
    return known


def see_other(path: str) -> HTTPResponse:
    """Send the browser on to a page to be read with GET, so that reloading sends nothing again."""
    return redirect(path, status=303)


def with_retry(response: HTTPResponse, problem: Problem) -> HTTPResponse:
    """The answer, with the seconds after which to try again where the problem has some."""
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response
