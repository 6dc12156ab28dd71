"""What a form sends, the token in it, which another site's page cannot know (CSRF), and the cookies that it rests on.

SameSite=Strict alone is not enough: a cookie takes no notice of ports, so the chat page on the same machine is the
"same site". The token is the signature of the session's cookie; before signing in, of a cookie for the visit.
"""

from __future__ import annotations

import secrets

from itsdangerous import Signer
from sanic import HTTPResponse, Request

from bot.staff.state import state_of
from bot.uploads import receiving
from bot.uploads.multipart import File

SESSION, VISIT = "staff", "staff_visit"
FIELD = "form_token"
WITH_FILE = "multipart/form-data"


def _bound_to(request: Request) -> str:
    """The secret of this browser that its forms are bound to; made now for a browser that has none."""
    return request.ctx.session or request.cookies.get(VISIT) or _new_visit(request)


def _new_visit(request: Request) -> str:
    request.ctx.visit = request.ctx.visit or secrets.token_urlsafe(32)
    return request.ctx.visit


def _signer(request: Request) -> Signer:
    return Signer(state_of(request).key, salt="staff form")


def token(request: Request) -> str:
    """The token for the forms of the page that answers this request."""
    return _signer(request).get_signature(_bound_to(request)).decode()


def is_genuine(request: Request) -> bool:
    """Whether the form that was sent came from a page that this browser was given."""
    return _signer(request).verify_signature(_bound_to(request), value(request, FIELD))


def expect(request: Request) -> None:
    """Before anything is asked about a form whose body is still to come: how much of it may."""
    if _streams(request):
        if _has_file(request):
            receiving.begin(request)
        else:
            request.stream.request_max_size = request.app.config.REQUEST_MAX_SIZE


async def receive(request: Request) -> None:
    """Read a form whose body is still to come, once it is known who sends it. Raises Refused, or PayloadTooLarge."""
    if _streams(request):
        if _has_file(request):
            request.ctx.fields, request.ctx.file = await receiving.receive(request)
        else:
            await request.receive_body()


def value(request: Request, name: str) -> str:
    """One field of the form that was sent; empty when it is missing."""
    return (request.ctx.fields or request.form or {}).get(name) or ""


def file(request: Request) -> File | None:
    """The file of the form that was sent; None where none was chosen."""
    return request.ctx.file


def _streams(request: Request) -> bool:
    """Whether this is a route that may take a file: it was added with ``stream``."""
    return hasattr(request.route.handler, "is_stream")


def _has_file(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == WITH_FILE


def set_cookie(request: Request, response: HTTPResponse, name: str, text: str) -> None:
    """A cookie that ends with the browser, unseen by scripts and by other sites."""
    response.cookies[name] = text
    response.cookies[name].update({"httponly": True, "samesite": "Strict", "path": "/"})
    if state_of(request).secure:  # the name alone would switch it on, whatever its value
        response.cookies[name]["secure"] = True


def remove_cookie(request: Request, response: HTTPResponse, name: str) -> None:
    set_cookie(request, response, name, "")
    response.cookies[name]["max-age"] = 0
