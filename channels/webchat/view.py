"""What the pages show: the ledger's messages as the templates need them, and every answer's security headers.

Apart from page.py so that routes hold no presentation; the templates hold no logic beyond choosing and repeating.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import html as html_response

from bot.clock import LONDON
from bot.council import council
from bot.settings import settings
from bot.store.messages import RESIDENT, Choice, Message
from bot.text.say import clock, day
from channels.webchat import cookies, labels, language, render
from channels.webchat.assets import Assets
from channels.webchat.attached import Attached, attached
from channels.webchat.chat import MAX_LENGTH, Page
from channels.webchat.forms import signature
from channels.webchat.widget import LEAVE
from channels.webchat.words import Words

TEMPLATES = Path(__file__).parent / "templates"


def headers() -> dict[str, str]:
    """Nothing from elsewhere, nothing inline (CSP level 3); in frames of the websites that the settings name only.

    The referrer goes to ourselves only, since without one browsers send "Origin: null" with a form, which could not
    be told from a stranger's. Pictures may be blobs: the preview of a photo before it is sent.
    """
    return {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
            f"form-action 'self'; frame-ancestors {settings().ancestors}; base-uri 'none'"
        ),
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


@dataclass(frozen=True)
class Shown:
    """One message as the page shows it."""

    seq: int
    id: str
    sender: str
    label: str
    html: Markup
    at: str
    time: str
    moment: str
    choices: tuple[Choice, ...]
    wants: str
    attachment: Attached | None
    is_latest: bool
    is_seen: bool


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


def show(page: Page | None, words: Words) -> list[Shown]:
    """A page's messages; the resident's last one is where a browser without JavaScript goes on reading."""
    if page is None:
        return []
    asked = [message.seq for message in page.messages if message.sender == RESIDENT]
    latest = max(asked, default=0)
    seen = max((seq for seq in asked if seq <= page.state.person.seen_seq), default=0)
    return [_show(message, words, message.seq == latest, message.seq == seen) for message in page.messages]


def _show(message: Message, words: Words, is_latest: bool, is_seen: bool) -> Shown:
    at = message.at.astimezone(LONDON)
    return Shown(
        seq=message.seq,
        id=message.provider_id or "",
        sender=message.sender,
        label=labels.sender(message, words),
        html=Markup(render.html(message.sender, message.text)),  # made safe there
        at=at.isoformat(timespec="seconds"),
        time=clock(at.time()),
        moment=moment(at),
        choices=message.choices,
        wants=message.wants.type if message.wants else "",
        attachment=attached(message),
        is_latest=is_latest,
        is_seen=is_seen,
    )


def transcript(page: Page, words: Words, now: datetime) -> str:
    """The whole chat as plain text."""
    said = words["transcript"]
    lines = [said["title"], f"{said['saved']} {moment(now)}", ""]
    for message in page.messages:
        label = labels.sender(message, words)
        lines += [f"{label} ({moment(message.at)})"]
        lines += filter(None, [render.plain(message.sender, message.text), _kept(attached(message), said)])
        if message.choices:
            lines += ["", words["page"]["chosen_from"], *(f"- {choice.title}" for choice in message.choices)]
        lines.append("")
    return "\n".join(lines)


def _kept(file: Attached | None, said: Mapping[str, str]) -> str:
    """What a copy says of a file, which does not come with it."""
    return f"{said['picture' if file.is_picture else 'document']} {file.title}" if file else ""


def moment(at: datetime) -> str:
    """A moment in London as it is said: "Tuesday 24 November 2026, 10am"."""
    local = at.astimezone(LONDON)
    return f"{day(local.date())} {local.year}, {clock(local.time())}"


def time_of(at: datetime) -> str:
    """A time of day in London as it is said."""
    return clock(at.astimezone(LONDON).time().replace(second=0, microsecond=0))


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
        # What the chat page's script imports: fetched beside it rather than one after another.
        self._modules = sorted(name for name in assets.names if name.endswith(".js") and name != "chat.js")

    def text(self, template: str, request: Request, **values: Any) -> str:
        """A template, filled for a browser."""
        found: str = self._templates.get_template(template).render(
            **{
                "words": language.spoken(request),
                "languages": language.offered(),
                "assets": self._assets,
                "modules": self._modules,
                "council": _about(),
                "form": Form(signature(request.ctx.cookie)),
                "framed": cookies.is_framed(request),
                "leave": LEAVE,
                "limit": MAX_LENGTH,
                "warning_minutes": settings().session_warning_minutes,
                "problem": "",
                "is_off": False,
                **values,
            }
        )
        return found

    def page(self, template: str, request: Request, status: int = 200, **values: Any) -> HTTPResponse:
        """An answer made from a template."""
        return html_response(self.text(template, request, **values), status, headers=headers())

    def notice(
        self, request: Request, title: str, paragraphs: list[str], link: str, status: int = 200, **values: Any
    ) -> HTTPResponse:
        """A page that only tells something."""
        return self.page("notice.html", request, status, title=title, paragraphs=paragraphs, link=link, **values)
