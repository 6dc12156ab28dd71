"""The page's own files (style, script, icon) and how long a browser may keep them.

A page names a file with a hash of its content in the query, so that it can be kept for ever and is fetched anew
the moment it changes. The council's colour is one more file, since the page's policy allows no style in it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static/chat/"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Asset:
    """One file: its bytes, its type and its version."""

    body: bytes
    type: str
    version: str


def _asset(name: str, body: bytes) -> Asset:
    return Asset(body, _TYPES[Path(name).suffix], hashlib.sha256(body).hexdigest()[:12])


class Assets:
    """The files by name, read once."""

    def __init__(self, made: dict[str, str], folder: Path = FOLDER) -> None:
        read = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in _TYPES}
        bodies = read | {name: text.encode() for name, text in made.items()}
        self._assets = {name: _asset(name, body) for name, body in bodies.items()}

    def url(self, name: str) -> str:
        """The address of a file, its version included."""
        return f"{PREFIX}{name}?v={self._assets[name].version}"

    def answer(self, request: Request, name: str) -> HTTPResponse:
        """The answer to a request for the file ``name``."""
        asset = self._assets.get(name)
        if asset is None:
            return empty(404)
        is_current = request.args.get("v") == asset.version
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if is_current else "no-cache",
            "ETag": f'"{asset.version}"',
            "X-Content-Type-Options": "nosniff",
        }
        if request.headers.get("if-none-match") == headers["ETag"]:
            return empty(304, headers=headers)
        return raw(asset.body, headers=headers, content_type=asset.type)
