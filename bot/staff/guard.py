"""What stands before and after every route: who it is, whether they may, whether the form is ours, and headers.

It fails closed: a route that permissions.py does not name is refused, whoever asks.
"""

from __future__ import annotations

import asyncio
import logging
import traceback

from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import json

from bot.notices import told
from bot.staff import forms, pages
from bot.staff.permissions import PUBLIC, SIGNED_IN, required
from bot.staff.state import State, state_of
from bot.store import accounts, switches
from bot.store.accounts import Account
from bot.store.switches import Switch
from bot.uploads.refused import Refused

logger = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def install(app: Sanic) -> None:
    """Put the guard before every route of ``app``."""
    app.register_middleware(_check, "request")
    app.register_middleware(_finish, "response")
    app.error_handler.add(Exception, _explain)


async def _check(request: Request) -> HTTPResponse | None:
    """Let the request through (None) or answer it here."""
    _forget(request)
    if request.route is None:  # nothing there: _explain answers
        return None
    try:
        return await _admit(request)
    except Refused as refused:
        return _not_taken(request, refused)


async def _admit(request: Request) -> HTTPResponse | None:
    forms.expect(request)
    await _recognise(request)
    needed = required(request.method, request.route.path)
    if needed is None:
        logger.error("no permission is declared for the route %s", request.route.name)
        return pages.problem(request, "forbidden", 403)
    if needed != PUBLIC and (refusal := _refuse(request, needed)):
        return refusal
    if request.method == "POST":
        await forms.receive(request)
        if not forms.is_genuine(request):
            return pages.problem(request, "old_form", 403)
    return None


def _not_taken(request: Request, refused: Refused) -> HTTPResponse:
    """What was sent was not read to its end, so that nothing of it can be shown again."""
    status, sentence = 413 if refused.kind == "too_large" else 400, told(refused.kind)
    if pages.wants_json(request):
        return json({"kind": "file", "problem": sentence}, status=status)
    return pages.problem(request, "not_taken", status, sentence=sentence)


async def _recognise(request: Request) -> None:
    """Note whose session this is, and for their pages how the web chat stands. A session that has ended is none."""
    token = request.cookies.get(forms.SESSION)
    if token:
        state = state_of(request)
        request.ctx.account, webchat = await asyncio.to_thread(_read, state, token)
        if request.ctx.account:
            request.ctx.session, request.ctx.webchat = token, webchat


def _read(state: State, token: str) -> tuple[Account | None, Switch]:
    """Whose session it is, and how the web chat stands: read in one go, since every request waits for it."""
    return accounts.by_token(state.db, token, state.now()), switches.state(state.db, switches.WEBCHAT)


def _forget(request: Request) -> None:
    request.ctx.account = request.ctx.session = request.ctx.visit = request.ctx.webchat = None
    request.ctx.fields = request.ctx.file = None


def _refuse(request: Request, needed: frozenset[str]) -> HTTPResponse | None:
    account = request.ctx.account
    if account is None:
        had_session = bool(request.cookies.get(forms.SESSION))
        return pages.see_other("/sign-in?ended=1" if had_session else "/sign-in")
    if needed == SIGNED_IN:
        return None
    if account.must_change:
        return pages.see_other("/password")
    return None if needed & set(account.roles) else pages.problem(request, "forbidden", 403)


async def _finish(request: Request, response: HTTPResponse) -> None:
    response.headers.update(HEADERS)
    if getattr(request.ctx, "visit", None):
        forms.set_cookie(request, response, forms.VISIT, request.ctx.visit)


async def _explain(request: Request, error: Exception) -> HTTPResponse:
    """A page in plain words for every error. The log gets where it happened, not what anybody wrote."""
    if not hasattr(request.ctx, "account"):
        _forget(request)
    status = error.status_code if isinstance(error, SanicException) and error.status_code else 500
    if status >= 500:
        place = "".join(traceback.format_tb(error.__traceback__))
        logger.error("%s while answering a request\n%s", type(error).__name__, place)
    kinds = {403: "forbidden", 404: "not_found", 405: "not_found"}
    kind = "failed" if status >= 500 else kinds.get(status, "bad_request")
    response = pages.problem(request, kind, status)
    response.headers.update(getattr(error, "headers", {}))
    return response
