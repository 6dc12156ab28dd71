"""What a resident sends besides words, where a question asks for it: a photo, a document, the device's location.

The question that it answers is known from the ledger and never from the browser, so that nothing can be sent that
was not asked for.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.network import network_of
from bot.store import messages
from bot.store import uploads as sent_files
from bot.store.conversations import Session
from bot.store.messages import Wants
from bot.store.uploads import Upload
from bot.uploads import files
from bot.uploads.apart import Cleaner
from bot.uploads.cleaning import DOCUMENT, PHOTO
from channels.messages import Location, Problem
from channels.webchat.chat import Chat, check_id
from channels.webchat.limits import take
from channels.webchat.problems import as_problems
from channels.webchat.words import words

PLACE = "place"
KINDS = {PHOTO: (PHOTO,), DOCUMENT: (PHOTO, DOCUMENT)}
ANSWER = "/answer"
SAID = {PHOTO: "sent_photo", DOCUMENT: "sent_document", PLACE: "sent_location"}


class Arrivals:
    """Takes files and places for one chat. Every method that refuses raises ``Problem``."""

    def __init__(self, chat: Chat, cleaner: Cleaner) -> None:
        self._chat = chat
        self._cleaner = cleaner

    @asynccontextmanager
    async def expect(self, session: Session, network: str) -> AsyncIterator[None]:
        """Around the reading of a file and its ``upload``: raises Problem before any of it is read, unless it may come.

        ``network`` is the client's address. While the block lasts, the file counts as one that is on its way.
        """
        self._chat.admit(session, network)
        # Where one came before, it may be coming again because its acknowledgement was lost: its id is in the body.
        if not await asyncio.to_thread(sent_files.has_any, self._chat.db, session.id):
            await self._wanted(session, PHOTO, DOCUMENT)
        limits, shared = self._chat.limits, network_of(network)
        with limits.uploading.enter(session.id), limits.network_uploading.enter(shared), limits.all_uploading.enter(""):
            take(limits.uploads, session.id)
            take(limits.network_uploads, shared)
            yield

    async def upload(self, session: Session, message_id: str, data: bytes) -> None:
        """Check a file that was expected, keep what is safe of it, and let it answer the question that asked for it."""
        check_id(message_id)
        if await self._has_file(session, message_id):
            return
        wanted = await self._wanted(session, PHOTO, DOCUMENT)
        with as_problems():
            cleaned = await self._cleaner.clean(data, KINDS[wanted.type])
            upload_id = await asyncio.to_thread(files.save, cleaned.data)
        row = Upload(upload_id, session.id, cleaned.media_type, len(cleaned.data), self._chat.now())
        await asyncio.to_thread(sent_files.add, self._chat.db, row)
        try:
            await self._answer(session, message_id, wanted, upload_id)
        except Problem:  # another message with this id came at the same time and was first
            await asyncio.to_thread(sent_files.remove, self._chat.db, upload_id)
            await asyncio.to_thread(files.remove, upload_id)
            await self._has_file(session, message_id)

    async def locate(self, session: Session, message_id: str, place: Location, network: str) -> None:
        """Let the device's location answer the question that asked for a place."""
        check_id(message_id)
        self._chat.admit(session, network)
        value = f"{place.latitude:.5f},{place.longitude:.5f}"  # a metre
        before = await self._value(session, message_id)
        if before is None:
            await self._answer(session, message_id, await self._wanted(session, PLACE), value)
        elif before != value:
            raise Problem("conflict")

    async def _has_file(self, session: Session, message_id: str) -> bool:
        """Whether this message came before, and only its acknowledgement was lost. Problem conflict if it was no file.

        That it was this very file is not asked: what is kept of a file is not what was sent.
        """
        before = await self._value(session, message_id)
        if before is None:
            return False
        sent = await asyncio.to_thread(sent_files.by_id, self._chat.db, before)
        if sent is None or sent.conversation_id != session.id:
            raise Problem("conflict")
        return True

    async def _value(self, session: Session, message_id: str) -> str | None:
        """What a message that came before gave as its answer, "" if it was words or a choice; None if none came."""
        before = await asyncio.to_thread(messages.sent_as, self._chat.db, session.id, message_id)
        if before is None:
            return None
        if not before.payload.startswith(ANSWER + "{"):  # typed words never begin with a "/"
            return ""
        return str(json.loads(before.payload.removeprefix(ANSWER)).get("value", ""))

    async def _wanted(self, session: Session, *types: str) -> Wants:
        wanted = await asyncio.to_thread(messages.wanted, self._chat.db, session.id)
        if wanted is None or wanted.type not in types:
            raise Problem("not_wanted")
        return wanted

    async def _answer(self, session: Session, message_id: str, wanted: Wants, value: str) -> None:
        said = words()["page"][SAID[wanted.type]]
        payload = ANSWER + json.dumps({"question": wanted.question, "value": value})
        await self._chat.accept(session, message_id, said, payload)
