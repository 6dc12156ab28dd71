"""Erases now and then what is left of files that are nobody's any more.

The ledger says whose a file is; "delete my chat" removes rows there, and the bytes follow at the next look. The log
gets a count and nothing that names a file.
"""

from __future__ import annotations

import asyncio
import logging

from bot.store import uploads
from bot.store.engine import Database
from bot.uploads import files

logger = logging.getLogger(__name__)

EVERY = 3600.0  # seconds


class Sweeper:
    """Sweeps at once and then every hour, beside everything else."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin; the first look does not hold up the start."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop. A look that goes on in its thread does no harm."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                count = await asyncio.to_thread(self._sweep)
            except Exception as error:  # the ledger or the disk out of reach: there is always a next hour
                logger.error("Files that people sent could not be swept: %s", type(error).__name__)
            else:
                if count:
                    logger.info("Files that were nobody's: %s erased", count)
            await asyncio.sleep(EVERY)

    def _sweep(self) -> int:
        known = uploads.ids(self._db)  # before the folder is read: see files.sweep
        return files.sweep(known)
