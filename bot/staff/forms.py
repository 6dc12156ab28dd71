"""The token in every form, which another site's page cannot know (CSRF), and the cookies that it rests on.

SameSite=Strict alone is not enough: a cookie takes no notice of ports, so the chat page on the same machine is the
"same site". The token is the signature of the session's cookie; before signing in, of a cookie for the visit.
"""

from __future__ import annotations

import secrets

from itsdangerous import Signer
from sanic import HTTPResponse, Request

from bot.staff.state import state_of

SESSION, VISIT = "staff", "staff_visit"
FIELD = "form_token"


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


def value(request: Request, name: str) -> str:
    """One field of the form that was sent; empty when it is missing."""
    return (request.form or {}).get(name) or ""


def set_cookie(request: Request, response: HTTPResponse, name: str, text: str) -> None:
    """A cookie that ends with the browser, unseen by scripts and by other sites."""
    response.cookies[name] = text
    response.cookies[name].update({"httponly": True, "samesite": "Strict", "path": "/"})
    if state_of(request).secure:  # the name alone would switch it on, whatever its value
        response.cookies[name]["secure"] = True


def remove_cookie(request: Request, response: HTTPResponse, name: str) -> None:
    set_cookie(request, response, name, "")
    response.cookies[name]["max-age"] = 0
