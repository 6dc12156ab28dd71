"""What the chat page shows: the ledger's messages as its templates need them, and every answer's security headers.

Apart from page.py so that routes hold no presentation; the templates hold no logic beyond choosing and repeating.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sanic.response import HTTPResponse
from sanic.response import html as html_response

from bot.clock import LONDON
from bot.council import council
from bot.store.messages import RESIDENT, Choice, Message
from bot.text.say import clock, day
from channels.webchat import render
from channels.webchat.assets import Assets
from channels.webchat.chat import MAX_LENGTH, Page
from channels.webchat.forms import signature
from channels.webchat.words import words

TEMPLATES = Path(__file__).parent / "templates"
# Nothing from elsewhere, nothing inline (CSP level 3). The referrer goes to ourselves only, since without one
# browsers send "Origin: null" with a form, which could not be told from a stranger's.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Shown:
    """One message as the page shows it."""

    seq: int
    sender: str
    label: str
    html: Markup
    at: str
    time: str
    choices: tuple[Choice, ...]
    is_latest: bool


@dataclass(frozen=True)
class Form:
    """The hidden fields of a form. Each form has an id of its own: sent twice, it counts once."""

    signature: str

    def new_id(self) -> str:
        return str(uuid.uuid4())


@dataclass(frozen=True)
class About:
    """The council as header and contact routes show it."""

    name: str
    website: str
    phone: str
    hours: str
    is_demonstration: bool


def show(page: Page) -> list[Shown]:
    """A page's messages; the resident's last one is where a browser without JavaScript goes on reading."""
    asked = [message.seq for message in page.messages if message.sender == RESIDENT]
    return [_show(message, bool(asked) and message.seq == asked[-1]) for message in page.messages]


def _show(message: Message, is_latest: bool) -> Shown:
    at = message.at.astimezone(LONDON)
    return Shown(
        seq=message.seq,
        sender=message.sender,
        label=words()["page"][message.sender],
        html=Markup(render.html(message.sender, message.text)),  # made safe there
        at=at.isoformat(timespec="seconds"),
        time=clock(at.time()),
        choices=message.choices,
        is_latest=is_latest,
    )


def transcript(page: Page, now: datetime) -> str:
    """The whole chat as plain text."""
    said = words()
    lines = [said["transcript"]["title"], f"{said['transcript']['saved']} {_moment(now)}", ""]
    for message in page.messages:
        lines += [f"{said['page'][message.sender]} ({_moment(message.at.astimezone(LONDON))})", message.text]
        lines += [f"- {choice.title}" for choice in message.choices]
        lines.append("")
    return "\n".join(lines)


def _moment(at: datetime) -> str:
    return f"{day(at.date())} {at.year}, {clock(at.time())}"


def _about() -> About:
    known = council().placeholders()
    return About(
        name=known["council.name"],
        website=known["council.website"],
        phone=known["council.phone"],
        hours=known["council.hours"],
        is_demonstration=bool(council().unchecked()),
    )


class View:
    """Renders the pages."""

    def __init__(self, assets: Assets) -> None:
        loader = FileSystemLoader(TEMPLATES)
        self._templates = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._assets = assets

    def page(self, template: str, cookie: str, status: int = 200, **values: Any) -> HTTPResponse:
        """An answer made from a template, for a browser with this form cookie."""
        text = self._templates.get_template(template).render(
            words=words(),
            assets=self._assets,
            council=_about(),
            form=Form(signature(cookie)),
            limit=MAX_LENGTH,
            **values,
        )
        return html_response(text, status, headers=HEADERS)

    def notice(self, cookie: str, title: str, paragraphs: list[str], link: str, status: int = 200) -> HTTPResponse:
        """A page that only tells something."""
        return self.page("notice.html", cookie, status, title=title, paragraphs=paragraphs, link=link)
