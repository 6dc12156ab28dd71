"""What a request says about where it comes from, as far as that can be believed."""

from __future__ import annotations

from urllib.parse import urlsplit

from sanic.request import Request

from bot.network import client_address
from bot.settings import settings
from channels.messages import Problem
from channels.webchat.forms import is_from_us


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
