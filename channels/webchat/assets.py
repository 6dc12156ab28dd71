"""The page's own files (style, scripts, logo) and how long a browser may keep them.

A page names a file with a hash in the query, so that it can be kept for ever and is fetched anew the moment anything
changes. All files share one hash, which is also put into the scripts' imports of each other: a browser never mixes
scripts of two versions. The council's colour is one more file, since the page's policy allows no style in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
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
_IMPORT = re.compile(rb'(from "\./[a-z]+\.js)"')


@dataclass(frozen=True)
class Asset:
    """One file: its bytes and its type."""

    body: bytes
    type: str


class Assets:
    """The files by name, read once; ``made`` are those that are not in the folder."""

    def __init__(self, made: dict[str, str], folder: Path = FOLDER) -> None:
        read = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in _TYPES}
        bodies = read | {name: text.encode() for name, text in made.items()}
        whole = hashlib.sha256()
        for name in sorted(bodies):
            whole.update(name.encode() + b"\0" + bodies[name] + b"\0")
        self.version = whole.hexdigest()[:12]
        versioned = rb'\1?v=%s"' % self.version.encode()
        self._assets = {
            name: Asset(_IMPORT.sub(versioned, body), _TYPES[Path(name).suffix]) for name, body in bodies.items()
        }

    @property
    def names(self) -> Iterable[str]:
        return self._assets.keys()

    def url(self, name: str) -> str:
        """The address of a file, its version included. KeyError for an unknown one."""
        _ = self._assets[name]
        return f"{PREFIX}{name}?v={self.version}"

    def answer(self, request: Request, name: str) -> HTTPResponse:
        """The answer to a request for the file ``name``."""
        asset = self._assets.get(name)
        if asset is None:
            return empty(404)
        is_current = request.args.get("v") == self.version
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if is_current else "no-cache",
            "ETag": f'"{self.version}"',
            "X-Content-Type-Options": "nosniff",
        }
        if request.headers.get("if-none-match") == headers["ETag"]:
            return empty(304, headers=headers)
        return raw(asset.body, headers=headers, content_type=asset.type)
