"""Signing in with the council's own sign-in: the way there, and the way back.

A link leads there and not a form: Chromium holds form-action against redirects too. The way back is a navigation
from another site, to which no SameSite=Strict cookie comes along; hence a cookie of its own that binds it to the
browser, and a page at the end that goes on by itself, so that the next request is our own.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass, field
from functools import partial

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound

from bot.settings import settings
from bot.staff import forms
from bot.staff.accounts import provider
from bot.staff.accounts.limits import Limits
from bot.staff.accounts.pending import LASTS, Pending
from bot.staff.accounts.provider import BACK, Provider
from bot.staff.accounts.sign_in_views import UNKNOWN, sign_in_page, too_many
from bot.staff.origin import network_of
from bot.staff.pages import page, see_other
from bot.staff.state import state_of
from bot.store import audit, provider_accounts
from bot.store.provider_accounts import Person

logger = logging.getLogger(__name__)

START = "/sign-in/provider"
COOKIE = "staff_provider"
TRIES = 20  # that fail, in a quarter of an hour from one network: colleagues share one
_ANYBODY = ""  # no username is empty, so that these tries are counted by themselves


@dataclass(frozen=True)
class Gate:
    """The provider, if there is one, and the sign-ins that are on their way to it and back."""

    provider: Provider | None
    pending: Pending = field(default_factory=Pending)
    limits: Limits = field(default_factory=lambda: Limits(TRIES))

    def there(self) -> Provider:
        """The provider; no such page where there is none."""
        if self.provider is None:
            raise NotFound("there is no such sign-in")
        return self.provider


def provider_pages() -> Blueprint:
    """The blueprint of this part."""
    gate = Gate(provider.from_settings(settings()))
    blueprint = Blueprint("provider")
    blueprint.add_route(partial(_start, gate), START, name="start_at_provider")
    blueprint.add_route(partial(_come_back, gate), BACK, name="come_back_from_provider")
    return blueprint


async def _start(gate: Gate, request: Request) -> HTTPResponse:
    """Send the browser to the provider."""
    there = gate.there()
    if request.ctx.account:
        return see_other("/")
    browser = request.cookies.get(COOKIE) or secrets.token_urlsafe(32)
    state, started = gate.pending.begin(browser, state_of(request).now())
    try:
        response = see_other(await there.address(state, started))
    except provider.Down as error:
        return _down(request, error)
    _set_cookie(request, response, browser, int(LASTS.total_seconds()))
    return response


async def _come_back(gate: Gate, request: Request) -> HTTPResponse:
    """Let in whom the provider vouches for, if they have a role here."""
    there, network, now = gate.there(), network_of(request), state_of(request).now()
    if wait := gate.limits.take(_ANYBODY, network, now):
        return too_many(request, wait)
    browser = request.cookies.get(COOKIE) or ""
    started = gate.pending.take(request.args.get("state") or "", browser, now)
    if started is None or request.args.get("iss", there.issuer) != there.issuer:
        return await _refuse(request, "provider_stale", "the state is not one of ours, or not any more")
    if not request.args.get("code"):
        return await _refuse(request, "provider_denied", "the provider sent no code")
    try:
        person = await there.identify(request.args.get("code"), started)
    except provider.Down as error:
        return _down(request, error)
    except provider.Untrue as error:
        return await _refuse(request, "provider_untrue", str(error))
    response = await _let_in(request, person)
    if response.status == 200:
        gate.limits.forget(_ANYBODY, network)
    return response


async def _let_in(request: Request, person: Person) -> HTTPResponse:
    """A session for somebody who is who they say, if they have a role here and are not switched off."""
    state, network = state_of(request), network_of(request)
    if not person.roles:
        return await _refuse(request, "no_role", "no role is mapped", 403)
    token = await asyncio.to_thread(provider_accounts.sign_in, state.db, person, network, state.now())
    if token is None:
        return sign_in_page(request, 403, "switched_off")
    response = page(request, "account_signed_in.html")
    response.headers["Refresh"] = "0; url=/"
    forms.set_cookie(request, response, forms.SESSION, token)
    forms.remove_cookie(request, response, forms.VISIT)
    _set_cookie(request, response, "", 0)
    return response


def _down(request: Request, error: provider.Down) -> HTTPResponse:
    logger.error("the council's own sign-in cannot be used: %s", error)
    return sign_in_page(request, 503, "provider_down")


async def _refuse(request: Request, fault: str, why: str, status: int = 400) -> HTTPResponse:
    logger.warning("a sign-in from the council's own sign-in was refused: %s", why)
    state, network = state_of(request), network_of(request)
    await asyncio.to_thread(audit.add, state.db, UNKNOWN, audit.SIGN_IN_REFUSED, network, state.now())
    return sign_in_page(request, status, fault)


def _set_cookie(request: Request, response: HTTPResponse, text: str, seconds: int) -> None:
    """The cookie that binds a sign-in to this browser: it must come along when another site sends the browser back."""
    response.cookies[COOKIE] = text
    response.cookies[COOKIE].update({"httponly": True, "samesite": "Lax", "path": START, "max-age": seconds})
    if state_of(request).secure:
        response.cookies[COOKIE]["secure"] = True
