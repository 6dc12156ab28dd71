"""``clean`` in a process of its own, so that no file can stop, slow down or kill what answers people.

A decoder may run for ever (a JPEG of ten thousand scans), take all memory or crash; the limits that hold against
that are the kernel's, and they are a process's (``worker``). It gets no environment, hence none of our secrets. It
stays our user's process: this bounds what a file can cost, it is no jail.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
from collections.abc import Collection
from pathlib import Path

from bot.uploads.cleaning import Clean, check
from bot.uploads.refused import Refused

logger = logging.getLogger(__name__)

AT_ONCE = 2  # each takes a core, and up to a GB for the largest pictures
SECONDS = 30.0  # a browser's patience, waiting for a turn included
TRY_AGAIN = 30
_ROOT = Path(__file__).parents[2]
_COMMAND = (sys.executable, "-E", "-s", "-W", "ignore", "-m", "bot.uploads.worker")


class Cleaner:
    """Cleans files, ``at_once`` at a time. One for each application."""

    def __init__(self, at_once: int = AT_ONCE, seconds: float = SECONDS) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._seconds = seconds

    async def clean(self, data: bytes, kinds: Collection[str]) -> Clean:
        """As ``cleaning.clean``. Raises Refused too, ``unavailable`` when this machine has too much to do."""
        check(data, kinds)
        try:
            async with asyncio.timeout(self._seconds), self._turns:
                return await _run(data, kinds)
        except OSError as error:  # no more processes or memory; TimeoutError is one too
            logger.error("A file that somebody sent could not be read now: %r", error)
            raise Refused("unavailable", retry_after=TRY_AGAIN) from None


async def _run(data: bytes, kinds: Collection[str]) -> Clean:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *_COMMAND, *kinds, cwd=_ROOT, env={}, stdin=pipe, stdout=pipe, stderr=pipe
    )
    try:
        output, errors = await process.communicate(data)
    finally:
        with contextlib.suppress(ProcessLookupError):  # it is gone, unless nobody waits for it any longer
            process.kill()
        code = await process.wait()
    if code < 0:  # by a signal: the file's doing
        logger.warning("A file that somebody sent ended its reader by signal %s", -code)
        raise Refused("upload_broken")
    return _read(output, errors)


def _read(output: bytes, errors: bytes) -> Clean:
    """What the worker says. Raises the Refused that it tells, and ``unavailable`` when it could not do its work."""
    head, _, body = output.partition(b"\n")
    try:
        said = json.loads(head)
        refused = said.get("refused")
        made = Clean(body, said["media_type"], said["width"], said["height"]) if refused is None else None
    except (AttributeError, KeyError, ValueError):
        logger.error("The reader of uploads failed: %s", errors.decode("utf-8", "replace")[-2000:])
        raise Refused("unavailable", retry_after=TRY_AGAIN) from None
    if made is None:
        raise Refused(refused)
    return made
