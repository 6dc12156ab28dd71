"""The bytes of what people sent, each in a file of its own outside everything that is served.

``var/uploads/<id>``: the name is 128 random bits and says nothing, neither a type for a server to guess by nor a
name that somebody chose. Who may see a file is for the ledger (bot/store/uploads.py) to say; nothing here asks.
A file is there whole or not at all, also after a power cut. A file that is nobody's (a crash before the ledger knew
of it, a chat that was deleted) goes with the next ``sweep``.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import stat
import time
from collections.abc import Collection
from pathlib import Path

from bot.settings import settings
from bot.text.sent import is_upload_id
from bot.uploads.refused import Refused

logger = logging.getLogger(__name__)

LEAST_FREE = 1_000_000_000  # bytes: the ledger is most likely on the same disk, and what is said comes before pictures
TRY_AGAIN = 600  # seconds: somebody has to make room
LOG_EVERY = 60.0  # seconds
_BYTES = 16
_PART = ".part"
_logged = -LOG_EVERY  # when the full disk was last logged


def save(data: bytes) -> str:
    """Keep the bytes for good; the id by which they are found again. Raises Refused unavailable on a full disk."""
    upload_id = secrets.token_hex(_BYTES)
    path = path_of(upload_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    _check_room(path.parent)
    draft = path.with_name(f"{upload_id}{_PART}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync(path.parent)
    return upload_id


def folder() -> Path:
    """Where all of them are."""
    return Path(settings().var_dir).resolve() / "uploads"


def path_of(upload_id: str) -> Path:
    """Where the bytes of an id are. Raises FileNotFoundError for what is no id, so that no path can be smuggled in."""
    if not is_upload_id(upload_id):
        raise FileNotFoundError("no id of a file")
    return folder() / upload_id


def read(upload_id: str) -> bytes:
    """The bytes of an id. Raises FileNotFoundError when there are none, because they were erased."""
    return path_of(upload_id).read_bytes()


def remove(upload_id: str) -> None:
    """Erase the bytes of an id; nothing happens when they are gone already."""
    path = path_of(upload_id)
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
        _sync(path.parent)


def sweep(known: Collection[str], older_than_seconds: float = 600) -> int:
    """Erase the files of ids that are not known, and drafts that nobody finished; how many there were.

    Only those that have lain there so long: a file is kept before the ledger knows its id. For the same reason
    ``known`` must have been read before this is called. Whatever else is in the folder is not ours to remove.
    """
    place = folder()
    if not place.is_dir():
        return 0
    latest = time.time() - older_than_seconds  # the disk's time, not the one that the assistant may pretend
    count = sum(_remove_old(path, latest) for path in place.iterdir() if _is_nobodys(path.name, known))
    if count:
        _sync(place)
    return count


def _check_room(folder: Path) -> None:
    """Raises Refused unless so much of the disk is free that files may still be kept."""
    global _logged
    free = shutil.disk_usage(folder).free
    if free >= LEAST_FREE:
        return
    if time.monotonic() - _logged >= LOG_EVERY:  # a line for each file would fill the disk too
        _logged = time.monotonic()
        logger.error("Files that people send are refused: %s has only %s MB left", folder, free // 1_000_000)
    raise Refused("unavailable", retry_after=TRY_AGAIN)


def _is_nobodys(name: str, known: Collection[str]) -> bool:
    if name.endswith(_PART):
        return is_upload_id(name.removesuffix(_PART))
    return is_upload_id(name) and name not in known


def _remove_old(path: Path, latest: float) -> bool:
    """Whether it was a file, old enough, and is gone now by our doing."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_mtime > latest:
            return False
        path.unlink()
    except FileNotFoundError:  # another process, or the end of a draft, was quicker
        return False
    return True


def _sync(folder: Path) -> None:
    """Have a file's coming or going written to the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
