"""The chat page: the whole chat as plain pages and forms, so that it works where no script runs.

It follows post/redirect/get: a form's answer is a redirect to the page, so that reloading sends nothing again.
The script in static/ upgrades the same page to the interface of api.py and falls back to these forms.
"""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.handover import ASSISTANT, STAFF
from bot.store.conversations import Session
from bot.text.redaction import withheld
from bot.uploads import receiving
from channels.messages import Problem
from channels.webchat import cookies, forms, labels, language, view
from channels.webchat.arrivals import Arrivals
from channels.webchat.chat import MAX_LENGTH, NEWEST, Chat, Page
from channels.webchat.origin import address_of, check_origin
from channels.webchat.pages import Pages, see_other, with_retry
from channels.webchat.problems import as_problems

WAIT = 8.0  # a turn ends within 6 s; whoever waits longer is shown a button that looks again
LATEST = "/#latest"


def add_routes(blueprint: Blueprint, chat: Chat, arrivals: Arrivals, pages: view.View) -> None:
    """Add the page and its forms."""
    page = ChatPage(chat, arrivals, pages)
    for path, methods, handler in (
        ("/", ["GET"], page.show),
        ("/chat", ["POST"], page.send),
        ("/chat/upload", ["POST"], page.upload),
        ("/chat/refresh", ["GET"], page.refresh),
        ("/chat/keep", ["POST"], page.keep),
        ("/chat/stop-waiting", ["POST"], page.stop_waiting),
        ("/chat/privacy", ["GET"], page.privacy),
    ):
        name = f"page_{handler.__name__}"
        is_stream = path == "/chat/upload"  # the handler reads the body, once it knows the sender
        blueprint.add_route(page.guarded(handler), path, methods=methods, name=name, stream=is_stream)


class ChatPage(Pages):
    """The handlers."""

    def __init__(self, chat: Chat, arrivals: Arrivals, pages: view.View) -> None:
        super().__init__(chat, pages)
        self._arrivals = arrivals

    async def show(
        self,
        request: Request,
        session: Session | None = None,
        problem: Problem | None = None,
        typed: str = "",
        is_upload: bool = False,
    ) -> HTTPResponse:
        """The chat; beside the box what was wrong with what was typed, which is kept."""
        self.chat.require_on()
        session = session or await self.find(request)
        page = await self._read(request, session) if session else None
        said = language.spoken(request)
        response = self.view.page(
            "chat.html",
            request,
            problem.status if problem else 200,
            page=page,
            shown=view.show(page, said),
            standing=labels.standing(page.state, said) if page else "",
            closes_at=view.time_of(page.state.expires_at) if page else "",
            problem=said.problem(problem.kind) if problem else "",
            is_sensitive=problem is not None and problem.kind == "sensitive",
            is_upload=is_upload,
            text=typed,
        )
        return with_retry(response, problem) if problem else response

    async def _read(self, request: Request, session: Session) -> Page:
        """What was said last. Whoever gets the page has seen it; in a frame the script says so, when it is in sight."""
        page = await self.chat.read(session, NEWEST)
        if page.state.owner != ASSISTANT and not cookies.is_framed(request):
            with suppress(Problem):  # such a page is shown also to who asks for it very often
                await self.chat.attend(session, page.cursor)
        return page

    async def send(self, request: Request) -> HTTPResponse:
        """Take a message, wait a while for its answer, and show both."""
        form = forms.read_form(request.headers, request.body)
        typed, choice = form.get("text", ""), form.get("choice")
        session = token = None
        try:
            self.check_form(request, form)
            if choice is None and "sure" not in form and len(typed) <= MAX_LENGTH and withheld(typed)[1]:
                raise Problem("sensitive")
            session = await self.find(request)
            if session is None:
                token, session = await self.chat.open(address_of(request), language.spoken(request).language)
            text = typed if choice is None else None
            await self.chat.send(session, form.get("message_id", ""), text, choice, address_of(request))
            await self.chat.answered(session, WAIT)
            response = see_other(LATEST)
        except Problem as problem:
            if problem.kind == "switched_off":
                raise
            response = await self.show(request, session, problem, typed)
        if token:
            cookies.set_session(response, token, cookies.is_framed(request))
        return response

    async def upload(self, request: Request) -> HTTPResponse:
        """Take a file where a question asks for one."""
        receiving.begin(request)
        check_origin(request)  # the form's own token comes with the file, which is not read for everybody
        session = await self.found(request)
        try:
            async with self._arrivals.expect(session, address_of(request)):
                with as_problems():
                    fields, file = await receiving.receive(request)
                self.check_form(request, fields)
                if file is None or not file.data:
                    raise Problem("no_file")
                await self._arrivals.upload(session, fields.get("message_id", ""), file.data)
        except Problem as problem:
            if problem.kind == "forbidden":
                raise
            return await self.show(request, session, problem, is_upload=problem.kind != "not_wanted")
        await self.chat.answered(session, WAIT)
        return see_other(LATEST)

    async def refresh(self, _request: Request) -> HTTPResponse:
        return redirect(LATEST, status=303)

    async def keep(self, request: Request) -> HTTPResponse:
        """The resident is still there."""
        self.read_form(request)
        await self.chat.keep_open(await self.found(request))
        return see_other(LATEST)

    async def stop_waiting(self, request: Request) -> HTTPResponse:
        """The resident waits for a person no longer, unless one has just joined."""
        self.read_form(request)
        session = await self.found(request)
        if await self.chat.stop_waiting(session) == STAFF:
            said = language.spoken(request)
            title, text = said["page"]["too_late_title"], said["client"]["too_late"]
            return self.view.notice(request, title, [text], said["page"]["back"], HTTPStatus.CONFLICT)
        await self.chat.answered(session, WAIT)
        return see_other(LATEST)

    async def privacy(self, request: Request) -> HTTPResponse:
        said = language.spoken(request)
        return self.view.notice(request, said["privacy"]["title"], said["privacy"]["paragraphs"], said["page"]["back"])
