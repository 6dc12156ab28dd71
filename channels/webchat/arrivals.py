"""What a resident sends besides words, where a question asks for it: a photo, a document, the device's location.

The question that it answers is known from the ledger and never from the browser, so that nothing can be sent that
was not asked for.
"""

from __future__ import annotations

import asyncio
import json

from bot.store import messages
from bot.store import uploads as sent_files
from bot.store.conversations import Session
from bot.store.messages import Wants
from bot.store.uploads import Upload
from channels.messages import Location, Problem
from channels.uploads import files
from channels.uploads.apart import Cleaner
from channels.uploads.cleaning import DOCUMENT, PHOTO
from channels.webchat.chat import Chat
from channels.webchat.limits import take
from channels.webchat.words import words

PLACE = "place"
KINDS = {PHOTO: (PHOTO,), DOCUMENT: (PHOTO, DOCUMENT)}
SAID = {PHOTO: "sent_photo", DOCUMENT: "sent_document", PLACE: "sent_location"}


class Arrivals:
    """Takes files and places for one chat. Every method that refuses raises ``Problem``."""

    def __init__(self, chat: Chat, cleaner: Cleaner) -> None:
        self._chat = chat
        self._cleaner = cleaner

    async def upload(self, session: Session, message_id: str, data: bytes, network: str) -> None:
        """Check a file, keep what is safe of it, and let it answer the question that asked for it."""
        self._chat.admit(session, message_id, network)
        if await self._is_known(session, message_id):
            return
        wanted = await self._wanted(session, PHOTO, DOCUMENT)
        take(self._chat.limits.uploads, session.id)
        cleaned = await self._cleaner.clean(data, KINDS[wanted.type])
        upload_id = await asyncio.to_thread(files.save, cleaned.data)
        row = Upload(upload_id, session.id, cleaned.media_type, len(cleaned.data), self._chat.now())
        await asyncio.to_thread(sent_files.add, self._chat.db, row)
        try:
            await self._answer(session, message_id, wanted, upload_id)
        except Problem:  # the same message came twice at once, and the other one was first
            await asyncio.to_thread(sent_files.remove, self._chat.db, upload_id)
            await asyncio.to_thread(files.remove, upload_id)

    async def locate(self, session: Session, message_id: str, place: Location, network: str) -> None:
        """Let the device's location answer the question that asked for a place."""
        self._chat.admit(session, message_id, network)
        if await self._is_known(session, message_id):
            return
        wanted = await self._wanted(session, PLACE)
        value = f"{place.latitude:.5f},{place.longitude:.5f}"  # a metre
        await self._answer(session, message_id, wanted, value)

    async def _is_known(self, session: Session, message_id: str) -> bool:
        """Whether this message came before, and only its acknowledgement was lost."""
        return await asyncio.to_thread(messages.is_known, self._chat.db, session.id, message_id)

    async def _wanted(self, session: Session, *types: str) -> Wants:
        wanted = await asyncio.to_thread(messages.wanted, self._chat.db, session.id)
        if wanted is None or wanted.type not in types:
            raise Problem("not_wanted")
        return wanted

    async def _answer(self, session: Session, message_id: str, wanted: Wants, value: str) -> None:
        said = words()["page"][SAID[wanted.type]]
        payload = "/answer" + json.dumps({"question": wanted.question, "value": value})
        await self._chat.accept(session, message_id, said, payload)
