"""Payments in the shape of GOV.UK Pay, with a little page of our own where Pay's would be.

The page asks for no card: "Pay now" and "Cancel" set the status and send the person back to ``return_url``. As at
Pay, a person who cancels leaves a payment that failed with P0030, and one not paid in 90 minutes fails with P0020.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, Template, select_autoescape
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, json, redirect

from actions.sandbox.answers import Refusal, body_of, once
from bot.clock import now

_MOST = 10_000_000
_LONGEST = 255
_TIME_TO_PAY = timedelta(minutes=90)
_FINISHED = ("success", "failed", "cancelled", "error")
_PAID = {"status": "success"}
_CANCELLED = {"status": "failed", "code": "P0030", "message": "Payment was cancelled by the user"}
_EXPIRED = {"status": "failed", "code": "P0020", "message": "Payment expired"}
_PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}

blueprint = Blueprint("payments", url_prefix="/payments")


@blueprint.post("/v1/payments")
async def create(request: Request) -> HTTPResponse:
    """A new payment."""
    _need_key(request)
    body = _checked(body_of(request))

    def make() -> tuple[int, Mapping[str, Any]]:
        identity = secrets.token_hex(13)
        state = {"status": "created"}
        payment = {**body, "payment_id": identity, "created_date": now().isoformat(), "state": state}
        request.app.ctx.store.add("payments", identity, "", payment)
        return 201, _shown(request, payment)

    return once(request, make, code="P0191")


@blueprint.get("/v1/payments/<identity:str>")
async def by_id(request: Request, identity: str) -> HTTPResponse:
    """A payment as it is now."""
    _need_key(request)
    return json(_shown(request, _payment(request, identity)))


@blueprint.get("/pay/<identity:str>")
async def page(request: Request, identity: str) -> HTTPResponse:
    """The page on which a person pays; seeing it starts the payment."""
    payment = _payment(request, identity)
    if payment["state"]["status"] == "created":
        payment = request.app.ctx.store.change("payments", identity, state={"status": "started"})
    is_finished = payment["state"]["status"] in _FINISHED
    return html(_template().render(payment=payment, is_finished=is_finished), headers=_PAGE_HEADERS)


@blueprint.post("/pay/<identity:str>")
async def pay(request: Request, identity: str) -> HTTPResponse:
    """What the person chose; a payment that is finished stays as it is."""
    payment = _payment(request, identity)
    choice = (request.form or {}).get("choice")
    if choice not in ("pay", "cancel"):
        raise Refusal(400, "bad_field", "The choice is pay or cancel.", field="choice")
    if payment["state"]["status"] not in _FINISHED:
        state = _PAID if choice == "pay" else _CANCELLED
        request.app.ctx.store.change("payments", identity, state=state)
    return redirect(payment["return_url"], status=303)


def _need_key(request: Request) -> None:
    if not request.headers.get("authorization", "").startswith("Bearer "):
        raise Refusal(401, "unauthorised", "Credentials are required to access this resource")


def _checked(body: Mapping[str, Any]) -> dict[str, Any]:
    """The request's fields, or Pay's own errors: P0101 for what is missing, P0102 for what is wrong."""
    for field in ("amount", "reference", "description", "return_url"):
        if body.get(field) in (None, ""):
            raise Refusal(400, "P0101", f"Missing mandatory attribute: {field}", field=field)
    amount = body["amount"]
    if not isinstance(amount, int) or isinstance(amount, bool) or not 1 <= amount <= _MOST:
        raise _invalid("amount")
    for field in ("reference", "description"):
        if not isinstance(body[field], str) or len(body[field]) > _LONGEST:
            raise _invalid(field)
    if not isinstance(body["return_url"], str) or urlsplit(body["return_url"]).scheme not in ("http", "https"):
        raise _invalid("return_url")
    return {field: body[field] for field in ("amount", "reference", "description", "return_url")}


def _invalid(field: str) -> Refusal:
    return Refusal(422, "P0102", f"Invalid attribute value: {field}", field=field)


def _payment(request: Request, identity: str) -> dict[str, Any]:
    store = request.app.ctx.store
    payment = store.get("payments", identity)
    if payment is None:
        raise Refusal(404, "P0200", "No payment matched the payment id you provided")
    is_late = now() - datetime.fromisoformat(payment["created_date"]) > _TIME_TO_PAY
    if is_late and payment["state"]["status"] not in _FINISHED:
        return store.change("payments", identity, state=_EXPIRED)
    return payment


def _shown(request: Request, payment: Mapping[str, Any]) -> dict[str, Any]:
    """A payment as Pay shows it: the way to its page is gone once it is finished."""
    is_finished = payment["state"]["status"] in _FINISHED
    base = f"{request.scheme}://{request.host}/payments"
    links = {"self": {"href": f"{base}/v1/payments/{payment['payment_id']}", "method": "GET"}}
    if not is_finished:
        links["next_url"] = {"href": f"{base}/pay/{payment['payment_id']}", "method": "GET"}
    return {**payment, "state": {**payment["state"], "finished": is_finished}, "_links": links}


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(autoescape=select_autoescape(default_for_string=True))
    return environment.from_string(Path(__file__).with_name("pay.html").read_text(encoding="utf-8"))
