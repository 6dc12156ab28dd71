"""What can be done with a chat besides talking: keep a copy, rate it, end it. Pages and forms only."""

from __future__ import annotations

import asyncio
import hashlib

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, redirect, text

from bot.network import network_of
from bot.secrets import secret
from bot.store import turns
from bot.store.conversations import Session
from bot.store.messages import RESIDENT
from bot.text.emails import find_emails
from channels.mail import Mail, MailRefused, MailUnavailable
from channels.messages import Problem
from channels.webchat import cookies, language, view
from channels.webchat.chat import Chat
from channels.webchat.limits import take
from channels.webchat.origin import address_of
from channels.webchat.pages import Pages, see_other, with_retry

# Of whom nothing is ever sent to a mailbox that somebody else may read.
UNSAFE_BY_EMAIL = frozenset(("domestic_abuse",))


def add_routes(blueprint: Blueprint, chat: Chat, pages: view.View, mail: Mail) -> None:
    """Add the pages and their forms."""
    leaving = Leaving(chat, pages, mail)
    for path, methods, handler in (
        ("/chat/save", ["GET"], leaving.save),
        ("/chat/transcript.txt", ["GET"], leaving.as_text),
        ("/chat/transcript.html", ["GET"], leaving.as_html),
        ("/chat/email", ["POST"], leaving.email),
        ("/chat/rate", ["GET"], leaving.ask_rating),
        ("/chat/rate", ["POST"], leaving.rate),
        ("/chat/end", ["GET"], leaving.ask_end),
        ("/chat/end", ["POST"], leaving.end),
        ("/chat/ended", ["GET"], leaving.ended),
    ):
        name = f"leaving_{handler.__name__}"
        blueprint.add_route(leaving.guarded(handler), path, methods=methods, name=name)


class Leaving(Pages):
    """The handlers."""

    def __init__(self, chat: Chat, pages: view.View, mail: Mail) -> None:
        super().__init__(chat, pages)
        self._mail = mail

    async def save(self, request: Request, problem: Problem | None = None, email: str = "") -> HTTPResponse:
        """The ways to keep a copy."""
        session = await self.find(request)
        response = self.view.page(
            "save.html",
            request,
            problem.status if problem else 200,
            has_chat=session is not None,
            may_email=session is not None and await self._may_email(session),
            sent=request.args.get("sent") == "yes",
            problem=language.spoken(request).problem(problem.kind) if problem else "",
            email=email,
        )
        return with_retry(response, problem) if problem else response

    async def as_text(self, request: Request) -> HTTPResponse:
        """The chat as a text file to keep."""
        page = await self.chat.whole(await self.found(request))
        body = view.transcript(page, language.spoken(request), self.chat.now())
        return text(body, headers=_download(request, "txt"))

    async def as_html(self, request: Request) -> HTTPResponse:
        """The chat as a web page to keep."""
        page = await self.chat.whole(await self.found(request))
        shown = view.show(page, language.spoken(request))
        saved_at = view.moment(self.chat.now())
        body = self.view.text("transcript.html", request, shown=shown, saved_at=saved_at)
        return html(body, headers=_download(request, "html"))

    async def email(self, request: Request) -> HTTPResponse:
        """Send the chat to an address that the resident types."""
        form = self.read_form(request)
        session = await self.found(request)
        typed = form.get("email", "").strip()
        try:
            await self._send_copy(request, session, typed)
        except Problem as problem:
            return await self.save(request, problem, typed)
        return see_other("/chat/save?sent=yes")

    async def _send_copy(self, request: Request, session: Session, typed: str) -> None:
        found = find_emails(typed)
        if len(found) != 1 or (found[0].start, found[0].end) != (0, len(typed)) or not await self._may_email(session):
            raise Problem("bad_email")
        page = await self.chat.whole(session)
        if not any(message.sender == RESIDENT for message in page.messages):
            raise Problem("empty")  # nobody is sent what nobody said
        take(self.chat.limits.emails, session.id)
        take(self.chat.limits.recipients, _known_again(typed))
        take(self.chat.limits.network_emails, network_of(address_of(request)))
        said = language.spoken(request)
        body = view.transcript(page, said, self.chat.now())
        try:
            await asyncio.to_thread(self._mail.send, typed, said["transcript"]["title"], body, session.id)
        except MailRefused as refused:
            raise Problem("bad_email" if refused.code == "ValidationError" else "email_failed") from None
        except MailUnavailable:
            raise Problem("email_failed") from None

    async def _may_email(self, session: Session) -> bool:
        signals = await asyncio.to_thread(turns.safety_signals, self.chat.db, session.id)
        return not signals & UNSAFE_BY_EMAIL

    async def ask_rating(self, request: Request) -> HTTPResponse:
        if await self._rated(request) is None:
            return redirect("/")
        return self._rating_page(request)

    async def rate(self, request: Request) -> HTTPResponse:
        """Keep a rating, of the chat that is open or of one that was just ended."""
        form = self.read_form(request)
        conversation_id = await self._rated(request)
        if conversation_id is None:
            raise Problem("no_session")
        try:
            await self.chat.rate(conversation_id, form.get("score", ""), form.get("comment", ""))
        except Problem as problem:
            return self._rating_page(request, problem, form)
        said = language.spoken(request)
        link = said["page"]["back"] if await self.find(request) else said["ended"]["again"]
        return self.view.notice(request, said["rate"]["thanks_title"], [said["rate"]["thanks"]], link)

    def _rating_page(
        self, request: Request, problem: Problem | None = None, form: dict[str, str] | None = None
    ) -> HTTPResponse:
        given = {"score": (form or {}).get("score", ""), "comment": (form or {}).get("comment", "")}
        return self.view.page(
            "rate.html",
            request,
            problem.status if problem else 200,
            has_ended=False,
            may_rate=True,
            problem=language.spoken(request).problem(problem.kind) if problem else "",
            is_score=problem is not None and problem.kind == "bad_rating",
            given=given,
        )

    async def _rated(self, request: Request) -> str | None:
        """The conversation that this browser may rate: the open one, or else the one that it ended."""
        session = await self.find(request)
        return session.id if session else cookies.may_rate(request)

    async def ask_end(self, request: Request) -> HTTPResponse:
        if await self.find(request) is None:
            return redirect("/")
        return self.view.page("end.html", request)

    async def end(self, request: Request) -> HTTPResponse:
        """End the chat, after the question of ``ask_end`` was answered."""
        self.read_form(request)
        ended = await self.chat.end(*cookies.tokens(request))
        response = cookies.drop_session(see_other("/chat/ended"))
        if ended:
            cookies.let_rate(response, ended[0], cookies.is_framed(request))
        return response

    async def ended(self, request: Request) -> HTTPResponse:
        """What happened, and the question how it was."""
        self.chat.require_on()
        may_rate = cookies.may_rate(request) is not None
        given = {"score": "", "comment": ""}
        return self.view.page("rate.html", request, has_ended=True, may_rate=may_rate, given=given, is_score=False)


def _known_again(address: str) -> str:
    """The key of an address in the limits, which does not tell it."""
    return hashlib.blake2b(address.lower().encode(), key=secret().encode()[:64], digest_size=16).hexdigest()


def _download(request: Request, suffix: str) -> dict[str, str]:
    name = language.spoken(request)["transcript"]["file"]
    return view.headers() | {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
