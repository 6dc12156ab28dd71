"""What the parts share: refusing, reading a body, and doing a write once however often it is sent."""

from __future__ import annotations

import json as codec
from collections.abc import Callable, Mapping
from datetime import date
from ipaddress import ip_address
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

BACKENDS = (
    "addresses",
    "waste",
    "cases",
    "bookings",
    "payments",
    "directory",
    "reports",
    "constraints",
    "applications",
    "notices",
    "floods",
    "elections",
    "democracy",
    "postcodes",
    "notify",
)


class Refusal(Exception):
    """A request that the council turns down."""

    def __init__(self, status: int, code: str, description: str, **more: str) -> None:
        super().__init__(code)
        self.status = status
        self.body: dict[str, Any] = {"code": code, "description": description, **more}


async def refused(request: Request, refusal: Refusal) -> HTTPResponse:
    """The answer to a refused request."""
    return json(refusal.body, refusal.status)


def only_this_machine(request: Request) -> None:
    """Turn down a caller from elsewhere, whatever address the sandbox listens on."""
    if not ip_address(request.ip).is_loopback:
        raise Refusal(403, "not_here", "This can be used on the sandbox's own machine only.")


def body_of(request: Request) -> Mapping[str, Any]:
    """The request's JSON object."""
    body = request.json
    if not isinstance(body, dict):
        raise Refusal(400, "bad_body", "A JSON object is needed.")
    return body


def text_of(body: Mapping[str, Any], field: str) -> str:
    """A text that must be there."""
    value = body.get(field)
    if not isinstance(value, str) or not value.strip():
        raise Refusal(400, "bad_field", f"The field {field} is needed.", field=field)
    return value.strip()


def texts_of(body: Mapping[str, Any], field: str) -> dict[str, str]:
    """An object of texts; empty when it is missing."""
    value = body.get(field, {})
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise Refusal(400, "bad_field", f"The field {field} must be an object of texts.", field=field)
    return value


def argument(request: Request, name: str) -> str:
    """A query parameter that must be there."""
    value = request.args.get(name, "").strip()
    if not value:
        raise Refusal(400, "bad_parameter", f"The parameter {name} is needed.", field=name)
    return value


def day_argument(request: Request, name: str) -> date:
    """A query parameter that must be an ISO date."""
    try:
        return date.fromisoformat(argument(request, name))
    except ValueError:
        raise Refusal(400, "bad_parameter", f"The parameter {name} must be a date.", field=name) from None


def whole_argument(request: Request, name: str, default: int, most: int) -> int:
    """A query parameter that must be a whole number from 0 to ``most``."""
    text = request.args.get(name, str(default))
    if not text.isdecimal() or int(text) > most:
        raise Refusal(400, "bad_parameter", f"The parameter {name} must be from 0 to {most}.", field=name)
    return int(text)


Made = tuple[int, Mapping[str, Any]]


def once(request: Request, make: Callable[[], Made], code: str = "key_used") -> HTTPResponse:
    """The answer of ``make`` to a request in JSON, as ``made_once`` gives it."""
    status, answer = made_once(request, f"{request.path} {codec.dumps(request.json, sort_keys=True)}", make, code)
    return json(answer, status)


def made_once(request: Request, asked: str, make: Callable[[], Made], code: str = "key_used") -> Made:
    """What ``make`` gives, which runs once per key: later the first answer is repeated.

    A key that comes back with another request is a mistake of the sender (422). Refusals are not kept, so that
    a write can be tried again. There is no await between looking and keeping, so that two cannot slip in.
    """
    key = request.headers.get("idempotency-key", "")
    if not key:
        return make()
    store = request.app.ctx.store
    kept = store.answer(request.path.split("/")[1], key)
    if kept is None:
        status, answer = make()
        store.keep_answer(request.path.split("/")[1], key, asked, status, answer)
        return status, answer
    if kept.asked != asked:
        raise Refusal(422, code, "This key was used for another request.", header="Idempotency-Key")
    return kept.status, kept.answer
