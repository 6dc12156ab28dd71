"""GET /calendar/<token>.ics: a home's collections for the next half year, asked of the waste back end each time.

A Rasa input channel only so that the assistant's process serves it; no message ever comes in by it. It is the one
channel that may import ``actions.backends``: the feed is an answer without a conversation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw, text

from actions.backends.errors import BackendError, NotFound
from actions.backends.factory import backends
from actions.backends.waste import Collection
from bot.clock import now, today
from bot.council import council
from bot.feeds import unsign
from bot.settings import settings
from bot.text.say import day
from channels.calendar.codec import CalendarEntry, calendar
from channels.webchat.words import fill, words

_DAYS = 180
_RETRY_AFTER = 600


class CalendarInput(InputChannel):
    """Serves the feeds; see the module."""

    @classmethod
    def name(cls) -> str:
        return "calendar"

    def url_prefix(self) -> str:
        return "/calendar"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("calendar")
        blueprint.add_route(_feed, "/<file:str>", methods=["GET"])
        return blueprint


async def _feed(_request: Request, file: str) -> HTTPResponse:
    said = words()["calendar"]
    uprn = unsign(file.removesuffix(".ics")) if file.endswith(".ics") else None
    if uprn is None:
        return text(said["not_found"], 404)
    try:
        start = today()
        collections = await backends().waste.collections(uprn, start, start + timedelta(days=_DAYS))
    except NotFound:
        return text(said["not_found"], 404)
    except BackendError:
        return text(said["unavailable"], 503, headers={"Retry-After": str(_RETRY_AFTER)})
    entries = [_entry(uprn, collection) for collection in collections]
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    body = calendar(said["name"], entries, now())
    return raw(body, headers=headers, content_type="text/calendar; charset=utf-8")


def _entry(uprn: str, collection: Collection) -> CalendarEntry:
    said, slug = words()["calendar"], collection.container.type
    container = council().placeholders().get(f"container.{slug}", slug.replace("_", " "))
    description = said["description"]
    if collection.date != collection.scheduled:
        moved = fill(said["moved"], {"day": day(collection.scheduled), "reason": collection.reason})
        description = f"{moved.strip()}\n{description}"
    home = hashlib.sha256(uprn.encode()).hexdigest()[:16]
    host = settings().public.partition("://")[2].partition(":")[0]
    return CalendarEntry(
        day=collection.date,
        key=f"{collection.scheduled:%Y%m%d}-{slug}-{home}@{host}",
        summary=fill(said["summary"], {"container": container}),
        description=description,
        reminder=fill(said["reminder"], {"container": container}),
    )
