"""Templates to pages. What anybody wrote is escaped everywhere: no template marks anything as safe.

The one exception is the council's own Markdown, which the filter ``markdown`` makes into safe HTML as residents get it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sanic import HTTPResponse, Request
from sanic.response import html, redirect

from bot.staff import forms
from bot.staff.desk import moments
from bot.staff.permissions import may_open
from bot.text import markdown


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        auto_reload=False,  # they change with the code; looking whether they did costs more than most pages
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(moment=moments.moment, clock=moments.clock, day=moments.day, markdown=_markdown)
    return environment


def _markdown(text: str) -> Markup:
    return Markup(markdown.html(text))  # made safe there


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTTPResponse:
    """A whole page. Every page knows who is signed in, what they may open and how the web chat stands.

    It has the token for its forms too.
    """
    return html(fragment(request, template, **values), status=status)


def fragment(request: Request, template: str, **values: Any) -> str:
    """A part of a page, which knows what a page does."""
    account = request.ctx.account
    common = {
        "account": account,
        "form_token": forms.token(request),
        "may_open": partial(may_open, account.roles if account and not account.must_change else ()),
        "path": request.path,
        "webchat": request.ctx.webchat,
    }
    return _templates().get_template(template).render(**common, **values)


def macro(template: str, name: str) -> Callable[..., str]:
    """A macro of a template, for what needs nothing of the page."""
    found: Callable[..., str] = getattr(_templates().get_template(template).module, name)
    return found


def problem(request: Request, kind: str, status: int, **values: Any) -> HTTPResponse:
    """A page that says what went wrong: ``kind`` is one of those in problem.html."""
    return page(request, "problem.html", status, kind=kind, **values)


def wants_json(request: Request) -> bool:
    """Whether a script of the page asks."""
    return "application/json" in request.headers.get("accept", "")


def see_other(path: str) -> HTTPResponse:
    """Send the browser on to another page of ours, to be read with GET."""
    return redirect(path, status=303)
