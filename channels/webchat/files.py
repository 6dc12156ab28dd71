"""The page's own files, and what people sent: to its resident by their session, to others by a report's signed link."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw, redirect

from bot.council import council
from bot.links import unsign_upload
from bot.settings import settings
from bot.store import uploads as sent_files
from bot.store.engine import Database
from bot.store.uploads import Upload
from bot.uploads import files
from channels.webchat.assets import PREFIX, Assets
from channels.webchat.colours import stylesheet

# What somebody sent must do nothing but be looked at, also where it is opened by itself.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}


def make_assets() -> Assets:
    """Style, scripts and logo, with what is the council's own."""
    identity = council().identity
    logo = Path(settings().data_dir) / "councils" / settings().council / identity.logo
    return Assets({"council.css": stylesheet(identity.colour), "logo.svg": logo.read_text(encoding="utf-8")})


def add_routes(blueprint: Blueprint, db: Database, assets: Assets) -> None:
    """Add the routes of both kinds of files."""

    @blueprint.get(f"{PREFIX}<name:str>", name="page_file")
    async def file(request: Request, name: str) -> HTTPResponse:
        return assets.answer(request, name)

    @blueprint.get("/favicon.ico", name="page_favicon")
    async def favicon(_request: Request) -> HTTPResponse:
        return redirect(assets.url("logo.svg"))

    @blueprint.get("/files/<token:str>", name="page_upload")
    async def upload(_request: Request, token: str) -> HTTPResponse:
        """What a resident sent, for whoever was given the link with a report."""
        upload_id = unsign_upload(token)
        sent = await asyncio.to_thread(sent_files.by_id, db, upload_id) if upload_id else None
        return await shown(sent) or empty(404)


async def shown(sent: Upload | None) -> HTTPResponse | None:
    """The bytes of a file as an answer; None when there are none, because they were erased."""
    if sent is None:
        return None
    try:
        data = await asyncio.to_thread(files.read, sent.id)
    except FileNotFoundError:
        return None
    return raw(data, content_type=sent.media_type, headers=HEADERS)
