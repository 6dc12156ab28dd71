"""Folders of files that take long to make: each is there whole or not at all, whoever makes it at the same time."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def build_whole(target: Path, fill: Callable[[Path], None]) -> None:
    """Have ``fill`` make the files of ``target`` elsewhere and move them there at once. Raises what ``fill`` does."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
    try:
        fill(temporary)
        temporary.chmod(0o755)  # mkdtemp makes it private; other users of the machine may run the assistant
        os.rename(temporary, target)
    except OSError:
        # Another process that built at the same time may have been first: its folder is as good as ours.
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
