"""The pages on which administrators manage accounts: who there is, what they may do, where they are signed in.

A one-time password is in the one answer that made it and nowhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound

from bot.staff import forms
from bot.staff.accounts import people_form
from bot.staff.accounts.people_form import Filled
from bot.staff.accounts.sign_in_views import with_session
from bot.staff.accounts.teams import known_teams
from bot.staff.origin import network_of
from bot.staff.pages import page, see_other
from bot.staff.permissions import ROLES
from bot.staff.state import account_of, state_of
from bot.store import administration, staff_sessions
from bot.store.accounts import Account
from bot.store.administration import GONE, Refused

ACCOUNTS = "/accounts"
ONE = f"{ACCOUNTS}/<username:str>"
_SAVED = f"{ACCOUNTS}?saved=1"
_LONGEST = 128  # of a username in an address
Fault = tuple[str, str] | None  # the field and the kind of what is wrong


def people_pages() -> Blueprint:
    """The blueprint of this part."""
    blueprint = Blueprint("people")
    blueprint.add_route(_list, ACCOUNTS, name="list_accounts")
    blueprint.add_route(_show_new, f"{ACCOUNTS}/new", name="show_new_account")
    blueprint.add_route(_create, f"{ACCOUNTS}/new", methods=["POST"], name="create_account")
    blueprint.add_route(_show_one, ONE, name="show_account")
    blueprint.add_route(_change, ONE, methods=["POST"], name="change_account")
    blueprint.add_route(_reset_password, f"{ONE}/password", methods=["POST"], name="reset_password")
    blueprint.add_route(_deactivate, f"{ONE}/deactivate", methods=["POST"], name="deactivate_account")
    blueprint.add_route(_activate, f"{ONE}/activate", methods=["POST"], name="activate_account")
    blueprint.add_route(_end_session, f"{ONE}/sessions/end", methods=["POST"], name="end_session")
    blueprint.add_route(_end_sessions, f"{ONE}/sessions/end-all", methods=["POST"], name="end_sessions")
    return blueprint


async def _list(request: Request) -> HTTPResponse:
    people = await asyncio.to_thread(administration.listed, state_of(request).db)
    return page(
        request, "accounts.html", people=people, titles=dict(known_teams()), saved=bool(request.args.get("saved"))
    )


async def _show_new(request: Request) -> HTTPResponse:
    return _form(request, "account_new.html", Filled())


async def _create(request: Request) -> HTTPResponse:
    filled = people_form.read(dict(request.form or {}))
    if fault := people_form.find_fault(filled, is_new=True):
        return _form(request, "account_new.html", filled, fault)
    try:
        password = await _do(request, administration.create, filled.username, filled.details())
    except Refused as refused:
        return _form(request, "account_new.html", filled, ("username", refused.why))
    return page(request, "account_password_once.html", username=filled.username, password=password, is_new=True)


async def _show_one(request: Request, username: str) -> HTTPResponse:
    return await _one(request, await _find(request, username))


async def _change(request: Request, username: str) -> HTTPResponse:
    """Save what was filled in. Whose roles are others now signs in anew; oneself goes on with another session."""
    person = await _find(request, username)
    filled = people_form.read(dict(request.form or {}), person.username)
    if fault := people_form.find_fault(filled, is_new=False):
        return await _one(request, person, filled, fault)
    try:
        has_new_roles = await _do(request, administration.change, person.username, filled.details())
    except Refused as refused:
        return await _one(request, person, filled, ("roles", refused.why))
    if has_new_roles and person.username == account_of(request).username:
        state, network = state_of(request), network_of(request)
        token = await asyncio.to_thread(staff_sessions.replace_all, state.db, person.username, network, state.now())
        return with_session(request, token, _SAVED)
    return see_other(_SAVED)


async def _reset_password(request: Request, username: str) -> HTTPResponse:
    person = await _find(request, username)
    try:
        password = await _do(request, administration.reset_password, person.username)
    except Refused as refused:
        return await _one(request, person, fault=("password", refused.why))
    return page(request, "account_password_once.html", username=person.username, password=password, is_new=False)


async def _deactivate(request: Request, username: str) -> HTTPResponse:
    return await _turn(request, username, administration.deactivate)


async def _activate(request: Request, username: str) -> HTTPResponse:
    return await _turn(request, username, administration.activate)


async def _turn(request: Request, username: str, change: Callable[..., None]) -> HTTPResponse:
    person = await _find(request, username)
    try:
        await _do(request, change, person.username)
    except Refused as refused:
        return await _one(request, person, fault=("active", refused.why))
    return see_other(_SAVED)


async def _end_session(request: Request, username: str) -> HTTPResponse:
    person = await _find(request, username)
    await _do(request, staff_sessions.end, person.username, forms.value(request, "session"))
    return see_other(_address(person))


async def _end_sessions(request: Request, username: str) -> HTTPResponse:
    person = await _find(request, username)
    await _do(request, staff_sessions.end_all, person.username)
    return see_other(_address(person))


async def _do(request: Request, change: Callable[..., Any], *given: Any) -> Any:
    """Do something in the name of who is signed in. An account that is gone by now has no page."""
    state = state_of(request)
    try:
        return await asyncio.to_thread(change, state.db, account_of(request).username, *given, state.now())
    except Refused as refused:
        if refused.why == GONE:
            raise NotFound("no such account") from None
        raise


async def _find(request: Request, username: str) -> Account:
    """The account of an address."""
    wanted, found = unquote(username), None
    if wanted.isprintable() and len(wanted) <= _LONGEST:
        found = await asyncio.to_thread(administration.by_username, state_of(request).db, wanted)
    if found is None:
        raise NotFound("no such account")
    return found


def _address(person: Account) -> str:
    return f"{ACCOUNTS}/{quote(person.username, safe='')}"


async def _one(request: Request, person: Account, filled: Filled | None = None, fault: Fault = None) -> HTTPResponse:
    """The page of one account."""
    state = state_of(request)
    sessions = await asyncio.to_thread(staff_sessions.listed, state.db, person.username, state.now())
    shown = filled or people_form.of(person)
    return _form(request, "account.html", shown, fault, person=person, sessions=sessions, address=_address(person))


def _form(request: Request, template: str, filled: Filled, fault: Fault = None, **values: Any) -> HTTPResponse:
    status = 422 if fault else 200
    return page(
        request, template, status, filled=filled, fault=fault, all_roles=ROLES, all_teams=known_teams(), **values
    )
