"""Where the bytes of what residents sent are kept: a file each, outside everything that is served.

``var/uploads/<id>``. It stands apart because a channel writes the files and staff look at them.
"""

from __future__ import annotations

from pathlib import Path

from bot.settings import settings
from bot.text.sent import is_upload_id


def upload_path(upload_id: str) -> Path | None:
    """Where the bytes of an id are; None for what is no id, so that no path can be smuggled in."""
    return upload_folder() / upload_id if is_upload_id(upload_id) else None


def upload_folder() -> Path:
    """The folder of all of them."""
    return Path(settings().var_dir).resolve() / "uploads"
