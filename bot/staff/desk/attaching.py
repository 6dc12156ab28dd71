"""A file that staff send with a message: taken as a resident's is, and described for those who cannot see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.staff.state import State
from bot.store import uploads
from bot.store.messages import Attachment
from bot.uploads import files
from bot.uploads.cleaning import DOCUMENT, PDF, PHOTO, SUFFIXES, check
from bot.uploads.multipart import File

CHANNELS = frozenset(("webchat",))  # whose residents can be shown a file
KINDS = (PHOTO, DOCUMENT)
LONGEST_DESCRIPTION = 300  # characters; more is a message


def problem(file: File | None, description: str, channel: str) -> str:
    """What is wrong at first sight, as a kind of bot.notices.told; "" for nothing. Raises Refused as ``check``."""
    if len(description) > LONGEST_DESCRIPTION:
        return "description_too_long"
    if file is None:
        return "no_file" if description else ""
    if channel not in CHANNELS:
        return "no_files_here"
    return "no_description" if check(file.data, KINDS) == PHOTO and not description else ""


@asynccontextmanager
async def kept(state: State, file: File, description: str) -> AsyncIterator[Attachment]:
    """The file made safe and kept. What is in no message when the block ends goes again. Raises Refused."""
    cleaned = await state.cleaner.clean(file.data, KINDS)
    upload = await asyncio.to_thread(files.save, cleaned.data)
    name = _named(file.name) if cleaned.media_type == PDF else ""
    try:
        yield Attachment(
            upload, cleaned.media_type, len(cleaned.data), name, description, cleaned.width, cleaned.height
        )
    finally:
        if await asyncio.to_thread(uploads.by_id, state.db, upload) is None:
            await asyncio.to_thread(files.remove, upload)


def _named(name: str) -> str:
    """The name of a document, which ends as its content says."""
    suffix = SUFFIXES[PDF]
    return name if name.lower().endswith(suffix) else f"{name or DOCUMENT}{suffix}"
