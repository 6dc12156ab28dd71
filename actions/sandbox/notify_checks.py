"""What the sandbox's Notify turns down: a token that is not signed with our key, and a mail that cannot be sent.

The sentences are Notify's own, as far as it publishes them; its clients go by the status and the name of the error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenDecodeError, TokenError, TokenExpiredError
from sanic.exceptions import InvalidUsage
from sanic.request import Request

from actions.sandbox.answers import Refusal
from bot.settings import Settings

# Not settings(): to another key and another template this service answers as Notify would.
_DEFAULTS = Settings()
_SERVICE, _SECRET = _DEFAULTS.notify_key[-73:-37], _DEFAULTS.notify_key[-36:]
TEMPLATE = _DEFAULTS.notify_transcript_template
_PLACES = ("subject", "body")
_MOST_BYTES = 2_000_000
_TEAM_ONLY = "@team-only.example"
_LOCAL, _LABEL = r"[a-z0-9_.!#$%&'*+/=?^`{|}~-]+", r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ADDRESS = re.compile(rf"(?!.*\.\.)(?=.{{,320}}$){_LOCAL}@(?:{_LABEL}\.)+[a-z]{{2,63}}", re.IGNORECASE)


class NotifyRefusal(Refusal):
    """A refusal in Notify's form."""

    def __init__(self, status: int, error: str, *messages: str) -> None:
        super().__init__(status, error, "")
        self.body = {"status_code": status, "errors": [{"error": error, "message": message} for message in messages]}


def need_token(request: Request) -> None:
    """Notify's own library checks the token, as it does at Notify: signed with the secret, within 30 seconds."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotifyRefusal(401, "AuthError", "Unauthorized: authentication token must be provided")
    try:
        if get_token_issuer(token) != _SERVICE:
            raise NotifyRefusal(403, "AuthError", "Invalid token: service not found")
        decode_jwt_token(token, _SECRET)
    except TokenExpiredError:
        message = "Error: Your system clock must be accurate to within 30 seconds"
        raise NotifyRefusal(403, "AuthError", message) from None
    except TokenDecodeError:
        raise NotifyRefusal(403, "AuthError", "Invalid token: API key not found") from None
    except TokenError:
        raise NotifyRefusal(403, "AuthError", "Invalid token") from None


def mail_of(request: Request) -> dict[str, str | None]:
    """The mail that is asked for: address, reference, subject and body."""
    try:
        form = request.json
    except InvalidUsage:
        form = None
    if not isinstance(form, dict):
        raise NotifyRefusal(400, "BadRequestError", "Invalid JSON supplied in POST data")
    mistakes = list(_mistakes(form))
    if mistakes:
        raise NotifyRefusal(400, "ValidationError", *mistakes)
    values = form.get("personalisation", {})
    problem = _problem(form, values)
    if problem:
        raise NotifyRefusal(400, "BadRequestError", problem)
    address, reference = form["email_address"].strip(), form.get("reference")
    return {"email_address": address, "reference": reference, **{name: str(values[name]) for name in _PLACES}}


def identity_of(text: str, field: str) -> str:
    """The id that a text is, as Notify writes it."""
    try:
        return str(UUID(text))
    except ValueError:
        raise NotifyRefusal(400, "ValidationError", f"{field} is not a valid UUID") from None


def _mistakes(form: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the form of a request, all of it."""
    for field in ("email_address", "template_id"):
        if field not in form:
            yield f"{field} is a required property"
    for field, kind, name in (
        ("email_address", str, "string"),
        ("template_id", str, "string"),
        ("reference", str, "string"),
        ("personalisation", dict, "object"),
    ):
        if field in form and not isinstance(form[field], kind):
            yield f"{field} is not of type {name}"
    address, template = form.get("email_address"), form.get("template_id")
    if isinstance(address, str) and not _ADDRESS.fullmatch(address.strip()):
        yield "email_address Not a valid email address"
    if isinstance(template, str) and not _is_uuid(template):
        yield "template_id is not a valid UUID"


def _problem(form: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Why a request in good form cannot be done, or ""."""
    if str(UUID(form["template_id"])) != TEMPLATE:
        return "Template not found"
    missing = [name for name in _PLACES if values.get(name) is None]
    if missing:
        return f"Missing personalisation: {', '.join(missing)}"
    size = len(str(values["body"]).encode())
    if size > _MOST_BYTES:
        return f"Emails cannot be longer than {_MOST_BYTES} bytes. Your message is {size} bytes."
    if form["email_address"].strip().lower().endswith(_TEAM_ONLY):
        return "Can’t send to this recipient using a team-only API key"
    return ""


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
