"""The pages for signing in, signing out and choosing a password."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta

from sanic import Blueprint, HTTPResponse, Request

from bot.settings import settings
from bot.staff import forms
from bot.staff.accounts.passwords import LONGEST, find_fault
from bot.staff.origin import network_of
from bot.staff.pages import page, problem, see_other
from bot.staff.state import State, account_of, state_of
from bot.store import accounts, audit, presence, staff_sessions

_LONGEST_NAME = 128
UNKNOWN = "unknown"  # a name that nobody has is not noted: people type their password there by mistake


def sign_in_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("sign_in")
    blueprint.add_route(_show_sign_in, "/sign-in", name="show_sign_in")
    blueprint.add_route(_sign_in, "/sign-in", methods=["POST"], name="sign_in")
    blueprint.add_route(_sign_out, "/sign-out", methods=["POST"], name="sign_out")
    blueprint.add_route(_show_password, "/password", name="show_password")
    blueprint.add_route(_choose_password, "/password", methods=["POST"], name="choose_password")
    return blueprint


async def _show_sign_in(request: Request) -> HTTPResponse:
    if request.ctx.account:
        return see_other("/")
    return sign_in_page(request, ended=bool(request.args.get("ended")))


def sign_in_page(
    request: Request, status: int = 200, fault: str | None = None, username: str = "", ended: bool = False
) -> HTTPResponse:
    """The page to sign in at, with what went wrong: ``fault`` is one of those in sign_in.html."""
    provider = settings().oidc_name if settings().oidc_issuer else None
    return page(request, "sign_in.html", status, fault=fault, username=username, ended=ended, provider=provider)


async def _sign_in(request: Request) -> HTTPResponse:
    state, network, now = state_of(request), network_of(request), state_of(request).now()
    username = forms.value(request, "username").strip().lower()
    password = forms.value(request, "password")
    if not username or not password:
        fault = "no_username" if not username else "no_password"
        return sign_in_page(request, 422, fault, username)
    if wait := state.limits.take(username, network, now):
        return too_many(request, wait)
    token = None
    if username.isprintable() and len(username) <= _LONGEST_NAME and len(password) <= LONGEST:
        token = await asyncio.to_thread(accounts.sign_in, state.db, username, password, now, network)
    if token is None:
        await asyncio.to_thread(_note_failure, state, username, network)
        return sign_in_page(request, 422, "wrong", username)
    state.limits.forget(username, network)
    await asyncio.to_thread(audit.add, state.db, username, audit.SIGNED_IN, network, now)
    if request.ctx.session:  # signed in already: the older session ends, whoever's it was
        await asyncio.to_thread(staff_sessions.sign_out, state.db, request.ctx.session)
    return with_session(request, token)


def _note_failure(state: State, username: str, network: str) -> None:
    is_known = username.isprintable() and accounts.exists(state.db, username)
    actor = username if is_known else UNKNOWN
    audit.add(state.db, actor, audit.SIGN_IN_FAILED, network, state.now())


def too_many(request: Request, wait: timedelta) -> HTTPResponse:
    """The page that says how long to wait."""
    seconds = math.ceil(wait.total_seconds())
    response = problem(request, "too_many", 429, minutes=math.ceil(seconds / 60))
    response.headers["Retry-After"] = str(seconds)
    return response


def with_session(request: Request, token: str, path: str = "/") -> HTTPResponse:
    """Send the browser on with another session than before."""
    response = see_other(path)
    forms.set_cookie(request, response, forms.SESSION, token)
    forms.remove_cookie(request, response, forms.VISIT)
    return response


async def _sign_out(request: Request) -> HTTPResponse:
    state = state_of(request)
    await asyncio.to_thread(staff_sessions.sign_out, state.db, request.ctx.session)
    username = account_of(request).username
    await asyncio.to_thread(audit.add, state.db, username, audit.SIGNED_OUT, network_of(request), state.now())
    if not await asyncio.to_thread(staff_sessions.listed, state.db, username, state.now()):
        await asyncio.to_thread(presence.gone, state.db, username, state.now())
    response = see_other("/sign-in")
    forms.remove_cookie(request, response, forms.SESSION)
    return response


async def _show_password(request: Request) -> HTTPResponse:
    if account_of(request).issuer is not None:
        return page(request, "account_password.html")
    return page(request, "password.html", fault=None)


async def _choose_password(request: Request) -> HTTPResponse:
    """Change the password. The first time the old one is not asked again: it has just been used to sign in."""
    state, account, network = state_of(request), account_of(request), network_of(request)
    if account.issuer is not None:
        return page(request, "account_password.html", 409)
    current, new, again = (forms.value(request, name) for name in ("current", "new", "again"))
    if wait := state.limits.take(account.username, network, state.now()):
        return too_many(request, wait)
    if not account.must_change and not await _is_password(state, account.username, current):
        return page(request, "password.html", 422, fault=("current", "wrong"))
    state.limits.forget(account.username, network)
    if fault := find_fault(new, again, await _is_password(state, account.username, new)):
        return page(request, "password.html", 422, fault=fault)
    token = await asyncio.to_thread(accounts.change_password, state.db, account.username, new, state.now(), network)
    await asyncio.to_thread(
        audit.add, state.db, account.username, audit.PASSWORD_CHANGED, account.username, state.now()
    )
    return with_session(request, token)


async def _is_password(state: State, username: str, password: str) -> bool:
    if len(password) > LONGEST:
        return False
    return await asyncio.to_thread(accounts.is_password, state.db, username, password)
