"""The cookies of the web chat: the session's token, the form's secret, the language, and who may still rate.

A page of its own gets SameSite=Lax. In a frame on another site only SameSite=None with Partitioned (CHIPS) is sent,
which browsers keep apart for each site that has the frame; both need https. With https their names begin with
``__Host-`` (RFC 6265bis), so that no other host of the same domain can put a cookie of its own in their place.
Sanic 21.12 does not know Partitioned, hence headers written here.
"""

from __future__ import annotations

from itsdangerous import BadSignature, TimestampSigner
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.secrets import secret
from bot.settings import settings

SESSION, FRAMED_SESSION = "chat", "chat_framed"
FORM, FRAMED_FORM = "form", "form_framed"
LANGUAGE, RATE = "language", "rate"
RATE_SECONDS = 3600  # so long after its end a chat can still be rated
LANGUAGE_SECONDS = 365 * 24 * 3600


def is_framed(request: Request) -> bool:
    """Whether the answer is shown in a frame of a website: the browser says so of pages, our script of its calls."""
    return request.headers.get("sec-fetch-dest") == "iframe" or request.args.get("framed") == "1"


def name_of(name: str) -> str:
    """The name under which a browser keeps a cookie."""
    return f"__Host-{name}" if settings().secure_cookies else name


def get(request: Request, name: str) -> str | None:
    """A cookie's value."""
    found: str | None = request.cookies.get(name_of(name))
    return found


def set_cookie(response: HTTPResponse, name: str, value: str, framed: bool, seconds: int | None = None) -> None:
    """Add a cookie that no script can read; without ``seconds`` it goes when the browser is closed."""
    parts = [f"{name_of(name)}={value}", "Path=/", "HttpOnly"]
    if seconds is not None:
        parts.append(f"Max-Age={seconds}")
    if settings().secure_cookies:
        parts += ["Secure", "SameSite=None", "Partitioned"] if framed else ["Secure", "SameSite=Lax"]
    else:  # without https a cookie cannot cross sites: a frame works on the same site only
        parts.append("SameSite=Lax")
    response.headers.add("Set-Cookie", "; ".join(parts))


def set_session(response: HTTPResponse, token: str, framed: bool) -> HTTPResponse:
    """Give the browser the token of its conversation."""
    set_cookie(response, FRAMED_SESSION if framed else SESSION, token, framed)
    return response


def drop_session(response: HTTPResponse) -> HTTPResponse:
    """Take the token back, wherever it was given."""
    set_cookie(response, SESSION, "", False, 0)
    set_cookie(response, FRAMED_SESSION, "", True, 0)
    return response


def leave_nothing(response: HTTPResponse) -> HTTPResponse:
    """Take everything back: whoever comes next to this browser shall not see that there was a chat."""
    drop_session(response)
    for name, framed in ((FORM, False), (FRAMED_FORM, True), (RATE, False), (RATE, True)):
        set_cookie(response, name, "", framed, 0)
    return response


def tokens(request: Request) -> tuple[str, ...]:
    """The tokens that a browser holds, its own place's first; on the council's own site frame and page share them."""
    names = (FRAMED_SESSION, SESSION) if is_framed(request) else (SESSION, FRAMED_SESSION)
    return tuple(filter(None, (get(request, name) for name in names)))


def form_cookie(request: Request) -> str | None:
    """The secret to which the forms of this browser are bound."""
    return get(request, FRAMED_FORM if is_framed(request) else FORM)


def set_form_cookie(response: HTTPResponse, value: str, framed: bool) -> None:
    set_cookie(response, FRAMED_FORM if framed else FORM, value, framed)


def let_rate(response: HTTPResponse, conversation_id: str, framed: bool) -> None:
    """A chat that was ended can still be rated by who ended it."""
    signed = TimestampSigner(secret(), salt="rate").sign(conversation_id)
    set_cookie(response, RATE, signed.decode() if isinstance(signed, bytes) else signed, framed, RATE_SECONDS)


def may_rate(request: Request) -> str | None:
    """The conversation that this browser ended not long ago."""
    try:
        found = TimestampSigner(secret(), salt="rate").unsign(get(request, RATE) or "", max_age=RATE_SECONDS)
    except BadSignature:
        return None
    return found.decode() if isinstance(found, bytes) else str(found)
