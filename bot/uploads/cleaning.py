"""A file from a stranger made into one that is safe to keep and to show: recognised by its content, written anew.

Nothing of what was sent is kept as it came: not its name, not its declared type, not a byte that no decoder asked
for. Pure, and it may take long: a process that answers people calls it by ``apart``. What is refused is a Refused of
kind upload_too_large, upload_type or upload_broken.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.uploads.refused import Refused

MAX_BYTES = 10_000_000
PHOTO = "photo"
DOCUMENT = "document"
JPEG = "image/jpeg"
PDF = "application/pdf"
SUFFIXES = {JPEG: ".jpg", PDF: ".pdf"}


@dataclass(frozen=True)
class Clean:
    """A file written anew. ``width`` and ``height`` are a picture's, in pixels, 0 for a document."""

    data: bytes
    media_type: str
    width: int = 0
    height: int = 0

    @property
    def suffix(self) -> str:
        """How the name of such a file ends: ``.jpg``."""
        return SUFFIXES[self.media_type]


def kind_of(data: bytes) -> str | None:
    """What the first bytes say that a file is: photo, document, or neither."""
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return PHOTO
    return DOCUMENT if data.startswith(b"%PDF-") else None


def check(data: bytes, kinds: Collection[str]) -> str:
    """The kind of a file that is worth reading. Raises Refused for one that is refused at first sight."""
    if len(data) > MAX_BYTES:
        raise Refused("upload_too_large")
    if not data:
        raise Refused("upload_broken")
    kind = kind_of(data)
    if kind is None or kind not in kinds:
        raise Refused("upload_type")
    return kind


def clean(data: bytes, kinds: Collection[str]) -> Clean:
    """The file as one of ``kinds`` (photo, document), safe to keep and to show. Raises Refused."""
    kind = check(data, kinds)
    try:
        return _photo(data) if kind == PHOTO else _document(data)
    except Refused:
        raise
    except MemoryError:
        raise Refused("upload_too_large") from None
    except Exception as error:  # a decoder that meets nonsense raises anything: SyntaxError, KeyError, struct.error
        raise Refused("upload_broken") from error


# Each library is loaded only where it is needed: a process that reads one file should start at once.
def _photo(data: bytes) -> Clean:
    from bot.uploads.pictures import rewrite

    return Clean(*rewrite(data))


def _document(data: bytes) -> Clean:
    from bot.uploads.documents import rewrite

    return Clean(rewrite(data), PDF)
