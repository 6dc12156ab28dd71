"""Mail in the shape of GOV.UK Notify, kept instead of sent, with a page for looking at what a resident would get.

There is one service with one template, the ones that the settings name when nothing is set. As at Notify, an address
can ask for its end: ``temp-fail@simulator.notify`` and ``perm-fail@simulator.notify`` are taken and not delivered.
Ours besides: nobody at ``team-only.example`` may be written to.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, Template, select_autoescape
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, json

from actions.sandbox.answers import only_this_machine
from actions.sandbox.notify_checks import TEMPLATE, NotifyRefusal, identity_of, mail_of, need_token
from bot.clock import now

_FROM = "sandbox.council@notifications.service.gov.uk"
_PAGE = 250
_ENDS = {"temp-fail@simulator.notify": "temporary-failure", "perm-fail@simulator.notify": "permanent-failure"}
# What letters and text messages have, and mails leave empty.
_OTHERS = ("phone_number", "line_1", "line_2", "line_3", "line_4", "line_5", "line_6", "postcode", "postage")
_PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}

blueprint = Blueprint("notify", url_prefix="/notify")


@blueprint.post("/v2/notifications/email")
async def send(request: Request) -> HTTPResponse:
    """A mail, taken and kept."""
    need_token(request)
    mail, moment = mail_of(request), now().isoformat()
    status = _ENDS.get(str(mail["email_address"]).lower(), "delivered")
    times = dict.fromkeys(("created_at", "sent_at", "completed_at"), moment)
    kept = {"id": str(uuid4()), "type": "email", "status": status, **mail, **times}
    request.app.ctx.store.add("notify", kept["id"], "", kept)
    shown = _shown(request, kept)
    answer = {name: shown[name] for name in ("id", "reference", "uri", "template", "scheduled_for")}
    content = {"subject": mail["subject"], "body": mail["body"], "from_email": _FROM}
    return json({**answer, "content": content}, 201)


@blueprint.get("/v2/notifications")
async def several(request: Request) -> HTTPResponse:
    """The mails, newest first: of one ``reference``, and after ``older_than``, where these are given."""
    need_token(request)
    reference, last = request.args.get("reference", ""), request.args.get("older_than", "")
    mails = [mail for mail in _newest_first(request) if reference in ("", mail["reference"])]
    if last:
        ids = [mail["id"] for mail in mails]
        last = identity_of(last, "older_than")
        mails = mails[ids.index(last) + 1 :] if last in ids else []
    page = mails[:_PAGE]
    links = {"current": request.url}
    if page:
        query = f"reference={reference}&" if reference else ""
        links["next"] = f"{_base(request)}/v2/notifications?{query}older_than={page[-1]['id']}"
    return json({"notifications": [_shown(request, mail) for mail in page], "links": links})


@blueprint.get("/v2/notifications/<identity:str>")
async def by_id(request: Request, identity: str) -> HTTPResponse:
    """A mail, and what became of it."""
    need_token(request)
    mail = request.app.ctx.store.get("notify", identity_of(identity, "id"))
    if mail is None:
        raise NotifyRefusal(404, "NoResultFound", "No result found")
    return json(_shown(request, mail))


@blueprint.get("/sent")
async def sent(request: Request) -> HTTPResponse:
    """The page for people."""
    only_this_machine(request)
    return html(_template().render(mails=_newest_first(request)), headers=_PAGE_HEADERS)


def _newest_first(request: Request) -> list[dict[str, Any]]:
    mails = request.app.ctx.store.about("notify", "")
    return sorted(mails, key=lambda mail: str(mail["created_at"]))[::-1]


def _shown(request: Request, mail: Mapping[str, Any]) -> dict[str, Any]:
    """A mail as Notify shows it."""
    base = _base(request)
    return {
        **dict.fromkeys(_OTHERS),
        **mail,
        "uri": f"{base}/v2/notifications/{mail['id']}",
        "template": {"id": TEMPLATE, "version": 1, "uri": f"{base}/v2/template/{TEMPLATE}"},
        "created_by_name": None,
        "scheduled_for": None,
    }


def _base(request: Request) -> str:
    return f"{request.scheme}://{request.host}/notify"


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(autoescape=select_autoescape(default_for_string=True))
    return environment.from_string(Path(__file__).with_name("sent.html").read_text(encoding="utf-8"))
