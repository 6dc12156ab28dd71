"""The widget: the one script that a council's website loads to have the chat on every page (docs/embedding.md).

Its source is the ES modules of embed/. A website needs a single classic script, since only such a script can tell
where it came from, and only a single file can be held to a hash (SRI). So the modules are put one after another
when the process starts, with the words of every language and the council's colour.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

from bot.council import council
from channels.webchat.assets import PREFIX
from channels.webchat.colours import stylesheet
from channels.webchat.words import languages

FOLDER = Path(__file__).parent / "embed"
# Each after those that it imports.
PARTS = ("language.js", "memory.js", "links.js", "place.js", "view.js", "channel.js", "widget.js")
# Where the quick exit leads. The chat in its frame can ask to leave, and cannot choose where to.
LEAVE = "https://www.bbc.co.uk/weather"
_SHORT = "public, max-age=300"
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Script:
    """The script as it is served."""

    body: bytes

    @property
    def version(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:12]

    @property
    def address(self) -> str:
        """Where this version is, and no other."""
        return f"{PREFIX}widget-{self.version}.js"


def add_routes(blueprint: Blueprint) -> None:
    """Add the script: at an address that lasts, and at one of this version."""
    script = make_script()
    for path, caching, name in (("/widget.js", _SHORT, "widget"), (script.address, _FOR_EVER, "widget_version")):
        blueprint.add_route(partial(_answer, script=script, caching=caching), path, methods=["GET"], name=name)


def make_script() -> Script:
    """The script with everything that it needs in it."""
    colours = stylesheet(council().identity.colour).replace(":root", ".surface")
    given = {
        "css": colours + _without_comments(_read("widget.css")),
        "words": {tag: _told(said["widget"], said.direction) for tag, said in languages().items()},
        "leave": LEAVE,
    }
    parts = "".join(_as_part(_read(name)) for name in PARTS)
    return Script(f'(() => {{\n"use strict";\n{parts}start({json.dumps(given)});\n}})();\n'.encode())


async def _answer(request: Request, script: Script, caching: str) -> HTTPResponse:
    headers = {
        "Cache-Control": caching,
        "ETag": f'"{script.version}"',
        # Any website may load it: that is what it is for. With SRI, browsers ask for it as for another site's data.
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if headers["ETag"] in known:
        return empty(304, headers=headers)
    return raw(script.body, headers=headers, content_type="text/javascript; charset=utf-8")


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _told(words: dict[str, str], direction: str) -> dict[str, Any]:
    return {**words, "direction": direction}


def _as_part(module: str) -> str:
    """A module as a part of one script: what it imports stands above it, and comments need not travel."""
    lines = (line.strip() for line in module.splitlines())
    kept = (line.removeprefix("export ") for line in lines if line and not line.startswith(("import ", "//", "/**")))
    return "".join(f"{line}\n" for line in kept)


def _without_comments(css: str) -> str:
    parts = css.split("/*")
    return parts[0] + "".join(part.partition("*/")[2] for part in parts[1:])
