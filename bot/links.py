"""Links to what residents sent us: a photo, a document.

The link is a capability for the back end that is given it: it opens one file, and nobody can make one up, since it
carries a signature. It never changes, so that a request that is sent again is the same request. It stands apart
because an action gives the link and a channel serves it; when the file is deleted, the link leads nowhere.
"""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from bot.secrets import secret
from bot.settings import settings
from bot.text.sent import is_upload_id


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(secret(), salt="upload")


def upload_link(upload_id: str) -> str:
    """The address under which a back end fetches the file."""
    token = _serializer().dumps(upload_id)
    return f"{settings().public}/files/{token.decode() if isinstance(token, bytes) else token}"


def unsign_upload(token: str) -> str | None:
    """The id of the file that a token stands for; None when it is not one of ours."""
    try:
        upload_id = _serializer().loads(token)
    except BadSignature:
        return None
    return upload_id if isinstance(upload_id, str) and is_upload_id(upload_id) else None
