"""The installation's own secret, from which signatures are made: forms of the chat page, calendar links.

Made on first use and kept in ``var/secret``, readable by its owner only. It stands apart so that every process on
the machine signs with the same one. Losing it makes open forms and calendar links invalid, and nothing else.
"""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from bot.settings import settings

_BYTES = 32


def secret() -> str:
    """The installation's secret as text."""
    return _read_or_make(Path(settings().var_dir).resolve() / "secret")


@lru_cache(maxsize=4)
def _read_or_make(path: Path) -> str:
    """The secret in ``path``. Two processes starting at once agree: the file appears whole, and only once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"secret.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(_BYTES))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first, and its secret counts
        finally:
            draft.unlink()
    text = path.read_text().strip()
    if not text:
        raise ValueError(f"The secret in {path} is empty. Delete the file and start again.")
    return text
