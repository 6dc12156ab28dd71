"""Websites to try the widget on: an ordinary one, one whose styles fight it, one that forbids nearly everything.

They load the widget as a council's website would, from the address of the chat. ``?lang=cy`` makes any of them a
page in that language.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw

from bot.settings import settings

FOLDER = Path(__file__).parent / "website"
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")

blueprint = Blueprint("site", url_prefix="/site")


@blueprint.get("/")
async def home(request: Request) -> HTTPResponse:
    """An ordinary page."""
    return _page(request, "home.html")


@blueprint.get("/bins")
async def bins(request: Request) -> HTTPResponse:
    """The page that the ordinary one leads to."""
    return _page(request, "bins.html")


@blueprint.get("/hostile")
async def hostile(request: Request) -> HTTPResponse:
    """A page whose styles would hide, cover, shrink and twist the widget if they could."""
    return _page(request, "hostile.html")


@blueprint.get("/strict")
async def strict(request: Request) -> HTTPResponse:
    """A page that may do nothing but show itself, load the widget's script and show the chat in a frame."""
    chat = settings().public
    policy = (
        f"default-src 'none'; script-src {chat}; frame-src {chat}; style-src 'self'; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'"
    )
    return _page(request, "strict.html", {"Content-Security-Policy": policy})


@blueprint.get("/site.css", name="site_style")
@blueprint.get("/hostile.css", name="hostile_style")
async def style(request: Request) -> HTTPResponse:
    """A stylesheet of these pages."""
    body = (FOLDER / request.path.rpartition("/")[2]).read_bytes()
    return raw(body, content_type="text/css; charset=utf-8")


def _page(request: Request, name: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    asked = request.args.get("lang", "")
    language = asked if _LANGUAGE.fullmatch(asked) else "en-GB"
    text = _templates().get_template(name).render(chat=settings().public, language=language)
    return html(text, headers={"Cache-Control": "no-cache", **(headers or {})})


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
