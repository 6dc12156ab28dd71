"""Who may use which route: the one table. The guard refuses every route that is not in it.

A route opens to everybody (PUBLIC), to whoever is signed in even before they have chosen a password (SIGNED_IN),
or to the roles named. A role grants nothing by itself and includes no other role.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

AGENT, SENIOR, EDITOR, APPROVER, ANALYST, ADMINISTRATOR = ROLES = (
    "agent",
    "senior",
    "editor",
    "approver",
    "analyst",
    "administrator",
)
PUBLIC = frozenset({"public"})
SIGNED_IN = frozenset({"signed in"})
_DESK = frozenset({AGENT, SENIOR, ADMINISTRATOR})
_SWITCHES = frozenset({SENIOR, ADMINISTRATOR})

ROUTES: Mapping[str, frozenset[str]] = {
    "GET /health": PUBLIC,
    "GET /static/<__file_uri__:path>": PUBLIC,
    "GET /sign-in": PUBLIC,
    "POST /sign-in": PUBLIC,
    "POST /sign-out": SIGNED_IN,
    "GET /password": SIGNED_IN,
    "POST /password": SIGNED_IN,
    "GET /": _DESK,
    "GET /messages": _DESK,
    "GET /messages/closed": _DESK,
    "GET /messages/<reference:str>": _DESK,
    "POST /messages/<reference:str>/close": _DESK,
    "GET /switches": _SWITCHES,
    "GET /switches/webchat/off": _SWITCHES,
    "POST /switches/webchat/off": _SWITCHES,
    "POST /switches/webchat/on": _SWITCHES,
}


def required(method: str, path: str) -> frozenset[str] | None:
    """What a route asks for; None for a route that nobody declared. HEAD asks what GET asks."""
    return ROUTES.get(f"{'GET' if method == 'HEAD' else method} /{path.lstrip('/')}")


def may_open(roles: Iterable[str], path: str) -> bool:
    """Whether one of these roles opens the page at ``path``: no link should lead to a refusal."""
    return bool((required("GET", path) or frozenset()) & set(roles))
