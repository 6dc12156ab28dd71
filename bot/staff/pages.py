"""Templates to pages. What anybody wrote is escaped everywhere: no template marks anything as safe."""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import HTTPResponse, Request
from sanic.response import html, redirect

from bot.staff import forms
from bot.staff.desk import moments
from bot.staff.permissions import may_open


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(moment=moments.moment, clock=moments.clock, day=moments.day)
    return environment


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTTPResponse:
    """A whole page. Every page knows who is signed in, what they may open and how the web chat stands.

    It has the token for its forms too.
    """
    account = request.ctx.account
    common = {
        "account": account,
        "form_token": forms.token(request),
        "may_open": partial(may_open, account.roles if account and not account.must_change else ()),
        "path": request.path,
        "webchat": request.ctx.webchat,
    }
    return html(_templates().get_template(template).render(**common, **values), status=status)


def problem(request: Request, kind: str, status: int, **values: Any) -> HTTPResponse:
    """A page that says what went wrong: ``kind`` is one of those in problem.html."""
    return page(request, "problem.html", status, kind=kind, **values)


def see_other(path: str) -> HTTPResponse:
    """Send the browser on to another page of ours, to be read with GET."""
    return redirect(path, status=303)
