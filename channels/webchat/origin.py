"""What a request says about where it comes from, as far as that can be believed, and how much of it is read."""

from __future__ import annotations

from urllib.parse import urlsplit

from sanic.request import Request

from bot.settings import settings
from channels.messages import Problem
from channels.network import client_address
from channels.webchat.forms import is_from_us

# Above what a file may have (channels/uploads), so that whoever sends one that is too big is told so in words: a body
# beyond this limit is cut off, and a browser without our script can show nothing but a broken connection.
MAX_UPLOAD = 16_000_000


def address_of(request: Request) -> str:
    """The client's address; X-Forwarded-For counts from proxies of the setting TRUSTED_PROXIES only."""
    return client_address(request.ip, request.headers.get("x-forwarded-for", ""), settings().proxies)


def our_hosts(request: Request) -> set[str]:
    """The hosts whose pages may act with a resident's cookie."""
    return {request.host, urlsplit(settings().public).netloc}


def check_origin(request: Request) -> None:
    """Raises Problem forbidden when the browser says that another site's page sent this."""
    if not is_from_us(request.headers, our_hosts(request)):
        raise Problem("forbidden")


async def receive_upload(request: Request) -> None:
    """Read the body of a route that streams: more than other bodies may hold, but no more than a file may."""
    request.stream.request_max_size = MAX_UPLOAD
    await request.receive_body()
