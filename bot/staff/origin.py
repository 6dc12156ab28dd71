"""From which network somebody uses the staff's pages, behind the council's own proxies."""

from __future__ import annotations

from sanic import Request

from bot import network
from bot.settings import settings

_UNKNOWN = "unknown"


def network_of(request: Request) -> str:
    """The range of the address that a request comes from; "unknown" for what has no address."""
    forwarded_for = ",".join(request.headers.getall("x-forwarded-for", []))
    return network.network_of(network.client_address(request.ip, forwarded_for, settings().proxies)) or _UNKNOWN
