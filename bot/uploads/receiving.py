"""A form with a file as it arrives: how much of it is read, for how long, and what is done with the rest.

For routes that stream: their handlers, or what stands before these, read the body once they know the sender.
"""

from __future__ import annotations

import asyncio

from sanic.request import Request

from bot.uploads.multipart import File, parse_multipart
from bot.uploads.refused import Refused

# Above what a file may have (cleaning.py), so that whoever sends one that is too big is told so in words.
MAX_FORM = 16_000_000
# So much of what is refused is thrown away as it comes, a long film's worth: a browser without our script reads the
# answer only when it has sent everything, and shows nothing but a broken connection if it is cut off before.
DISCARDED = 200_000_000
SECONDS = 60.0  # for a whole body: it is held in memory meanwhile


def begin(request: Request) -> None:
    """Before anything is asked about a body that may hold a file: how much of it may come.

    Whatever refuses it before it is read is answered at once. The server then throws away what still comes, instead
    of closing on it. Nothing of that is kept in memory, and who stops sending is an idle connection like any other.
    Such a connection is not used again: its limit holds for other bodies too.
    """
    stream = request.stream
    stream.keep_alive = False
    is_fit = 0 <= _length(request) <= MAX_FORM
    stream.request_max_size = stream.protocol.request_max_size = MAX_FORM if is_fit else DISCARDED


async def receive(request: Request) -> tuple[dict[str, str], File | None]:
    """The fields of the form and its file, None where none was chosen. Raises Refused.

    The body does not stay in ``request.body``: the request is there until it is answered, and the body shall go once
    it is taken apart.
    """
    length = _length(request)
    if length < 0:  # every browser tells it
        raise Refused("bad_request")
    if length > MAX_FORM:
        raise Refused("too_large")
    try:
        async with asyncio.timeout(SECONDS):
            body = b"".join([data async for data in request.stream])
    except TimeoutError:
        raise Refused("bad_request") from None
    return parse_multipart(request.headers.get("content-type", ""), body)


def _length(request: Request) -> int:
    """How many bytes the body has, as its sender says; -1 if that is not said."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdecimal() else -1
