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
_REPORTS = frozenset({ANALYST, SENIOR, ADMINISTRATOR})
_SENIORS = frozenset({SENIOR, ADMINISTRATOR})
_WALL = frozenset({SENIOR, ANALYST, ADMINISTRATOR})
_ADMINISTRATION = frozenset({ADMINISTRATOR})

ROUTES: Mapping[str, frozenset[str]] = {
    "GET /health": PUBLIC,
    "GET /static/<__file_uri__:path>": PUBLIC,
    "GET /sign-in": PUBLIC,
    "POST /sign-in": PUBLIC,
    "POST /sign-out": SIGNED_IN,
    "GET /password": SIGNED_IN,
    "POST /password": SIGNED_IN,
    "GET /": SIGNED_IN,  # sends each to the first page that they may open
    "GET /messages": _DESK,
    "GET /messages/closed": _DESK,
    "GET /messages/<reference:str>": _DESK,
    "POST /messages/<reference:str>/close": _DESK,
    "GET /switches": _SWITCHES,
    "GET /switches/webchat/off": _SWITCHES,
    "POST /switches/webchat/off": _SWITCHES,
    "POST /switches/webchat/on": _SWITCHES,
    # The desk's first page, its news, and the wall for team leaders.
    "GET /desk": _DESK,
    "GET /desk/list": _DESK,
    "GET /desk/events": _DESK,
    "POST /desk/presence": _DESK,
    "GET /wall": _WALL,
    "GET /wall/board": _WALL,
    "GET /wall/events": _WALL,
    # The assistant's answers, for staff to send.
    "GET /desk/answers": _DESK,
    # One conversation, the steps with it, and what is written down after it. Whose it is counts besides.
    "GET /desk/c/<conversation_id:str>": _DESK,
    "GET /desk/c/<conversation_id:str>/news": _DESK,
    "GET /desk/c/<conversation_id:str>/uploads/<upload_id:str>": _DESK,
    "POST /desk/c/<conversation_id:str>/take": _DESK,
    "POST /desk/c/<conversation_id:str>/pull": _DESK,
    "POST /desk/c/<conversation_id:str>/hand-back": _DESK,
    "POST /desk/c/<conversation_id:str>/end": _DESK,
    "POST /desk/c/<conversation_id:str>/transfer": _DESK,
    "POST /desk/c/<conversation_id:str>/requeue": _DESK,
    "POST /desk/c/<conversation_id:str>/say": _DESK,
    "POST /desk/c/<conversation_id:str>/note": _DESK,
    "POST /desk/c/<conversation_id:str>/whisper": _SENIORS,
    "POST /desk/c/<conversation_id:str>/look": _DESK,
    "POST /desk/c/<conversation_id:str>/redact": _DESK,
    "GET /desk/wrap-up/<reference:str>": _DESK,
    "POST /desk/wrap-up/<reference:str>": _DESK,
    # People and their accounts, and what was done by whom.
    "GET /sign-in/provider": PUBLIC,
    "GET /sign-in/provider/back": PUBLIC,
    "GET /accounts": _ADMINISTRATION,
    "GET /accounts/new": _ADMINISTRATION,
    "POST /accounts/new": _ADMINISTRATION,
    "GET /accounts/<username:str>": _ADMINISTRATION,
    "POST /accounts/<username:str>": _ADMINISTRATION,
    "POST /accounts/<username:str>/password": _ADMINISTRATION,
    "POST /accounts/<username:str>/deactivate": _ADMINISTRATION,
    "POST /accounts/<username:str>/activate": _ADMINISTRATION,
    "POST /accounts/<username:str>/sessions/end": _ADMINISTRATION,
    "POST /accounts/<username:str>/sessions/end-all": _ADMINISTRATION,
    "GET /audit": _ADMINISTRATION,
    # Reports, and their tables as files.
    "GET /reports": _REPORTS,
    "GET /reports/<name:str>": _REPORTS,
}


def required(method: str, path: str) -> frozenset[str] | None:
    """What a route asks for; None for a route that nobody declared. HEAD asks what GET asks."""
    return ROUTES.get(f"{'GET' if method == 'HEAD' else method} /{path.lstrip('/')}")


def may_open(roles: Iterable[str], path: str) -> bool:
    """Whether one of these roles opens the page at ``path``: no link should lead to a refusal."""
    return bool((required("GET", path) or frozenset()) & set(roles))
