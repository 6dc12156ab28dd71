"""What a request says about where it comes from, as far as that can be believed, and how much of it is read."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from sanic.request import Request

from bot.network import client_address
from bot.settings import settings
from channels.messages import Problem
from channels.webchat.forms import is_from_us

# Above what a file may have (channels/uploads), so that whoever sends one that is too big is told so in words: a body
# beyond this limit is cut off, and a browser without our script can show nothing but a broken connection.
MAX_UPLOAD = 16_000_000
UPLOAD_SECONDS = 60.0  # for a whole body: it is held in memory meanwhile


def address_of(request: Request) -> str:
    """The client's address; X-Forwarded-For counts from proxies of the setting TRUSTED_PROXIES only."""
    forwarded_for = ",".join(request.headers.getall("x-forwarded-for", []))  # a proxy may add a line of its own
    return client_address(request.ip, forwarded_for, settings().proxies)


def our_hosts(request: Request) -> set[str]:
    """The hosts whose pages may act with a resident's cookie."""
    return {request.host, urlsplit(settings().public).netloc}


def check_origin(request: Request) -> None:
    """Raises Problem forbidden when the browser says that another site's page sent this."""
    if not is_from_us(request.headers, our_hosts(request)):
        raise Problem("forbidden")


def begin_upload(request: Request) -> None:
    """Before anything else is asked about a body that may hold a file. Raises Problem for one without a fit length.

    Whatever refuses it before it is read is answered at once. The server then throws away what still comes, instead
    of closing on it: a browser reads the answer only when it has sent everything. Nothing of that is kept in memory,
    and who stops sending is an idle connection like any other. Such a connection is not used again: its limit holds
    for other bodies too.
    """
    stream = request.stream
    stream.keep_alive = False
    stream.request_max_size = stream.protocol.request_max_size = MAX_UPLOAD
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()):  # every browser tells it
        raise Problem("bad_request")
    if int(length) > MAX_UPLOAD:
        raise Problem("too_large")


async def receive_upload(request: Request) -> bytes:
    """The body of a route that streams. Raises Problem bad_request when it takes too long.

    Not in ``request.body``: the request is there until it is answered, and the body shall go once it is taken apart.
    """
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            return b"".join([data async for data in request.stream])
    except TimeoutError:
        raise Problem("bad_request") from None
